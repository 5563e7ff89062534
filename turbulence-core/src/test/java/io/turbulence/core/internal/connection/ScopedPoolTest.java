package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings.Scope;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScopedPoolTest {

    private final FakePeer peer = new FakePeer();
    private final ConnectionFactory<?, FakeConnection> factory = peer.exclusive();

    private HeldLease<FakeConnection> lease(InstanceConnections instance) throws InterruptedException {
        return instance.lease("api", factory, FakePeer.PLACE, Registries.soon());
    }

    private static InstanceConnections instance(Registry registry, String id) {
        return registry.instance(new Holder(id, () -> "order"));
    }

    @Test
    void anInstanceKeepsItsConnectionAndClosesItAtItsEnd() throws Exception {
        try (Registry registry = Registries.open(
                Registries.builder(pool(p -> p.scope(Scope.INSTANCE))).concurrency(2))) {
            FakeConnection own;
            try (InstanceConnections a = instance(registry, "a");
                    InstanceConnections b = instance(registry, "b")) {
                try (HeldLease<FakeConnection> lease = lease(a)) {
                    own = lease.connection();
                }
                try (HeldLease<FakeConnection> lease = lease(b)) {
                    assertThat(lease.connection()).isNotSameAs(own);
                }
                try (HeldLease<FakeConnection> lease = lease(a)) {
                    assertThat(lease.connection()).isSameAs(own);
                    assertThat(lease.reused()).isTrue();
                }
                assertThat(registry.figures().getFirst().max()).isEqualTo(2);
            }
            eventually("both are closed", () -> peer.open.get() == 0);
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
            assertThat(peer.mostOpen).hasValue(1);
        }
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void closesTheOldestIdleOneWhenTheLimitIsReached() throws Exception {
        try (Registry registry =
                Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(2)))) {
            InstanceConnections a = instance(registry, "a");
            InstanceConnections b = instance(registry, "b");
            InstanceConnections c = instance(registry, "c");
            HeldLease<FakeConnection> first = lease(a);
            FakeConnection oldest = first.connection();
            first.close();
            HeldLease<FakeConnection> second = lease(b);
            FakeConnection newer = second.connection();
            second.close();
            try (HeldLease<FakeConnection> third = lease(c)) {
                assertThat(oldest.closes).hasValue(1);
                assertThat(newer.closes).hasValue(0);
                assertThat(third.reused()).isFalse();
            }
            assertThat(registry.figures().getFirst().evicted().overLimit()).isEqualTo(1);
            assertThat(peer.mostOpen).hasValue(2);
        }
    }

    @Test
    void givesUpItsIdleConnectionForWhoWaits() throws Exception {
        try (Registry registry =
                        Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(1)));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            InstanceConnections a = instance(registry, "a");
            InstanceConnections b = instance(registry, "b");
            HeldLease<FakeConnection> held = lease(a);
            Future<HeldLease<FakeConnection>> waiting = threads.submit(() -> lease(b));
            ExclusivePoolTest.awaitWaiting(registry, 1);
            held.close();
            waiting.get(10, TimeUnit.SECONDS).close();
            assertThat(peer.mostOpen).hasValue(1);
        }
    }

    @Test
    void leavesAConversationToItsInstanceWhoeverWaits() throws Exception {
        ConnectionFactory<?, FakeConnection> conversing = peer.conversing();
        try (Registry registry =
                        Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(1)));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            InstanceConnections a = instance(registry, "a");
            InstanceConnections b = instance(registry, "b");
            HeldLease<FakeConnection> held = a.lease("api", conversing, FakePeer.PLACE, Registries.soon());
            FakeConnection talk = held.connection();
            Future<HeldLease<FakeConnection>> waiting =
                    threads.submit(() -> b.lease("api", conversing, FakePeer.PLACE, Registries.soon()));
            ExclusivePoolTest.awaitWaiting(registry, 1);
            held.close();
            try (HeldLease<FakeConnection> again = a.lease("api", conversing, FakePeer.PLACE, Registries.soon())) {
                assertThat(again.connection()).isSameAs(talk);
            }
            assertThat(waiting).isNotDone();
            a.close();
            waiting.get(10, TimeUnit.SECONDS).close();
            assertThat(talk.closes).hasValue(1);
            assertThat(registry.figures().getFirst().evicted().overLimit()).isZero();
        }
    }

    @Test
    void saysWhyNoConnectionBecameFree() throws Exception {
        try (Registry registry =
                Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(1).acquire(Duration.ofMillis(20))))) {
            HeldLease<FakeConnection> held = lease(instance(registry, "a"));
            assertThatThrownBy(() -> lease(instance(registry, "b")))
                    .hasMessage("api: no connection free after 20 ms (max=1, in use=1, idle=0, waiting=1)."
                            + " Raise pool.max or lower the load.");
            held.close();
        }
    }

    @Test
    void stepsSideBySideShareWhatTakesSeveralHolders() throws Exception {
        try (Registry registry =
                        Registries.open(pool(p -> p.scope(Scope.INSTANCE).max(5)));
                InstanceConnections a = instance(registry, "a");
                HeldLease<FakeConnection> one = a.lease("api", peer.shared(), FakePeer.PLACE, Registries.soon());
                HeldLease<FakeConnection> two = a.lease("api", peer.shared(), FakePeer.PLACE, Registries.soon())) {
            assertThat(one.connection()).isSameAs(two.connection());
        }
    }
}
