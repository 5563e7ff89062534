package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FaultProxy;
import io.turbulence.testkit.LocalServer;
import io.turbulence.testkit.StuckPort;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every connection must do, whatever its mode. Authors extend the kit of their mode.
///
/// @param <S> the service's settings
/// @param <C> the connection
@Timeout(120)
public abstract class ConnectionTck<S extends Record, C> {

    private static final Duration SHORT = Duration.ofMillis(500);

    ConnectionTck() {}

    /// The factory under test.
    protected abstract ConnectionFactory<S, C> factory();

    /// Settings of a service that is there and works.
    protected abstract S settings() throws Exception;

    /// One small exchange over the connection; throws when it fails.
    protected abstract void exchange(C connection) throws Exception;

    /// What it can do.
    protected Set<Capability> capabilities() {
        return Capability.all();
    }

    /// Settings of the same service at another place. Needed only where the factory does not connect to
    /// [OpenContext#endpoint].
    protected S settingsAt(Endpoint elsewhere) throws Exception {
        return settings();
    }

    abstract C open(S settings, OpenContext context) throws Exception;

    abstract void close(C connection) throws Exception;

    abstract boolean isAlive(C connection, Deadline deadline) throws Exception;

    /// Beginnings of the names of threads that belong to the server, where it runs in the test's own process. They may
    /// come and go while the plugin is watched for threads that it leaves behind.
    protected List<String> serverThreads() {
        return List.of();
    }

    @Test
    public void opensAConnectionThatIsReady() throws Exception {
        C connection = Promptly.run("opening", () -> open(settings(), context(endpoint())));
        Promptly.doing("an exchange", () -> exchange(connection));
        Promptly.doing("a second exchange", () -> exchange(connection));
        Promptly.doing("closing", () -> close(connection));
    }

    @Test
    public void namesTheSamePlaceForTheSameSettings() throws Exception {
        assertThat(factory().endpoint(settings())).isEqualTo(endpoint());
        assertThat(endpoint().host()).isNotBlank();
        if (has(Capability.NETWORK)) {
            assertThat(endpoint().port())
                    .as("the protocol's default port is to be filled in")
                    .isPositive();
        } else {
            assertThat(endpoint().port()).isZero();
        }
    }

    @Test
    public void keepsTwoConnectionsApart() throws Exception {
        C first = open(settings(), context(endpoint()));
        C second = open(settings(), context(endpoint()));
        Promptly.doing("closing the first", () -> close(first));
        Promptly.doing("an exchange over the second", () -> exchange(second));
        Promptly.doing("closing the second", () -> close(second));
    }

    @Test
    public void saysThatAGoodConnectionIsGood() throws Exception {
        C connection = open(settings(), context(endpoint()));
        exchange(connection);
        assertThat(Promptly.run("the check", () -> isAlive(connection, deadline(Duration.ofSeconds(10)))))
                .isTrue();
        close(connection);
    }

    @Test
    public void marksPhasesInOrder() throws Exception {
        FakeOpenContext context = context(endpoint());
        C connection = open(settings(), context);
        List<Phase> marks = context.marks();
        close(connection);
        assertThat(marks).isSorted().doesNotHaveDuplicates();
        if (!has(Capability.PHASES)) {
            assertThat(marks).isEmpty();
        } else if (has(Capability.NETWORK)) {
            assertThat(marks).contains(Phase.CONNECTED);
        }
    }

    @Test
    public void leavesNoThreadBehind() throws Exception {
        ThreadWatch threads = new ThreadWatch(serverThreads());
        C connection = open(settings(), context(endpoint()));
        exchange(connection);
        close(connection);
        threads.assertNoneLeft();
    }

