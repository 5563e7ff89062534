package io.turbulence.core.internal.connection;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PoolSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// One leases while another closes the registry. The second figure is how many connections are open in the end.
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "leased, and closed all the same")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "refused, because it was closed before")
@Outcome(
        id = {"1, 1", "2, 1"},
        expect = FORBIDDEN,
        desc = "a connection was left open")
@Outcome(
        id = {"1, -1", "2, -1"},
        expect = FORBIDDEN,
        desc = "a connection was closed twice")
@Outcome(expect = FORBIDDEN, desc = "leasing broke")
@State
public class CloseVersusLease {

    private final Connections connections = new Connections();
    private final Registry registry;

    public CloseVersusLease() {
        this.registry = Registry.builder()
                .service("api", new Settings(), PoolSettings.defaults())
                .json(JsonCodec.INSTANCE)
                .withoutHousekeeper()
                .build();
        try {
            registry.open(soon());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Actor
    public void leases(II_Result result) {
        try (InstanceConnections instance = registry.instance(new Holder("i", () -> "s"))) {
            instance.lease("api", connections, soon()).close();
            result.r1 = 1;
        } catch (RegistryClosedException e) {
            result.r1 = 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.r1 = -1;
        }
    }

    @Actor
    public void closes() {
        registry.close();
    }

    @Arbiter
    public void counts(II_Result result) {
        // What comes back to a closed registry is closed on a thread of its own
        long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (connections.open.get() > 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        result.r2 = connections.open.get();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(5), "test");
    }

    private record Settings() {}

    private static final class Connections implements ConnectionFactory.Exclusive<Settings, Object> {

        private static final Endpoint PLACE = Endpoint.of("none", "none", 1);

        private final AtomicInteger open = new AtomicInteger();

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Endpoint endpoint(Settings settings) {
            return PLACE;
        }

        @Override
        public Object open(Settings settings, OpenContext context) {
            open.incrementAndGet();
            return new Object();
        }

        @Override
        public void close(Object connection) {
            open.decrementAndGet();
        }
    }
}
