package com.example.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.service.AutoService;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
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
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Sends commands to a Redis server, in RESP2.
@AutoService(ProtocolPlugin.class)
public final class RedisPlugin implements ProtocolPlugin {

    public record Server(
            @Setting(value = "Host name or address.", defaultValue = "localhost") String host,
            @Setting(value = "Port.", defaultValue = "6379", range = "1..65535") int port) {}

    public record Call(
            @Setting(value = "The command.", example = "SET") String command,
            @Setting(value = "Its arguments.", example = "[greeting, hello]") List<String> arguments) {}

    @Override public PluginInfo info() { return PluginInfo.of("redis", "1.0.0", API_LEVEL); }
    @Override public List<ServiceType<?>> services() { return List.of(ServiceType.of("redis", Server.class).status("status")); }
    @Override public List<ProtocolAction<?, ?>> actions() { return List.of(new Redis()); }

    static final class Redis implements ProtocolAction<Call, Resp> {
        @Override public String type() { return "redis"; }
        @Override public Class<Call> settings() { return Call.class; }
        @Override public Connections connection() { return new Connections(); }

        @Override public Observation execute(Call call, Resp redis, ActionContext context) throws IOException {
            redis.send(Stream.concat(Stream.of(call.command()), call.arguments().stream()).toList());
            context.mark(Phase.SENT);
            Object reply = redis.receive(context.deadline());
            String status = reply instanceof ErrorReply(String message) ? message.split(" ", 2)[0] : "OK";
            Payload payload = Payload.document(reply instanceof ErrorReply(String message) ? message : reply);
            return Observation.answered(
                    Transport.of("redis"), status.equals("OK"), status, Metadata.of("status", status), payload);
        }
    }

    static final class Connections implements ConnectionFactory.Exclusive<Server, Resp> {
        @Override public Class<Server> settings() { return Server.class; }
        @Override public Endpoint endpoint(Server server) { return Endpoint.of("redis", server.host(), server.port()); }
        @Override public void close(Resp redis) throws IOException { redis.socket().close(); }

        @Override public Resp open(Server server, OpenContext context) throws IOException {
            Socket socket = new Socket();
            Endpoint at = context.endpoint();
            socket.connect(new InetSocketAddress(at.host(), at.port()), context.deadline().timeoutMillis());
            context.mark(Phase.CONNECTED);
            return new Resp(socket, new BufferedInputStream(socket.getInputStream()));
        }

        @Override public boolean isAlive(Resp redis, Deadline deadline) throws IOException {
            redis.send(List.of("PING"));
            return "PONG".equals(redis.receive(deadline));
        }
    }

    record ErrorReply(String message) {}

    record Resp(Socket socket, InputStream in) {

        void send(List<String> words) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(("*" + words.size() + "\r\n").getBytes(UTF_8));
            words.forEach(word -> out.writeBytes(("$" + word.getBytes(UTF_8).length + "\r\n" + word + "\r\n").getBytes(UTF_8)));
            out.writeTo(socket.getOutputStream());
        }

        /// Text, a Long, a list, null, or an ErrorReply.
        Object receive(Deadline deadline) throws IOException {
            String line = text(deadline, -1);
            return switch (line.charAt(0)) {
                case '+' -> line.substring(1);
                case '-' -> new ErrorReply(line.substring(1));
                case ':' -> Long.valueOf(line.substring(1));
                case '$' -> line.equals("$-1") ? null : text(deadline, Integer.parseInt(line.substring(1)));
                case '*' -> {
                    List<Object> items = new ArrayList<>();
                    while (items.size() < Integer.parseInt(line.substring(1))) {
                        items.add(receive(deadline));
                    }
                    yield line.equals("*-1") ? null : items;
                }
                default -> throw new FailureException(Failure.PROTOCOL, "'" + line + "' is no RESP reply");
            };
        }

        /// So many bytes, or a line where that is -1; without the end of the line, which is taken.
        private String text(Deadline deadline, int length) throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int next = 0; length < 0 ? next != '\n' : text.size() < length + 2; text.write(next)) {
                socket.setSoTimeout(deadline.timeoutMillis());
                next = in.read();
                if (next < 0) {
                    throw new EOFException("the server closed the connection in the middle of a reply");
                }
            }
            return new String(text.toByteArray(), 0, text.size() - 2, UTF_8);
        }
    }
}
