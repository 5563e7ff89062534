package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings.Scope;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForeignPoolTest {

    private final FakePeer peer = new FakePeer();
    private final ConnectionFactory<?, FakeConnection> factory = peer.pooled();

    private HeldLease<FakeConnection> lease(InstanceConnections instance) throws InterruptedException {
        return instance.lease("api", factory, FakePeer.PLACE, Registries.soon());
    }

    private static InstanceConnections instance(Registry registry, String id) {
        return registry.instance(new Holder(id, () -> "order"));
    }

    @Test
    void anInstanceKeepsItsConnectionFromStepToStep() throws Exception {
        try (Registry registry = Registries.open(
                Registries.builder(pool(p -> p.scope(Scope.INSTANCE))).concurrency(2))) {
            try (InstanceConnections a = instance(registry, "a");
                    InstanceConnections b = instance(registry, "b")) {
                FakeConnection own;
                try (HeldLease<FakeConnection> lease = lease(a)) {
                    own = lease.connection();
                }
                try (HeldLease<FakeConnection> lease = lease(b)) {
                    assertThat(lease.connection()).isNotSameAs(own);
                }
                try (HeldLease<FakeConnection> lease = lease(a)) {
                    assertThat(lease.connection()).isSameAs(own);
                }
                assertThat(registry.figures().getFirst().max()).isEqualTo(2);
            }
        }
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void whatAnInstanceKeptIsFreeForAnotherWhenItEnds() throws Exception {
        try (Registry registry =
                        Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(1)));
                InstanceConnections b = instance(registry, "b")) {
            try (InstanceConnections a = instance(registry, "a")) {
                lease(a).close();
                assertThatThrownBy(
                                () -> b.lease("api", factory, FakePeer.PLACE, Registries.within(Duration.ofMillis(50))))
                        .hasMessageContaining("no connection free");
            }
            lease(b).close();
        }
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void whatWasBrokenIsNotKept() throws Exception {
        try (Registry registry = Registries.open(
                        Registries.builder(pool(p -> p.scope(Scope.INSTANCE))).concurrency(1));
                InstanceConnections a = instance(registry, "a")) {
            FakeConnection broken;
            try (HeldLease<FakeConnection> lease = lease(a)) {
                broken = lease.connection();
                lease.invalidate();
            }
            try (HeldLease<FakeConnection> lease = lease(a)) {
                assertThat(lease.connection()).isNotSameAs(broken);
            }
        }
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void stepsSideBySideHaveOneConnectionEach() throws Exception {
        try (Registry registry = Registries.open(
                        Registries.builder(pool(p -> p.scope(Scope.INSTANCE))).concurrency(2));
                InstanceConnections a = instance(registry, "a");
                HeldLease<FakeConnection> one = lease(a);
                HeldLease<FakeConnection> two = lease(a)) {
            assertThat(one.connection()).isNotSameAs(two.connection());
        }
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void whoFindsAConnectionDoesNotWaitForOne() throws Exception {
        try (Registry registry = Registries.open(pool(p -> p.max(1)));
                InstanceConnections a = instance(registry, "a")) {
            try (HeldLease<FakeConnection> first = lease(a)) {
                assertThat(first.openNanos()).isNotNegative();
            }
            try (HeldLease<FakeConnection> second = lease(a)) {
                assertThat(second.reused()).isTrue();
            }
            PoolFigures figures = registry.figures().getFirst();
            assertThat(figures.opened()).isEqualTo(1);
            assertThat(figures.reused()).isEqualTo(1);
            assertThat(figures.waitingMax()).isZero();
        }
    }

    @Test
    void eachStepHasANewConnection() throws Exception {
        try (Registry registry = Registries.open(
                        Registries.builder(pool(p -> p.scope(Scope.STEP))).concurrency(1));
                InstanceConnections a = instance(registry, "a")) {
            lease(a).close();
            lease(a).close();
            lease(a).close();
            assertThat(peer.opened).hasValue(3);
            assertThat(registry.figures().getFirst().reused()).isZero();
        }
        assertThat(peer.open).hasValue(0);
    }
}
