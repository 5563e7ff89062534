// region tests
package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.echo.EchoPlugin.Connections;
import com.example.echo.EchoPlugin.EchoAction;
import com.example.echo.EchoPlugin.Line;
import com.example.echo.EchoPlugin.Server;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.ExclusiveConnectionTck;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.LocalServer;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The kits, and a scenario, against a server of the test's own.
class EchoPluginTest {

    private static final Set<Capability> CAPABILITIES =
            Capability.allBut(Capability.HANDSHAKE, Capability.HEALTH, Capability.STREAMING, Capability.RECONNECTING);

    private static LocalServer server;

    @BeforeAll
    static void start() throws IOException {
        server = LocalServer.start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysALineInEveryInstanceOfAScenario() throws IOException {
        PluginTestKit.Result result = PluginTestKit.scenario("""
            id: say
            flow:
              - { name: say, type: echo, text: "hello {{instance}}", expect: { jsonpath: "$", contains: hello } }
            """)
                .system("services: { parrot: { protocol: echo, host: %s, port: %d } }"
                        .formatted(server.host(), server.port()))
                .with(new EchoPlugin())
                .instances(100, 10)
                .run();

        assertThat(result.run().exitCode()).isZero();
        assertThat(result.observations("say")).hasSize(100);
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new EchoPlugin();
        }
    }

    @Nested
    class Connection extends ExclusiveConnectionTck<Server, Socket> {

        @Override
        protected ConnectionFactory.Exclusive<Server, Socket> factory() {
            return new Connections();
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
            return CAPABILITIES;
        }
    }

    @Nested
    class Action extends ActionTck<Line, Socket> {

        @Override
        protected ProtocolAction<Line, Socket> action() {
            return new EchoAction();
        }

        @Override
        protected Record serviceSettings() {
            return new Server(server.host(), server.port());
        }

        @Override
        protected Line settings() {
            return new Line("a line of text");
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }
}
// endregion
