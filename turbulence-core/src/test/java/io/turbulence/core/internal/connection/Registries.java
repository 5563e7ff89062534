package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.SimpleJson;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Registries for tests, with one service named `api`.
final class Registries {

    static final FakePeer.Settings SETTINGS = new FakePeer.Settings("api.local");

    private Registries() {}

    static Registry.Builder builder(PoolSettings pool) {
        return Registry.builder().run("test").json(new SimpleJson()).service("api", SETTINGS, pool);
    }

    static Registry open(PoolSettings pool) throws InterruptedException {
        return open(builder(pool));
    }

    static Registry open(Registry.Builder builder) throws InterruptedException {
        Registry registry = builder.build();
        registry.open(within(Duration.ofSeconds(10)));
        return registry;
    }

    static Deadline within(Duration time) {
        return Deadline.after(time, "timeout of " + Durations.text(time));
    }

    static Deadline soon() {
        return within(Duration.ofSeconds(20));
    }

    static InstanceConnections instance(Registry registry) {
        return registry.instance(new Holder("instance-1", () -> "order"));
    }

    static <C> HeldLease<C> lease(Registry registry, ConnectionFactory<?, C> factory) throws InterruptedException {
        return instance(registry).lease("api", factory, FakePeer.PLACE, soon());
    }

    /// The defaults with some changed.
    static PoolSettings pool(UnaryOperator<Pools> change) {
        return change.apply(new Pools()).build();
    }

    /// Settings of a pool, one by one.
    static final class Pools {
        @Nullable
        Integer max;

        int min;
        PoolSettings.Scope scope = PoolSettings.Scope.RUN;
        Duration acquire = Duration.ofSeconds(30);
        Duration connect = Duration.ofSeconds(10);
        Duration idle = Duration.ofSeconds(30);
        Duration lifetime = Duration.ofMinutes(30);
        Duration check = Duration.ofSeconds(60);

        @Nullable
        Duration leakAfter;

        Map<String, PoolSettings.PerHost> perHost = Map.of();

        Pools max(int value) {
            max = value;
            return this;
        }

        Pools min(int value) {
            min = value;
            return this;
        }

        Pools scope(PoolSettings.Scope value) {
            scope = value;
            return this;
        }

        Pools acquire(Duration value) {
            acquire = value;
            return this;
        }

        Pools idle(Duration value) {
            idle = value;
            return this;
        }

        Pools lifetime(Duration value) {
            lifetime = value;
            return this;
        }

        Pools check(Duration value) {
            check = value;
            return this;
        }

        Pools leakAfter(Duration value) {
            leakAfter = value;
            return this;
        }

        Pools perHost(String host, PoolSettings.PerHost value) {
            perHost = Map.of(host, value);
            return this;
        }

        PoolSettings build() {
            return new PoolSettings(max, min, scope, acquire, connect, idle, lifetime, check, leakAfter, perHost);
        }
    }
}
