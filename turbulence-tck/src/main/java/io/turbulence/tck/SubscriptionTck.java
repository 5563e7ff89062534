package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a subscription must do.
///
/// @param <S> the service's settings
@Timeout(180)
public abstract class SubscriptionTck<S extends Record> {

    private static final Duration LONG = Duration.ofMinutes(5);

    /// The factory under test.
    protected abstract ConnectionFactory.Subscribed<S> factory();

    /// Settings of a service that is there and works.
    protected abstract S settings() throws Exception;

    /// A request for a channel that no other test uses; the channel exists.
    protected abstract SubscriptionRequest request() throws Exception;

    /// Publishes a message with this text to the request's channel and returns once the peer has it.
    protected abstract void publish(SubscriptionRequest request, String text) throws Exception;

    /// What it can do.
    protected Set<Capability> capabilities() {
        return Capability.all();
    }

    /// Settings of the same service at another place. Needed only where the factory does not connect to
    /// the endpoint that it is given.
    protected S settingsAt(Endpoint elsewhere) throws Exception {
        return settings();
    }

    /// The text of a message that was published with it.
    protected String text(Frame frame) {
        return switch (frame.payload()) {
            case Payload.Empty empty -> "";
            case Payload.Bytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            case Payload.Document document -> String.valueOf(document.tree());
            case Payload.Stream stream -> throw new AssertionError("a frame never holds a stream");
        };
    }

    /// Beginnings of the names of threads that belong to the server, where it runs in the test's own process. They may
    /// come and go while the plugin is watched for threads that it leaves behind.
    protected List<String> serverThreads() {
        return List.of();
    }

    @Test
    public void deliversAMessagePublishedRightAfterOpen() throws Exception {
        SubscriptionRequest request = request();
        try (Subscription subscription = open(request)) {
            publish(request, "first");
            assertThat(poll(subscription, 1)).containsExactly("first");
        }
    }

    @Test
    public void deliversEveryMessageOnce() throws Exception {
        SubscriptionRequest request = request();
        List<String> sent =
                IntStream.range(0, 200).mapToObj(number -> "message-" + number).toList();
        try (Subscription subscription = open(request)) {
            for (String text : sent) {
                publish(request, text);
            }
            List<String> received = poll(subscription, sent.size());
            if (capabilities().contains(Capability.ORDER)) {
                assertThat(received).isEqualTo(sent);
            } else {
                assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
            }
        }
    }

    @Test
    public void givesEachSubscriptionEveryMessage() throws Exception {
        SubscriptionRequest request = request();
        try (Subscription first = open(request);
                Subscription second = open(request)) {
            publish(request, "for both");
            assertThat(poll(first, 1)).containsExactly("for both");
            assertThat(poll(second, 1)).containsExactly("for both");
        }
    }

    @Test
    public void keepsChannelsApart() throws Exception {
        SubscriptionRequest one = request();
        SubscriptionRequest other = request();
        try (Subscription subscription = open(one)) {
            publish(other, "not for us");
            publish(one, "for us");
            assertThat(poll(subscription, 1)).containsExactly("for us");
        }
    }

    @Test
    public void endsAPollWhenTimeIsUp() throws Exception {
        try (Subscription subscription = open(request())) {
            List<String> received = new ArrayList<>();
            Promptly.doing(
                    "a short poll",
                    () -> subscription.poll(Duration.ofMillis(200), frame -> received.add(text(frame))));
            assertThat(received).isEmpty();
        }
    }

    @Test
    public void endsAPollThatWaitsWhenWokenUp() throws Exception {
        try (Subscription subscription = open(request())) {
            Promptly<String> polling = Promptly.start("a poll that is woken up", () -> {
                subscription.poll(LONG, frame -> {});
                return "ended";
            });
            subscription.wakeup();
            assertThat(polling.join()).isEqualTo("ended");
        }
    }

