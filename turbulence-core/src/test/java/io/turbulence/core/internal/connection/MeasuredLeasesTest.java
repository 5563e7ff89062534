package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static io.turbulence.core.internal.connection.Registries.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings.Scope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is asked for by who does not count, as a warm-up, is in no figure of what was asked for.
@Timeout(30)
class MeasuredLeasesTest {

    private final FakePeer peer = new FakePeer();

    private static InstanceConnections instance(Registry registry, boolean measured) {
        return registry.instance(new Holder("i", () -> "order", measured));
    }

    private static HeldLease<FakeConnection> lease(
            InstanceConnections instance, ConnectionFactory<?, FakeConnection> factory) throws InterruptedException {
        return instance.lease("api", factory, FakePeer.PLACE, Registries.soon());
    }

    @Test
    void areCountedInEveryModeAlone() throws Exception {
        for (ConnectionFactory<?, FakeConnection> factory :
                List.of(peer.exclusive(), peer.shared(), peer.pooled(), peer.negotiated())) {
            for (Scope scope : Scope.values()) {
                try (Registry registry = Registries.open(
                                Registries.builder(pool(p -> p.scope(scope))).concurrency(2));
                        InstanceConnections warm = instance(registry, false);
                        InstanceConnections measured = instance(registry, true)) {
                    lease(warm, factory).close();
                    lease(warm, factory).close();
                    assertThat(registry.figures().getFirst().leases()).isZero();
                    assertThat(registry.figures().getFirst().reused()).isZero();
                    warm.close();
                    lease(measured, factory).close();
                    PoolFigures figures = registry.figures().getFirst();

                    assertThat(figures.leases()).isOne();
                    assertThat(figures.waitMs().buckets().count()).isOne();
                    assertThat(figures.opened()).isPositive();
                    if (scope == Scope.RUN) {
                        assertThat(figures.reused()).as(factory.toString()).isOne();
                    }
                }
            }
        }
    }

    @Test
    void waitsAreTheirsAlone() throws Exception {
        for (ConnectionFactory<?, FakeConnection> factory : List.of(peer.exclusive(), peer.pooled())) {
            try (Registry registry = Registries.open(pool(p -> p.max(1)));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    InstanceConnections warm = instance(registry, false);
                    InstanceConnections measured = instance(registry, true)) {
                HeldLease<FakeConnection> held = lease(warm, factory);
                assertThatThrownBy(() -> warm.lease("api", factory, FakePeer.PLACE, within(Duration.ofMillis(50))))
                        .isInstanceOf(AcquireTimeoutException.class);
                Future<HeldLease<FakeConnection>> waits = threads.submit(() -> lease(warm, factory));
                eventually("somebody waits", () -> registry.figures().getFirst().waiting() == 1);
                held.close();
                waits.get(10, TimeUnit.SECONDS).close();
                lease(measured, factory).close();
                PoolFigures figures = registry.figures().getFirst();

                assertThat(figures.waitingMax()).isZero();
                assertThat(figures.errorRate()).isZero();
                assertThat(figures.waitMs().max()).isLessThan(50);
                assertThat(figures.waitMs().buckets().count()).isOne();
            }
        }
    }
}
