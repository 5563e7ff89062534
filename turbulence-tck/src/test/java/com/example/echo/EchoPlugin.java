// region plugin
package com.example.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.service.AutoService;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/// Says a line to a server and takes the line that comes back.
@AutoService(ProtocolPlugin.class)
public final class EchoPlugin implements ProtocolPlugin {

    @Override
    public PluginInfo info() {
        return PluginInfo.of("echo", "1.0", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("echo", Server.class));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new EchoAction());
    }

    /// What stands under `services` in a system file.
    public record Server(
            @Setting(value = "Host name or address.", defaultValue = "localhost")
            String host,

            @Setting(value = "Port.", defaultValue = "7", range = "1..65535")
            int port) {}

    /// What stands in a step.
    public record Line(
            @Setting(value = "What to say.", example = "hello")
            String text) {}
    // endregion

    // region action
    static final class EchoAction implements ProtocolAction<Line, Socket> {

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
            return new Connections();
        }

        @Override
        public Observation execute(Line line, Socket socket, ActionContext context) throws Exception {
            socket.getOutputStream().write((line.text() + "\n").getBytes(UTF_8));
            context.mark(Phase.SENT);
            String answer = readLine(socket, context.deadline());
            boolean same = answer.equals(line.text());
            return Observation.answered(
                    Transport.of("echo"),
                    same,
                    same ? "SAME" : "OTHER",
                    Metadata.of("length", answer.length()),
                    Payload.document(answer));
        }

        private static String readLine(Socket socket, Deadline deadline) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (true) {
                socket.setSoTimeout(deadline.timeoutMillis());
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new EOFException("the server closed the connection after " + line.size() + " bytes");
                }
                if (next == '\n') {
                    return line.toString(UTF_8);
                }
                line.write(next);
            }
        }
    }
    // endregion

    // region connections
    static final class Connections implements ConnectionFactory.Exclusive<Server, Socket> {

        @Override
        public Class<Server> settings() {
            return Server.class;
        }

        @Override
        public Endpoint endpoint(Server server) {
            return Endpoint.of("echo", server.host(), server.port());
        }

        @Override
        public Socket open(Server server, OpenContext context) throws Exception {
            Endpoint at = context.endpoint();
            Socket socket = new Socket();
            socket.connect(
                    new InetSocketAddress(at.host(), at.port()),
                    context.deadline().timeoutMillis());
            context.mark(Phase.CONNECTED);
            return socket;
        }

        @Override
        public void close(Socket socket) throws Exception {
            socket.close();
        }
    }
    // endregion
}