    @Test
    public void endsTheNextPollWhenWokenUpBefore() throws Exception {
        try (Subscription subscription = open(request())) {
            subscription.wakeup();
            Promptly.doing("the poll after a wake-up", () -> subscription.poll(LONG, frame -> {}));
        }
    }

    @Test
    public void goesOnAfterAWakeUp() throws Exception {
        SubscriptionRequest request = request();
        try (Subscription subscription = open(request)) {
            subscription.wakeup();
            Promptly.doing("the poll after a wake-up", () -> subscription.poll(LONG, frame -> {}));
            publish(request, "still there");
            assertThat(poll(subscription, 1)).containsExactly("still there");
        }
    }

    @Test
    public void closesTwice() throws Exception {
        Subscription subscription = open(request());
        Promptly.doing("closing", subscription::close);
        Promptly.doing("closing again", subscription::close);
    }

    @Test
    public void leavesNoThreadBehind() throws Exception {
        ThreadWatch threads = new ThreadWatch(serverThreads());
        SubscriptionRequest request = request();
        try (Subscription subscription = open(request)) {
            publish(request, "one");
            poll(subscription, 1);
        }
        threads.assertNoneLeft();
    }

    @Test
    public void failsWithConnectWhereNobodyListens() throws Exception {
        if (!capabilities().contains(Capability.NETWORK)) {
            assertThat(factory().endpoint(settings()).port()).isZero();
            return;
        }
        try (ClosedPort port = ClosedPort.reserve()) {
            Endpoint closed = Endpoint.of(factory().endpoint(settings()).scheme(), port.host(), port.port());
            Throwable thrown = catchThrowable(() -> Promptly.doing(
                    "opening in vain",
                    () -> factory()
                            .open(
                                    settingsAt(closed),
                                    request(),
                                    FakeOpenContext.to(closed).withDeadline(deadline(Duration.ofSeconds(3))))
                            .close()));
            assertThat(thrown).isNotNull();
            // A client that goes on trying until its time is up may say so
            assertThat(Outcome.Failed.of(thrown).failure())
                    .as("the failure that '%s' stands for", thrown)
                    .isIn(Failure.CONNECT, Failure.TIMEOUT);
        }
    }

    @Test
    public void goesOnOrFailsWhenTheConnectionIsCut() throws Exception {
        if (!capabilities().contains(Capability.NETWORK)) {
            return;
        }
        Endpoint real = factory().endpoint(settings());
        SubscriptionRequest request = request();
        try (FaultProxy proxy = FaultProxy.to(real.host(), real.port())) {
            Endpoint through = Endpoint.of(real.scheme(), proxy.host(), proxy.port());
            try (Subscription subscription =
                    factory().open(settingsAt(through), request, FakeOpenContext.to(through))) {
                proxy.cut();
                Throwable thrown = catchThrowable(() -> {
                    publish(request, "after the cut");
                    assertThat(poll(subscription, 1)).containsExactly("after the cut");
                });
                assertThat(thrown == null).isEqualTo(capabilities().contains(Capability.RECONNECTING));
            }
        }
    }

    private Subscription open(SubscriptionRequest request) throws Exception {
        Endpoint endpoint = factory().endpoint(settings());
        return Promptly.run(
                "opening",
                () -> factory()
                        .open(
                                settings(),
                                request,
                                FakeOpenContext.to(endpoint).withDeadline(deadline(Duration.ofSeconds(30)))));
    }

    /// Polls until so many messages came.
    private List<String> poll(Subscription subscription, int count) throws Exception {
        List<String> received = new ArrayList<>();
        Promptly.doing("polling", () -> {
            Deadline deadline = deadline(Promptly.soon());
            while (received.size() < count && !deadline.expired()) {
                subscription.poll(Duration.ofMillis(100), frame -> received.add(text(frame)));
            }
        });
        return received;
    }

    private static Deadline deadline(Duration duration) {
        return Deadline.after(duration, "TCK limit of " + duration.toMillis() + " ms");
    }
}
