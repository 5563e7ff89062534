package io.turbulence.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FakesTest {

    record Service(String host, int port) {}

    record OtherService(String url) {}

    private static final Deadline PASSED = Deadline.after(Duration.ZERO, "limit of 0 ms");

    @Nested
    class ActionContexts {

        private final FakeActionContext context = FakeActionContext.of(new Service("127.0.0.1", 1));

        @Test
        void writesDownMarksAndLinesInOrder() {
            context.mark(Phase.SENT);
            context.mark(Phase.FIRST_BYTE);
            context.tell("> PING");
            assertThat(context.marks()).containsExactly(Phase.SENT, Phase.FIRST_BYTE);
            assertThat(context.told()).containsExactly("> PING");
        }

        @Test
        void runsHooksNewestFirstAndOnce() {
            List<String> ran = new ArrayList<>();
            context.onCancel(() -> ran.add("first"));
            context.onCancel(() -> ran.add("second"));
            context.cancel();
            context.cancel();
            assertThat(ran).containsExactly("second", "first");
        }

        @Test
        void runsAHookAtOnceWhenCancelledBefore() {
            List<String> ran = new ArrayList<>();
            context.cancel();
            context.onCancel(() -> ran.add("late"));
            assertThat(ran).containsExactly("late");
        }

        @Test
        void keepsStateFromStepToStepAndClosesItAtTheEnd() throws Exception {
            FakeMailbox state = context.instanceState("inbox", FakeMailbox.class, FakeMailbox::new);
            assertThat(context.instanceState("inbox", FakeMailbox.class, FakeMailbox::new))
                    .isSameAs(state);
            context.close();
            assertThat(state.closed()).isTrue();
        }

        @Test
        void opensASecondConnectionAndTellsOneThatIsNotGivenBack() throws Exception {
            try (LocalServer server = LocalServer.silent()) {
                Endpoint endpoint = Endpoint.of("test", server.host(), server.port());
                Lease<Socket> lease = context.lease(new Sockets(), endpoint);
                assertThat(context.leasesHeld()).isEqualTo(1);
                lease.close();
                lease.close();
                assertThat(context.leasesHeld()).isZero();
                assertThat(lease.connection().isClosed()).isTrue();
            }
        }

        @Test
        void refusesALeaseWithSettingsOfAnotherKind() {
            FakeActionContext other = FakeActionContext.of(new OtherService("x"));
            assertThatThrownBy(() -> other.lease(new Sockets(), Endpoint.of("test", "127.0.0.1", 1)))
                    .hasMessage("settings were a io.turbulence.testkit.FakesTest$OtherService but the factory takes a"
                            + " io.turbulence.testkit.FakesTest$Service");
        }

        @Test
        void saysWhichInboxIsMissing() {
            assertThatThrownBy(() -> context.inbox(new Topics(), SubscriptionRequest.of("orders")))
                    .hasMessage("no inbox for 'orders': the action asked for a channel that its subscriptions() did not"
                            + " name. Add it there, or give the context one with inbox(request, inbox)");
        }
    }

    @Nested
    class Mailboxes {

        private final FakeMailbox mailbox = new FakeMailbox(2);

        @Test
        void takesTheOldestThatMatches() throws Exception {
            mailbox.deliver(frame("a"));
            mailbox.deliver(frame("b"));
            FakeMatcher isB = FakeMatcher.of(
                    "id is b", frame -> "b".equals(frame.metadata().get("id")));
            assertThat(mailbox.take(isB, PASSED)).isEqualTo(frame("b"));
            assertThat(mailbox.take(isB, PASSED)).isNull();
            assertThat(mailbox.arrivals(isB).nearest()).containsExactly("id is b does not hold");
        }

        @Test
        void wakesWhoWaits() throws Exception {
            Thread.ofVirtual().name("deliver").start(() -> mailbox.deliver(frame("a")));
            assertThat(mailbox.take(FakeMatcher.any(), Deadline.after(Duration.ofSeconds(10), "limit of 10 s")))
                    .isEqualTo(frame("a"));
        }

        @Test
        void dropsTheOldestAndCountsIt() throws Exception {
            List.of("a", "b", "c").forEach(id -> mailbox.deliver(frame(id)));
            assertThat(mailbox.arrivals(FakeMatcher.any()).overflowed()).isEqualTo(1);
            assertThat(mailbox.take(FakeMatcher.any(), PASSED)).isEqualTo(frame("b"));
        }

        @Test
        void failsOnlyAfterWhatCameBeforeIsTaken() throws Exception {
            mailbox.deliver(frame("a"));
            mailbox.fail(new Outcome.Failed(Failure.CLOSED, "peer closed", null));
            assertThat(mailbox.take(FakeMatcher.any(), PASSED)).isEqualTo(frame("a"));
            assertThatThrownBy(() -> mailbox.take(FakeMatcher.any(), PASSED))
                    .isInstanceOf(FailureException.class)
                    .hasMessage("peer closed");
        }

        private static Frame frame(String id) {
            return Frame.of(Metadata.of("id", id), Payload.empty());
        }
    }

    @Nested
    class Ports {

        @Test
        void refusesOnAClosedPort() throws Exception {
            try (ClosedPort port = ClosedPort.reserve()) {
                assertThatThrownBy(() -> connect(port.port(), 5000)).isInstanceOf(ConnectException.class);
            }
        }

        @Test
        void hangsOnAStuckPort() throws Exception {
            try (StuckPort port = StuckPort.open()) {
                assertThatThrownBy(() -> connect(port.port(), 300)).isInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void answersNothingAsASilentServerAndCountsConnections() throws Exception {
            try (LocalServer server = LocalServer.silent();
                    Socket client = connect(server.port(), 5000)) {
                // Long enough for the server to take the connection and what is said
                client.setSoTimeout(1_000);
                client.getOutputStream().write('x');
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                assertThat(server.accepted()).isEqualTo(1);
                assertThat(server.open()).isEqualTo(1);
                server.disconnectAll();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static Socket connect(int port, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), timeoutMillis);
        return socket;
    }

    /// The smallest factory.
    private static final class Sockets implements ConnectionFactory.Exclusive<Service, Socket> {

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service settings) {
            return Endpoint.of("test", settings.host(), settings.port());
        }

        @Override
        public Socket open(Service settings, OpenContext context) throws IOException {
            return connect(context.endpoint().port(), (int) context.deadline().remainingMillis());
        }

        @Override
        public void close(Socket connection) throws IOException {
            connection.close();
        }
    }

    /// A factory that is only named.
    private static final class Topics implements ConnectionFactory.Subscribed<Service> {

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service settings) {
            return Endpoint.of("test", settings.host(), settings.port());
        }

        @Override
        public Subscription open(Service settings, SubscriptionRequest request, OpenContext context) {
            throw new UnsupportedOperationException("nothing is opened here");
        }
    }
}
