package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionRegistryTest {

    record TcpService(int port) {}

    record TcpStep() {}

    /// Connects plain sockets.
    private static final class TcpPlugin implements ProtocolPlugin {

        @Override
        public PluginInfo info() {
            return PluginInfo.of("tcp", "1", API_LEVEL);
        }

        @Override
        public List<ServiceType<?>> services() {
            return List.of(ServiceType.of("tcp", TcpService.class));
        }

        @Override
        public List<ProtocolAction<?, ?>> actions() {
            return List.of(new TcpAction());
        }
    }

    private static final class TcpAction implements ProtocolAction<TcpStep, Socket> {

        @Override
        public String type() {
            return "tcp";
        }

        @Override
        public Class<TcpStep> settings() {
            return TcpStep.class;
        }

        @Override
        public ConnectionFactory<?, Socket> connection() {
            return new TcpConnections();
        }

        @Override
        public Observation execute(TcpStep settings, Socket connection, ActionContext context) {
            return Observation.answered(Transport.of("tcp"), true, "", Metadata.empty(), Payload.empty());
        }
    }

    private static final class TcpConnections implements ConnectionFactory.Exclusive<TcpService, Socket> {

        @Override
        public Class<TcpService> settings() {
            return TcpService.class;
        }

        @Override
        public Endpoint endpoint(TcpService settings) {
            return Endpoint.of("tcp", "127.0.0.1", settings.port());
        }

        @Override
        public Socket open(TcpService settings, OpenContext context) throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(context.endpoint().host(), settings.port()),
                        Math.toIntExact(context.deadline().remainingMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public void close(Socket connection) throws IOException {
            connection.close();
        }
    }

    @Test
    void lendsConnectionsWithoutAScenario() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Socket accepted;
            try (ConnectionRegistry registry = ConnectionRegistry.builder()
                    .plugin(new TcpPlugin())
                    .connect("api", new TcpService(server.getLocalPort()))
                    .open()) {
                try (Lease<Socket> lease = registry.lease("api", Socket.class)) {
                    assertThat(lease.connection().isConnected()).isTrue();
                }
                try (Lease<Socket> lease = registry.lease("api", Socket.class)) {
                    assertThat(lease.uses()).isEqualTo(2);
                }
                accepted = server.accept();
                ConnectionRegistry.Figures figures = registry.figures("api");
                assertThat(figures.opened()).isEqualTo(1);
                assertThat(figures.reused()).isEqualTo(1);
                assertThat(figures.idle()).isEqualTo(1);
            }
            assertThat(accepted.getInputStream().read())
                    .as("the registry closed it")
                    .isEqualTo(-1);
            accepted.close();
        }
    }

    @Test
    void readsAsInTheManual() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            // region usage
            try (ConnectionRegistry registry = ConnectionRegistry.builder()
                            .plugin(new TcpPlugin())
                            .connect("api", new TcpService(port))
                            .open();
                    Lease<Socket> lease = registry.lease("api", Socket.class)) {
                lease.connection().getOutputStream().write('!');
            }
            // endregion
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInputStream().readAllBytes()).isEqualTo(new byte[] {'!'});
            }
        }
    }

    @Test
    void refusesAnotherTypeThanThePlugins() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ConnectionRegistry registry = ConnectionRegistry.builder()
                        .plugin(new TcpPlugin())
                        .connect("api", new TcpService(server.getLocalPort()))
                        .open()) {
            assertThatThrownBy(() -> registry.lease("api", String.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("connections of service 'api' are leased as 'java.net.Socket' but 'java.lang.String'"
                            + " was asked for");
            assertThatThrownBy(() -> registry.lease("shop", Socket.class))
                    .hasMessage("service 'shop' is not declared; there are [api]");
            assertThat(registry.figures("api").inUse()).isZero();
        }
    }

    @Test
    void saysWhatThePeerDid() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        PoolSettings one = PoolSettings.defaults();
        try (ConnectionRegistry registry = ConnectionRegistry.builder()
                .plugin(new TcpPlugin())
                .connect("api", new TcpService(port), one)
                .open()) {
            assertThatThrownBy(() -> registry.lease("api", Socket.class))
                    .isInstanceOf(FailureException.class)
                    .hasMessage("could not connect to '127.0.0.1:" + port + "': Connection refused");
        }
        PoolSettings least = new PoolSettings(
                1,
                1,
                PoolSettings.Scope.RUN,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                Duration.ofSeconds(60),
                null,
                Map.of());
        assertThatThrownBy(() -> ConnectionRegistry.builder()
                        .plugin(new TcpPlugin())
                        .connect("api", new TcpService(port), least)
                        .open())
                .isInstanceOfSatisfying(
                        ConnectionsException.class,
                        failed -> assertThat(failed.failures())
                                .extracting(FailureException::failure)
                                .containsExactly(Failure.CONNECT))
                .hasMessage("not everything could be opened:\n  could not connect to '127.0.0.1:" + port
                        + "': Connection refused");
    }

    @Test
    void namesTheThreadThatKeptALease() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getMessage().replaceFirst("after .* by", "after … by"));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("io.turbulence.core.internal.connection.Registry");
        log.addHandler(handler);
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            try (ConnectionRegistry registry = ConnectionRegistry.builder()
                    .plugin(new TcpPlugin())
                    .connect("api", new TcpService(port))
                    .open()) {
                Thread forgetful = Thread.ofPlatform().name("forgetful").start(() -> {
                    try {
                        Lease<Socket> kept = registry.lease("api", Socket.class);
                        assertThat(kept.uses()).isEqualTo(1);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                forgetful.join();
            }
            assertThat(told)
                    .containsExactly("api: connection 1 to 127.0.0.1:" + port + " was not given back after … by thread"
                            + " 'forgetful'. Build the registry with traceLeases(true) to see who took it.");
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void refusesAServiceThatNoPluginConnectsTo() {
        assertThatThrownBy(() -> ConnectionRegistry.builder()
                        .connect("api", new TcpService(1))
                        .open())
                .hasMessage("service 'api' has settings '" + TcpService.class.getName()
                        + "' but no plugin was given that connects with them");
    }
}
