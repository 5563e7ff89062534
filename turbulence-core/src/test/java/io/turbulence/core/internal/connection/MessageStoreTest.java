package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.connection.MessageStore.Bounds;
import io.turbulence.core.internal.connection.MessageStore.Counts;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.testkit.FakeMatcher;
import io.turbulence.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageStoreTest {

    private static final Duration NOW = Duration.ZERO;

    private final ManualClock clock = new ManualClock();
    private final MessageStore store = new MessageStore("'orders'", clock, Bounds.CHANNEL, false);

    private static Frame message(String key, String text) {
        return Frame.of(Metadata.of("key", key), Payload.bytes(text.getBytes(StandardCharsets.UTF_8), "text/plain"));
    }

    private static String text(@Nullable Frame frame) {
        return frame != null && frame.payload() instanceof Payload.Bytes bytes
                ? new String(bytes.content(), StandardCharsets.UTF_8)
                : "nothing";
    }

    private String take(Inbox inbox, String key) throws InterruptedException {
        return text(inbox.take(new ByKey(key), within(NOW)));
    }

    /// Equality of the message's key.
    private record ByKey(String value) implements Matcher {

        static final AtomicInteger SELECTIONS = new AtomicInteger();

        private record KeySelector() implements Selector {
            @Override
            public @Nullable Object select(Frame frame) {
                SELECTIONS.incrementAndGet();
                return frame.metadata().get("key");
            }
        }

        @Override
        public boolean matches(Frame frame) {
            return value.equals(frame.metadata().get("key"));
        }

        @Override
        public String describe() {
            return "key is " + value;
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(new Key(new KeySelector(), value));
        }

        @Override
        public String explain(Frame frame) {
            return matches(frame) ? "" : "key was " + frame.metadata().get("key");
        }
    }

    /// Equality of another part than its key.
    private record ByHeader(String value) implements Matcher {

        private record HeaderSelector() implements Selector {
            @Override
            public @Nullable Object select(Frame frame) {
                return frame.metadata().get("me");
            }
        }

        @Override
        public boolean matches(Frame frame) {
            return value.equals(frame.metadata().get("me"));
        }

        @Override
        public String describe() {
            return "me is " + value;
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(new Key(new HeaderSelector(), value));
        }
    }

    @Nested
    class Taking {

        @Test
        void findsAMessageThatCameBefore() throws Exception {
            store.arrive(message("a", "first"));
            store.arrive(message("b", "second"));
            assertThat(take(store.view(), "b")).isEqualTo("second");
        }

        @Test
        void takesTheOldestThatThisInstanceHasNotTaken() throws Exception {
            store.arrive(message("a", "first"));
            store.arrive(message("a", "second"));
            Inbox mine = store.view();
            Inbox other = store.view();
            assertThat(take(mine, "a")).isEqualTo("first");
            assertThat(take(mine, "a")).isEqualTo("second");
            assertThat(take(mine, "a")).isEqualTo("nothing");
            assertThat(take(other, "a")).isEqualTo("first");
        }

        @Test
        void wakesWhoWaitsForAKey() throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> waiting =
                        threads.submit(() -> text(store.view().take(new ByKey("a"), within(Duration.ofSeconds(30)))));
                store.arrive(message("b", "not mine"));
                store.arrive(message("a", "mine"));
                assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("mine");
            }
        }

        @Test
        void wakesWhoWaitsForSomethingElseThanAKey() throws Exception {
            Matcher contains = FakeMatcher.of("contains x", frame -> text(frame).contains("x"));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> waiting =
                        threads.submit(() -> text(store.view().take(contains, within(Duration.ofSeconds(30)))));
                store.arrive(message("a", "abc"));
                store.arrive(message("a", "xyz"));
                assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("xyz");
            }
            assertThat(text(store.view().take(contains, within(NOW)))).isEqualTo("xyz");
        }

        @Test
        void aMatcherThatThrowsDoesNotMatch() throws Exception {
            Matcher throwing = FakeMatcher.of("throws", frame -> {
                throw new IllegalStateException("no such field");
            });
            store.arrive(message("a", "abc"));
            assertThat(store.view().take(throwing, within(NOW))).isNull();
        }

        @Test
        void looksAtEachMessageOnceHoweverManyWait() throws Exception {
            int instances = 2_000;
            List<Future<String>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                AtomicInteger ready = new AtomicInteger();
                for (int i = 0; i < instances; i++) {
                    String key = "key-" + i;
                    all.add(threads.submit(() -> {
                        Inbox inbox = store.view();
                        ready.incrementAndGet();
                        return text(inbox.take(new ByKey(key), within(Duration.ofSeconds(50))));
                    }));
                }
                eventually("all began", () -> ready.get() == instances);
                int before = ByKey.SELECTIONS.get();
                for (int i = 0; i < instances; i++) {
                    store.arrive(message("key-" + i, "text-" + i));
                }
                for (int i = 0; i < instances; i++) {
                    assertThat(all.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("text-" + i);
                }
                assertThat(ByKey.SELECTIONS.get() - before).isLessThanOrEqualTo(2 * instances);
            }
        }

        @Test
        void losesNothingBetweenLookingAndWaiting() throws Exception {
            for (int round = 0; round < 500; round++) {
                MessageStore racing = new MessageStore("'orders'", clock, Bounds.CHANNEL, false);
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    Future<String> waiting = threads.submit(
                            () -> text(racing.view().take(new ByKey("a"), within(Duration.ofSeconds(30)))));
                    Future<?> arriving = threads.submit(() -> racing.arrive(message("a", "mine")));
                    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("mine");
                    arriving.get(10, TimeUnit.SECONDS);
                }
            }
        }

        @Test
        void anInterruptEndsTheWait() throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> waiting =
                        threads.submit(() -> text(store.view().take(new ByKey("a"), within(Duration.ofSeconds(30)))));
                threads.shutdownNow();
                assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InterruptedException.class);
            }
        }
    }

    @Nested
    class Failing {

        @Test
        void endsAllWaitingOnceWhatCameBeforeIsTaken() throws Exception {
            store.arrive(message("a", "before"));
            store.fail(new Outcome.Failed(Failure.CLOSED, "the broker went away", null));
            Inbox inbox = store.view();
            assertThat(take(inbox, "a")).isEqualTo("before");
            assertThatThrownBy(() -> take(inbox, "a"))
                    .isInstanceOf(FailureException.class)
                    .hasMessage("the broker went away");
            assertThatThrownBy(() -> inbox.take(FakeMatcher.none(), within(Duration.ofSeconds(30))))
                    .isInstanceOf(FailureException.class);
        }

        @Test
        void takesMessagesAgainWhenItIsReopened() throws Exception {
            store.arrive(message("a", "before"));
            store.fail(new Outcome.Failed(Failure.CLOSED, "the broker went away", null));
            store.reopen();
            store.arrive(message("a", "after"));
            assertThat(take(store.view(), "a")).isEqualTo("after");
            assertThat(store.counts().unmatched()).isEqualTo(1);
        }

        @Test
        void wakesWhoWaits() throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> byKey =
                        threads.submit(() -> text(store.view().take(new ByKey("a"), within(Duration.ofSeconds(30)))));
                Future<String> scanning = threads.submit(
                        () -> text(store.view().take(FakeMatcher.none(), within(Duration.ofSeconds(30)))));
                store.fail(new Outcome.Failed(Failure.CLOSED, "the broker went away", null));
                assertThatThrownBy(() -> byKey.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(FailureException.class);
                assertThatThrownBy(() -> scanning.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(FailureException.class);
            }
        }
    }

    @Nested
    class Counting {

        private void closeAll() {
            store.close(new Outcome.Failed(Failure.CANCELLED, "closed", null));
        }

        @Test
        void everyMessageIsCountedUnderOneHeading() throws Exception {
            Inbox inbox = store.view();
            store.arrive(message("a", "taken"));
            take(inbox, "a");
            store.arrive(message("a", "taken"));
            assertThat(take(inbox, "b")).isEqualTo("nothing");
            store.arrive(message("b", "too late"));
            store.arrive(message("c", "nobody's"));
            assertThat(store.counts()).isEqualTo(new Counts(4, 1, 0, 0, 0, 0, 3));
            closeAll();
            assertThat(store.counts()).isEqualTo(new Counts(4, 1, 1, 1, 1, 0, 0));
        }

        @Test
        void anotherContentOfAKeyIsNoDuplicate() throws Exception {
            Inbox inbox = store.view();
            store.arrive(message("a", "taken"));
            take(inbox, "a");
            store.arrive(message("a", "next"));
            assertThat(take(inbox, "b")).isEqualTo("nothing");
            store.arrive(message("b", "late"));
            assertThat(take(inbox, "b")).isEqualTo("late");
            assertThat(take(inbox, "b")).isEqualTo("nothing");
            store.arrive(message("b", "later"));
            store.arrive(message("b", "late"));
            closeAll();
            assertThat(store.counts()).isEqualTo(new Counts(5, 2, 1, 1, 1, 0, 0));
        }

        @Test
        void oneOfAnotherKeyIsNoDuplicateThoughItIsFoundByTheSame() throws Exception {
            Matcher mine = new ByHeader("i-1");
            for (String key : List.of("k1", "k2", "k1")) {
                store.arrive(Frame.of(
                        Metadata.builder().put("key", key).put("me", "i-1").build(), Payload.empty()));
            }
            assertThat(store.view().take(mine, within(NOW))).isNotNull();
            closeAll();
            assertThat(store.counts()).isEqualTo(new Counts(3, 1, 1, 0, 1, 0, 0));
        }

        @Test
        void knowsADuplicateByItsBytesWithoutDecodingIt() throws Exception {
            for (String text : List.of("one", "one", "two")) {
                store.arrive(Frame.of(
                        Metadata.of("key", "a"), Payload.lazyDocument(text.getBytes(StandardCharsets.UTF_8), () -> {
                            throw new IllegalStateException("nobody looks at it");
                        })));
            }
            assertThat(store.view().take(new ByKey("a"), within(NOW))).isNotNull();
            closeAll();
            assertThat(store.counts()).isEqualTo(new Counts(3, 1, 1, 0, 1, 0, 0));
        }

        @Test
        void remembersTheNewestContentsOfAKey() throws Exception {
            Inbox inbox = store.view();
            for (int i = 0; i < 100; i++) {
                store.arrive(message("a", "content " + i));
                take(inbox, "a");
            }
            store.arrive(message("a", "content 0"));
            store.arrive(message("a", "content 40"));
            store.arrive(message("a", "content 99"));
            closeAll();
            assertThat(store.counts()).isEqualTo(new Counts(103, 100, 1, 0, 2, 0, 0));
        }

        @Test
        void dropsWhatIsTooOld() throws Exception {
            store.arrive(message("a", "old"));
            clock.advance(Duration.ofSeconds(59));
            store.arrive(message("a", "newer"));
            clock.advance(Duration.ofSeconds(2));
            store.expire();
            assertThat(take(store.view(), "a")).isEqualTo("newer");
            assertThat(store.counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));
        }

        @Test
        void forgetsAKeyAfterTheTimeThatAMessageMayStay() throws Exception {
            take(store.view(), "a");
            clock.advance(Duration.ofSeconds(61));
            store.expire();
            store.arrive(message("a", "long after"));
            closeAll();
            assertThat(store.counts().unmatched()).isEqualTo(1);
            assertThat(store.counts().late()).isZero();
        }

        @Test
        void dropsTheOldestWhenFullAndSaysSo() throws Exception {
            MessageStore small = new MessageStore("'orders'", clock, new Bounds(2, 1 << 20, null), false);
            Inbox inbox = small.view();
            inbox.take(FakeMatcher.none(), within(NOW));
            small.arrive(message("a", "1"));
            small.arrive(message("a", "2"));
            small.arrive(message("a", "3"));
            assertThat(inbox.arrivals(new ByKey("z"))).isEqualTo(new Inbox.Arrivals(3, 1, List.of("key was a")));
            assertThat(take(inbox, "a")).isEqualTo("2");
            assertThat(small.counts()).isEqualTo(new Counts(3, 1, 0, 0, 0, 1, 1));
        }

        @Test
        void tellsWhatWasDroppedBeforeTheInstanceLookedForIt() throws Exception {
            MessageStore small = new MessageStore("'orders'", clock, new Bounds(2, 1 << 20, null), false);
            small.arrive(message("a", "before the instance began"));
            small.arrive(message("a", "before the instance began"));
            small.arrive(message("a", "before the instance began"));
            TimedInbox inbox = small.view();
            assertThat(inbox.overflowed()).isZero();
            small.arrive(message("a", "1"));
            small.arrive(message("a", "2"));
            small.arrive(message("a", "3"));
            small.arrive(message("a", "4"));
            assertThat(take(inbox, "z")).isEqualTo("nothing");
            assertThat(inbox.overflowed()).isEqualTo(2);
            assertThat(inbox.arrivals(new ByKey("z")).overflowed()).isEqualTo(2);
            assertThat(inbox.arrivals(new ByKey("z")).count()).isZero();
            assertThat(small.view().arrivals(new ByKey("z")).overflowed()).isZero();
        }

        @Test
        void doesNotCountWhatAWaitHasLookedAt() throws Exception {
            MessageStore small = new MessageStore("'orders'", clock, new Bounds(2, 1 << 20, null), false);
            TimedInbox inbox = small.view();
            small.arrive(message("a", "1"));
            small.arrive(message("a", "2"));
            assertThat(take(inbox, "z")).isEqualTo("nothing");
            small.arrive(message("a", "3"));
            assertThat(inbox.overflowed()).isZero();
            assertThat(inbox.take(FakeMatcher.none(), within(NOW))).isNull();
            // The first is gone, and this wait looks for something else
            assertThat(inbox.overflowed()).isEqualTo(1);
        }

        @Test
        void boundsItsBytes() {
            MessageStore small = new MessageStore("'orders'", clock, new Bounds(100, 10_000, null), false);
            for (int i = 0; i < 100; i++) {
                small.arrive(message("a", "x".repeat(1000)));
            }
            assertThat(small.counts().buffered()).isEqualTo(6);
            assertThat(small.counts().overflowed()).isEqualTo(94);
        }

        @Test
        void explainsWhatCameNearest() throws Exception {
            Inbox inbox = store.view();
            take(inbox, "a");
            store.arrive(message("b", "1"));
            store.arrive(Frame.of(Payload.empty()));
            Inbox.Arrivals arrivals = inbox.arrivals(new ByKey("a"));
            assertThat(arrivals.count()).isEqualTo(2);
            assertThat(arrivals.nearest()).containsExactly("key was b", "key was null");
        }
    }

    @Nested
    class OfAConnection {

        private final ConnectionMailbox mailbox = new ConnectionMailbox("pushes", clock, closed -> {});

        @Test
        void aMessageThatWasTakenIsGone() throws Exception {
            mailbox.deliver(message("a", "first"));
            mailbox.deliver(message("b", "second"));
            mailbox.deliver(message("a", "third"));
            assertThat(text(mailbox.take(new ByKey("b"), within(NOW)))).isEqualTo("second");
            assertThat(text(mailbox.take(FakeMatcher.any(), within(NOW)))).isEqualTo("first");
            assertThat(text(mailbox.take(FakeMatcher.any(), within(NOW)))).isEqualTo("third");
            assertThat(mailbox.take(FakeMatcher.any(), within(NOW))).isNull();
            assertThat(mailbox.counts().taken()).isEqualTo(3);
        }

        @Test
        void forgetsWhatWasDroppedBeforeItWasMadeAnew() throws Exception {
            for (int i = 0; i < 10_001; i++) {
                mailbox.deliver(message("a", "x"));
            }
            assertThat(mailbox.take(new ByKey("z"), within(NOW))).isNull();
            assertThat(mailbox.arrivals(new ByKey("z")).overflowed()).isEqualTo(1);
            mailbox.reopen();
            assertThat(mailbox.take(new ByKey("z"), within(NOW))).isNull();
            assertThat(mailbox.arrivals(new ByKey("z")).overflowed()).isZero();
        }

        @Test
        void addsUpWhatCameOverAllConnectionsOfAService() throws Exception {
            Common common = new Common();
            ConnectionMailbox one = common.mailbox("pushes", clock);
            ConnectionMailbox other = common.mailbox("pushes", clock);
            common.mailbox("nothing", clock);
            one.deliver(message("a", "1"));
            one.take(FakeMatcher.any(), within(NOW));
            one.deliver(message("a", "2"));
            one.close();
            one.close();
            other.deliver(message("a", "3"));
            assertThat(common.figures("chat"))
                    .containsExactly(new SubscriptionFigures("chat", "pushes", 3, 1, 1, 0, 0, 0, 1));
        }

        @Test
        void closingEndsTheWait() {
            mailbox.close();
            mailbox.close();
            assertThatThrownBy(() -> mailbox.take(FakeMatcher.any(), within(Duration.ofSeconds(30))))
                    .hasMessage("'pushes' was closed");
        }
    }
}
