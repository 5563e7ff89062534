package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.example.echo.EchoPlugin.Line;
import com.example.echo.EchoPlugin.Server;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import io.turbulence.testkit.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Each kit is run against a plugin with one defect and must find it.
class KitsFindDefectsTest {

    private static final String SOON = "5";

    private static LocalServer server;

    @BeforeAll
    static void start() throws IOException {
        // What is tested is that they give up, which they do soon enough
        System.setProperty(Promptly.PATIENCE, SOON);
        server = LocalServer.start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    @AfterAll
    static void stop() {
        System.clearProperty(Promptly.PATIENCE);
        server.close();
    }

    @Test
    void aCloseThatClosesNothing() {
        assertThat(failuresOf(NothingClosed.class)).contains("leavesNoSocketOpen");
    }

    @Test
    void aThreadThatIsLeftBehind() {
        try {
            assertThat(failuresOf(ThreadLeft.class)).contains("leavesNoThreadBehind");
        } finally {
            LeakingConnections.END.countDown();
        }
    }

    @Test
    void anEndpointThatIsNotHonoured() {
        assertThat(failuresOf(EndpointIgnored.class))
                .contains("failsWithConnectWhereNobodyListens", "honoursTheDeadlineWhereConnectingHangs");
    }

    @Test
    void aClaimToFindBrokenConnections() {
        assertThat(failuresOf(HealthClaimed.class)).contains("findsABrokenConnection");
    }

    @Test
    void aDeadlineOfEachByteInsteadOfTheWhole() {
        // No other may fail, however slow the machine is
        System.setProperty(Promptly.PATIENCE, "30");
        try {
            assertThat(failuresOf(DeadlineOfEachByte.class)).containsExactly("failsWithTimeoutWhenTheAnswerTrickles");
        } finally {
            System.setProperty(Promptly.PATIENCE, SOON);
        }
    }

    @Test
    void settingsWithoutDocumentationAndSecretsInTheOpen() {
        assertThat(failuresOf(BadContract.class))
                .containsExactlyInAnyOrder(
                        "documentsEverySetting",
                        "isFoundByTheServiceLoader",
                        "marksSecretsAsSecret",
                        "tellsTheSameEachTime");
    }

    private static List<String> failuresOf(Class<?> kit) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(kit))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary().getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName().replace("()", ""))
                .toList();
    }

    static class Defective extends ExclusiveConnectionTck<Server, Socket> {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new Plain();
        }

        @Override
        protected Server settings() {
            return new Server(server.host(), server.port());
        }

        @Override
        protected void exchange(Socket socket) throws IOException {
            socket.getOutputStream().write('x');
            if (socket.getInputStream().read() != 'x') {
                throw new IOException("no echo");
            }
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(
                    Capability.HANDSHAKE, Capability.PHASES, Capability.HEALTH, Capability.RECONNECTING);
        }
    }

    static final class NothingClosed extends Defective {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new Plain() {
                @Override
                public void close(Socket socket) {}
            };
        }
    }

    static final class ThreadLeft extends Defective {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new LeakingConnections();
        }
    }

    static final class EndpointIgnored extends Defective {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new Plain() {
                @Override
                public Socket open(Server settings, OpenContext context) throws IOException {
                    return connect(settings.port(), 5000);
                }
            };
        }
    }

    static final class HealthClaimed extends Defective {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new Plain();
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.HANDSHAKE, Capability.PHASES, Capability.RECONNECTING);
        }
    }

    @Test
    void aPeerCheckThatHearsOfNoDeadline() {
        assertThat(failuresOf(DeafToItsPeer.class)).contains("endsItsPeerCheckWhenNothingComes");
    }

    @Test
    void aPeerCheckThatFindsFaultWithGoodSettings() {
        assertThat(failuresOf(HardToPlease.class)).contains("findsNothingWrongWithGoodSettingsWhenItAsksItsPeer");
    }

    static final class DeafToItsPeer extends OfEcho {

        @Override
        protected ProtocolAction<Line, Socket> action() {
            return new PatientEcho() {
                @Override
                public Optional<PeerCheck<Socket>> peerCheck(Preparation<Line> step) {
                    return Optional.of((connection, deadline) -> new CountDownLatch(1).await());
                }
            };
        }
    }

    static final class HardToPlease extends OfEcho {

        @Override
        protected ProtocolAction<Line, Socket> action() {
            return new PatientEcho() {
                @Override
                public Optional<PeerCheck<Socket>> peerCheck(Preparation<Line> step) {
                    return Optional.of(
                            (connection, deadline) -> step.problems().error("text", "a text", "another", null));
                }
            };
        }
    }

    static final class DeadlineOfEachByte extends OfEcho {

        @Override
        protected ProtocolAction<Line, Socket> action() {
            return new PatientEcho();
        }
    }

    abstract static class OfEcho extends ActionTck<Line, Socket> {

        @Override
        protected Record serviceSettings() {
            return new Server(server.host(), server.port());
        }

        @Override
        protected Line settings() {
            return new Line("ab");
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(
                    Capability.HANDSHAKE, Capability.PHASES, Capability.STREAMING, Capability.RECONNECTING);
        }
    }

    static final class BadContract extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new Forgetful();
        }
    }

    static class Plain implements ConnectionFactory.Exclusive<Server, Socket> {

        @Override
        public Class<Server> settings() {
            return Server.class;
        }

        @Override
        public Endpoint endpoint(Server settings) {
            return Endpoint.of("echo", settings.host(), settings.port());
        }

        @Override
        public Socket open(Server settings, OpenContext context) throws IOException {
            return connect(context.endpoint().port(), context.deadline().timeoutMillis());
        }

        @Override
        public void close(Socket connection) throws IOException {
            connection.close();
        }

        static Socket connect(int port, int timeoutMillis) throws IOException {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), timeoutMillis);
            return socket;
        }
    }

    static final class LeakingConnections extends Plain {

        static final CountDownLatch END = new CountDownLatch(1);

        @Override
        public Socket open(Server settings, OpenContext context) throws IOException {
            Thread.ofPlatform().daemon().name("keeps-alive").start(() -> {
                try {
                    END.await(5, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return super.open(settings, context);
        }
    }

    /// Sets the time limit once: it then holds for each read alone. It is long enough for each byte, late as it may be.
    static class PatientEcho implements ProtocolAction<Line, Socket> {

        @Override
        public String type() {
            return "echo";
        }

        @Override
        public Class<Line> settings() {
            return Line.class;
        }

        @Override
        public ConnectionFactory<?, Socket> connection() {
            return new Plain();
        }

        @Override
        public Observation execute(Line settings, Socket connection, ActionContext context) throws Exception {
            Deadline deadline = context.deadline();
            connection.setSoTimeout(4 * deadline.timeoutMillis());
            byte[] said = settings.text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            connection.getOutputStream().write(said);
            byte[] heard = connection.getInputStream().readNBytes(said.length);
            if (heard.length < said.length) {
                throw new java.io.EOFException("closed after " + heard.length + " bytes");
            }
            return Observation.answered(
                    Transport.of("echo"), true, "SAME", Metadata.empty(), Payload.bytes(heard, "text/plain"));
        }
    }

    /// Not registered, a new version each time, a setting without documentation, a secret in the open.
    static final class Forgetful implements ProtocolPlugin {

        record Undocumented(
                String host, @Setting("The password.") String password) {}

        @Override
        public PluginInfo info() {
            return PluginInfo.of(
                    "forgetful", "1." + Duration.ofNanos(System.nanoTime()).toNanos(), API_LEVEL);
        }

        @Override
        public List<ServiceType<?>> services() {
            return List.of(ServiceType.of("forgetful", Undocumented.class));
        }

        @Override
        public List<ProtocolAction<?, ?>> actions() {
            return List.of();
        }
    }
}