    @Test
    public void leavesNoSocketOpen() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            close(connection);
            proxy.awaitOpen(0, deadline(Promptly.soon()));
        });
    }

    @Test
    public void failsWithConnectWhereNobodyListens() throws Exception {
        if (has(Capability.NETWORK)) {
            try (ClosedPort port = ClosedPort.reserve()) {
                Throwable thrown = openInVain(port.host(), port.port(), Duration.ofSeconds(10));
                assertFailure(thrown, Failure.CONNECT);
            }
        }
    }

    @Test
    public void honoursTheDeadlineWhereConnectingHangs() throws Exception {
        if (has(Capability.NETWORK)) {
            try (StuckPort port = StuckPort.open()) {
                assertFailure(openInVain(port.host(), port.port(), SHORT), Failure.TIMEOUT);
            }
        }
    }

    @Test
    public void honoursTheDeadlineWhereThePeerIsSilent() throws Exception {
        if (!has(Capability.NETWORK)) {
            return;
        }
        try (LocalServer server = LocalServer.silent()) {
            if (has(Capability.HANDSHAKE)) {
                assertFailure(openInVain(server.host(), server.port(), SHORT), Failure.TIMEOUT);
            } else {
                C connection = Promptly.run("opening", () -> openAt(server.host(), server.port(), SHORT));
                Promptly.doing("closing", () -> close(connection));
            }
        }
    }

    @Test
    public void failsWithClosedWhereThePeerHangsUpAtOnce() throws Exception {
        if (!has(Capability.NETWORK) || !has(Capability.HANDSHAKE)) {
            return;
        }
        try (LocalServer server = LocalServer.start(socket -> {})) {
            assertFailure(openInVain(server.host(), server.port(), Duration.ofSeconds(10)), Failure.CLOSED);
        }
    }

    @Test
    public void endsOpeningWhenInterrupted() throws Exception {
        if (!has(Capability.NETWORK)) {
            return;
        }
        try (StuckPort port = StuckPort.open()) {
            Promptly<C> opening =
                    Promptly.start("opening", () -> openAt(port.host(), port.port(), Duration.ofMinutes(5)));
            opening.interrupt();
            assertThat(catchThrowable(opening::join))
                    .as("an interrupted open must throw")
                    .isInstanceOf(Exception.class);
        }
    }

    @Test
    public void closesABrokenConnectionWithoutFuss() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            proxy.reset();
            assertThatCode(() -> Promptly.doing("closing a broken connection", () -> close(connection)))
                    .doesNotThrowAnyException();
        });
    }

    @Test
    public void closesAConnectionWhosePeerIsGoneWithoutHanging() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            proxy.blackHole();
            Promptly.doing("closing a connection whose peer is gone", () -> close(connection));
        });
    }

    @Test
    public void findsABrokenConnection() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            proxy.cut();
            boolean alive = seemsAlive(connection, Duration.ofSeconds(10));
            if (!has(Capability.HEALTH) || !has(Capability.RECONNECTING)) {
                assertThat(alive).isEqualTo(!has(Capability.HEALTH));
            }
            close(connection);
        });
    }

    @Test
    public void honoursTheDeadlineOfTheCheck() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            proxy.blackHole();
            seemsAlive(connection, SHORT);
            close(connection);
        });
    }

    @Test
    public void tellsOrMendsAConnectionThatWasCut() throws Exception {
        withProxy((proxy, connection) -> {
            exchange(connection);
            proxy.cut();
            Throwable thrown = catchThrowable(() -> Promptly.doing("an exchange", () -> exchange(connection)));
            if (!has(Capability.RECONNECTING)) {
                assertThat(thrown)
                        .as("an exchange over a connection that was cut")
                        .isNotNull();
            }
            close(connection);
        });
    }

    final boolean has(Capability capability) {
        return capabilities().contains(capability);
    }

    final Endpoint endpoint() throws Exception {
        return factory().endpoint(settings());
    }

    final FakeOpenContext context(Endpoint at) {
        return FakeOpenContext.to(at).withDeadline(deadline(Duration.ofSeconds(30)));
    }

    static Deadline deadline(Duration duration) {
        return Deadline.after(duration, "TCK limit of " + duration.toMillis() + " ms");
    }

    /// Runs with a connection through a proxy, where there is a network.
    final void withProxy(ThroughProxy<C> test) throws Exception {
        if (!has(Capability.NETWORK)) {
            return;
        }
        Endpoint real = endpoint();
        try (FaultProxy proxy = FaultProxy.to(real.host(), real.port())) {
            C connection = Promptly.run("opening", () -> openAt(proxy.host(), proxy.port(), Duration.ofSeconds(30)));
            test.run(proxy, connection);
        }
    }

    private C openAt(String host, int port, Duration within) throws Exception {
        Endpoint elsewhere = Endpoint.of(endpoint().scheme(), host, port);
        return open(settingsAt(elsewhere), FakeOpenContext.to(elsewhere).withDeadline(deadline(within)));
    }

    /// What opening throws; a connection that only fails when it is used is used.
    private Throwable openInVain(String host, int port, Duration within) {
        return catchThrowable(() -> Promptly.doing("opening in vain", () -> {
            C connection = openAt(host, port, within);
            close(connection);
        }));
    }

    private boolean seemsAlive(C connection, Duration within) throws Exception {
        return Promptly.run("the check", () -> {
            try {
                return isAlive(connection, deadline(within));
            } catch (Exception e) {
                return false;
            }
        });
    }

    private static void assertFailure(Throwable thrown, Failure expected) {
        assertThat(thrown).as("opening must fail").isInstanceOf(Exception.class);
        Outcome.Failed outcome = Outcome.Failed.of(thrown);
        assertThat(outcome.failure())
                .as("the failure that '%s' stands for", thrown)
                .isEqualTo(expected);
        assertThat(outcome.message()).isNotBlank();
    }

    /// A test of a connection through a proxy.
    interface ThroughProxy<C> {

        void run(FaultProxy proxy, C connection) throws Exception;
    }
}
