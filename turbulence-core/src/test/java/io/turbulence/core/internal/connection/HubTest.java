package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static io.turbulence.core.internal.connection.Registries.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.testkit.FakeMatcher;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubTest {

    private static final SubscriptionRequest ORDERS = SubscriptionRequest.of("orders");
    private static final Frame BREAK = Frame.of(Metadata.of("break", true), Payload.empty());
    private static final Frame WAKE = Frame.of(Metadata.of("wake", true), Payload.empty());

    private final BlockingQueue<Frame> published = new LinkedBlockingQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private boolean connects = true;
    private volatile Subscription.@Nullable Interruption interruption;
    private final Set<String> threads = ConcurrentHashMap.newKeySet();

    private final class Topic implements ConnectionFactory.Subscribed<FakePeer.Settings> {

        @Override
        public Class<FakePeer.Settings> settings() {
            return FakePeer.Settings.class;
        }

        @Override
        public Endpoint endpoint(FakePeer.Settings settings) {
            return FakePeer.PLACE;
        }

        @Override
        public boolean connects() {
            return connects;
        }

        @Override
        public Subscription open(FakePeer.Settings settings, SubscriptionRequest request, OpenContext context) {
            opened.incrementAndGet();
            return new Subscription() {
                @Override
                public void poll(Duration most, Consumer<Frame> consumer) throws Exception {
                    threads.add(Thread.currentThread().getName());
                    Frame frame = published.poll(most.toMillis(), TimeUnit.MILLISECONDS);
                    if (frame != null && frame.equals(BREAK)) {
                        throw new FailureException(Failure.CLOSED, "the group was deleted");
                    }
                    if (frame != null && !frame.equals(WAKE)) {
                        consumer.accept(frame);
                    }
                }

                @Override
                public @Nullable Interruption interruption() {
                    return interruption;
                }

                @Override
                public void wakeup() {
                    published.add(WAKE);
                }

                @Override
                public void close() {
                    threads.add(Thread.currentThread().getName());
                    closed.incrementAndGet();
                }
            };
        }
    }

    private final Topic topic = new Topic();

    private Registry open() throws InterruptedException {
        return Registries.open(Registries.builder(pool(p -> p)).subscription("api", topic, ORDERS));
    }

    @Test
    void knowsWhenTheNewestMessageOfAStepCame() throws Exception {
        try (Registry registry = open();
                InstanceConnections instance = Registries.instance(registry)) {
            long before = System.nanoTime();
            published.add(Frame.of(Payload.empty()));
            try (HeldLease<Inbox> lease = instance.lease("api", topic, ORDERS, soon())) {
                WatchedInbox inbox = (WatchedInbox) lease.connection();
                assertThat(inbox.cameAt()).isEmpty();
                assertThat(inbox.take(FakeMatcher.any(), soon())).isNotNull();
                assertThat(inbox.cameAt().orElseThrow()).isBetween(before, System.nanoTime());
            }
            try (HeldLease<Inbox> lease = instance.lease("api", topic, ORDERS, soon())) {
                // Of another step
                assertThat(((WatchedInbox) lease.connection()).cameAt()).isEmpty();
            }
        }
    }

    @Test
    void tellsTwoSubscriptionsToOneChannelApart() throws Exception {
        Registry registry = open();
        try (registry;
                InstanceConnections instance = Registries.instance(registry)) {
            instance.inbox("api", topic, ORDERS.with("from", "earliest"), soon());
        }
        assertThat(registry.subscriptions())
                .extracting(SubscriptionFigures::channel)
                .containsExactlyInAnyOrder("orders", "orders, from earliest");
    }

    @Test
    void isOpenBeforeTheFirstInstanceAndSharedByAll() throws Exception {
        Registry registry = open();
        try (registry;
                InstanceConnections a = Registries.instance(registry);
                InstanceConnections b = Registries.instance(registry)) {
            assertThat(opened).hasValue(1);
            published.add(Frame.of(Payload.empty()));
            Inbox first = a.inbox("api", topic, SubscriptionRequest.of("orders"), soon());
            Inbox second = b.inbox("api", topic, ORDERS, soon());
            assertThat(first.take(FakeMatcher.any(), soon())).isNotNull();
            assertThat(second.take(FakeMatcher.any(), soon())).isNotNull();
            Inbox again = a.inbox("api", topic, ORDERS, soon());
            assertThat(again.take(FakeMatcher.any(), Registries.within(Duration.ZERO)))
                    .as("what the instance has taken already")
                    .isNull();
            assertThat(opened).hasValue(1);
        }
        assertThat(closed).hasValue(1);
        assertThat(threads).containsExactly("turbulence-test-api-orders");
        assertThat(registry.subscriptions())
                .containsExactly(new SubscriptionFigures("api", "orders", 1, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void opensAChannelThatWasNotDeclaredWhenItIsAskedFor() throws Exception {
        try (Registry registry = open();
                InstanceConnections a = Registries.instance(registry);
                HeldLease<Inbox> lease = a.lease("api", topic, SubscriptionRequest.of("late"), soon())) {
            assertThat(lease.reused()).isFalse();
            assertThat(opened).hasValue(2);
        }
        assertThat(closed).hasValue(2);
    }

    private void interrupt(Subscription.@Nullable Interruption why) throws InterruptedException {
        interruption = why;
        // The poll in progress ends, and the reader is asked why it gets nothing
        published.add(WAKE);
        eventually("it was asked", published::isEmpty);
    }

    @Test
    void whoWaitedInVainWhileThePeerWasAwayIsToldSo() throws Exception {
        try (Registry registry = open();
                InstanceConnections a = Registries.instance(registry)) {
            Inbox inbox = a.inbox("api", topic, ORDERS, soon());
            interrupt(new Subscription.Interruption(
                    new Outcome.Failed(Failure.CONNECT, "'queue.local:80': Connection refused", null), false));
            eventually("it is told", () -> !registry.outages().isEmpty());
            Outage outage = registry.outages().getFirst();
            assertThat(outage.service()).isEqualTo("api");
            assertThat(outage.until()).isNull();
            assertThat(outage.message()).isEqualTo("'queue.local:80': Connection refused");
            assertThatThrownBy(() -> inbox.take(FakeMatcher.any(), Registries.within(Duration.ZERO)))
                    .isInstanceOfSatisfying(
                            FailureException.class, e -> assertThat(e.failure()).isEqualTo(Failure.CONNECT))
                    .hasMessage("'orders': nothing could be received since "
                            + outage.from().truncatedTo(ChronoUnit.MILLIS)
                            + ": 'queue.local:80': Connection refused");

            interrupt(null);
            eventually("it is over", () -> registry.outages().getFirst().until() != null);
            assertThat(inbox.take(FakeMatcher.any(), Registries.within(Duration.ZERO)))
                    .isNull();
            published.add(Frame.of(Payload.empty()));
            assertThat(inbox.take(FakeMatcher.any(), soon())).isNotNull();
            assertThat(registry.figures().getFirst().openFailed()).isZero();
        }
    }

    @Test
    void aLossEndsTheWaitsInProgressAndNoLaterOne() throws Exception {
        try (Registry registry = open();
                InstanceConnections a = Registries.instance(registry)) {
            Inbox inbox = a.inbox("api", topic, ORDERS, soon());
            // Told again and again, so that it is told while somebody waits
            interruption = new Subscription.Interruption(
                    new Outcome.Failed(Failure.CLOSED, "the server closed it", null), true);
            assertThatThrownBy(() -> inbox.take(FakeMatcher.any(), soon())).hasMessage("the server closed it");
            interrupt(null);
            published.add(Frame.of(Payload.empty()));
            assertThat(inbox.take(FakeMatcher.any(), soon())).isNotNull();
            assertThat(registry.outages()).isEmpty();
        }
    }

    @Test
    void whatOpensNothingOfItsOwnIsNoConnection() throws Exception {
        connects = false;
        try (Registry registry = open()) {
            assertThat(registry.figures().getFirst().opened()).isZero();
            assertThat(registry.figures().getFirst().max()).isZero();
        }
    }

    @Test
    void aBrokenChannelFailsWhoWaits() throws Exception {
        try (Registry registry = open();
                InstanceConnections a = Registries.instance(registry)) {
            Inbox inbox = a.inbox("api", topic, ORDERS, soon());
            published.add(BREAK);
            assertThatThrownBy(() -> inbox.take(FakeMatcher.any(), soon()))
                    .isInstanceOf(FailureException.class)
                    .hasMessage("the group was deleted");
            eventually("it is closed", () -> closed.get() == 1);
        }
        assertThat(closed).hasValue(1);
    }
}
