package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ShownText;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;

/// The opening handshake (RFC 6455 §4), from our side.
final class Handshake {

    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int CHUNK = 2048;

    private final Wire wire;
    private final Ask ask;
    private final Deadline deadline;
    private final Draft_6455 engine;
    private final @Nullable MessageDeflate offered;

    private byte[] received = new byte[CHUNK];
    private int length;

    Handshake(Wire wire, Ask ask, WebSocketService service, Deadline deadline) {
        this.wire = wire;
        this.ask = ask;
        this.deadline = deadline;
        this.offered = service.permessageDeflate() ? new MessageDeflate() : null;
        List<IExtension> extensions = offered == null ? List.of() : List.of(offered);
        List<IProtocol> any = List.of(new Protocol(""));
        int most = Math.clamp(service.maxMessage().bytes(), 1, Integer.MAX_VALUE - 16);
        this.engine = new Draft_6455(extensions, any, most);
        engine.setParseMode(Role.CLIENT);
    }

    /// What was agreed on.
    ///
    /// @param deflate null when messages are not compressed
    /// @param ahead   what came behind the answer's head already
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Agreed(
            Draft_6455 engine,
            @Nullable MessageDeflate deflate,
            String subprotocol,
            String extensions,
            Headers headers,
            byte[] ahead,
            long nanos) {}

    /// @throws HandshakeRefused when the server answered with another status than 101
    /// @throws FailureException when there was no valid answer
    Agreed perform() throws HandshakeRefused {
        long begun = System.nanoTime();
        HandshakeImpl1Client request = new HandshakeImpl1Client();
        request.setResourceDescriptor(ask.address().target());
        engine.postProcessHandshakeRequestAsClient(request);
        try {
            byte[] head = head(request).getBytes(StandardCharsets.UTF_8);
            wire.write(head, 0, head.length);
            int end = readHead();
            String[] lines = new String(received, 0, end - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
            int status = status(lines[0]);
            Headers headers = fields(lines);
            if (status != 101) {
                throw refused(status, headers, end);
            }
            return agreed(request, headers, Arrays.copyOfRange(received, end, length), System.nanoTime() - begun);
        } catch (SocketTimeoutException e) {
            throw failed(Failure.TIMEOUT, "gave no answer to the handshake within the " + deadline.limit(), e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new FailureException(
                        Failure.CANCELLED, "the handshake with '" + ask.address() + "' was cancelled", e);
            }
            throw failed(Failure.CLOSED, "broke off the handshake: " + e.getMessage(), e);
        }
    }

    private String head(HandshakeImpl1Client request) {
        StringBuilder head = new StringBuilder(256)
                .append("GET ")
                .append(ask.address().target())
                .append(" HTTP/1.1\r\n");
        if (ask.headers().stream().noneMatch(header -> header.name().equalsIgnoreCase("host"))) {
            head.append("Host: ").append(ask.address().host()).append("\r\n");
        }
        for (Iterator<String> names = request.iterateHttpFields(); names.hasNext(); ) {
            String name = names.next();
            head.append(name).append(": ").append(request.getFieldValue(name)).append("\r\n");
        }
        if (!ask.subprotocols().isEmpty()) {
            head.append("Sec-WebSocket-Protocol: ")
                    .append(String.join(", ", ask.subprotocols()))
                    .append("\r\n");
        }
        for (Ask.Header header : ask.headers()) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /// @return where the head ends
    private int readHead() throws IOException {
        int looked = 0;
        while (true) {
            for (; looked + 3 < length; looked++) {
                if (received[looked] == '\r'
                        && received[looked + 1] == '\n'
                        && received[looked + 2] == '\r'
                        && received[looked + 3] == '\n') {
                    return looked + 4;
                }
            }
            if (length >= LONGEST_HEAD) {
                throw failed(Failure.PROTOCOL, "answered the handshake with a head of more than 64 KiB", null);
            }
            if (more() < 0) {
                throw length == 0
                        ? failed(Failure.CLOSED, "ended the connection instead of answering the handshake", null)
                        : failed(
                                Failure.CLOSED,
                                "ended the connection in the middle of its answer to the handshake, after " + length
                                        + " bytes",
                                null);
            }
        }
    }

    private int more() throws IOException {
        if (length == received.length) {
            received = Arrays.copyOf(received, received.length * 2);
        }
        if (deadline.expired()) {
            throw new SocketTimeoutException();
        }
        int count = wire.read(received, length, received.length - length, deadline);
        length += Math.max(0, count);
        return count;
    }

    private int status(String line) {
        String[] parts = line.split(" ", 3);
        if (!parts[0].startsWith("HTTP/1.") || parts.length < 2 || !parts[1].matches("[1-5][0-9][0-9]")) {
            String shown = ShownText.shortened(line, 40);
            throw failed(Failure.PROTOCOL, "answered the handshake with '" + shown + "', which is no HTTP/1.1", null);
        }
        return Integer.parseInt(parts[1]);
    }

    private Headers fields(String[] lines) {
        Headers.Builder headers = Headers.builder();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw failed(Failure.PROTOCOL, "answered the handshake with a header line without a name", null);
            }
            headers.add(
                    lines[i].substring(0, colon).strip(),
                    lines[i].substring(colon + 1).strip());
        }
        return headers.build();
    }

    private HandshakeRefused refused(int status, Headers headers, int end) {
        byte[] body = body(headers, end);
        Metadata.Builder facts = Metadata.builder()
                .put("status_code", status)
                .put("headers", headers)
                .put("url", ask.address().toString());
        String said = new String(body, StandardCharsets.UTF_8).strip();
        if (!said.isEmpty() && said.indexOf('\uFFFD') < 0) {
            facts.put("message", said.replaceAll("\\s+", " "));
        }
        Object type = headers.get("content-type");
        return new HandshakeRefused(Observation.answered(
                WebSocketPlugin.TRANSPORT,
                false,
                String.valueOf(status),
                facts.build(),
                Payload.bytes(body, type == null ? null : type.toString())));
    }

    /// What the server says about it, as far as its length is known.
    private byte[] body(Headers headers, int end) {
        try {
            Object announced = headers.get("content-length");
            int wanted = announced == null ? 0 : Math.clamp(Long.parseLong(announced.toString()), 0, LONGEST_BODY);
            while (length - end < wanted && more() >= 0) {
                // More of it came
            }
            return Arrays.copyOfRange(received, end, end + Math.min(wanted, length - end));
        } catch (IOException | NumberFormatException e) {
            return new byte[0];
        }
    }

    private Agreed agreed(HandshakeImpl1Client request, Headers headers, byte[] ahead, long nanos) {
        String subprotocol = text(headers, "sec-websocket-protocol");
        String extensions = text(headers, "sec-websocket-extensions");
        check(headers, subprotocol, extensions);
        HandshakeImpl1Server answer = new HandshakeImpl1Server();
        for (Map.Entry<String, Object> field : headers.entrySet()) {
            answer.put(field.getKey(), String.valueOf(field.getValue()));
        }
        try {
            if (engine.acceptHandshakeAsClient(request, answer) != HandshakeState.MATCHED) {
                throw failed(
                        Failure.PROTOCOL,
                        "answered the handshake with the Sec-WebSocket-Accept '" + text(headers, "sec-websocket-accept")
                                + "', which does not belong to our key",
                        null);
            }
        } catch (InvalidHandshakeException e) {
            throw failed(Failure.PROTOCOL, "answered the handshake wrongly: " + e.getMessage(), e);
        }
        MessageDeflate deflate = engine.getExtension().equals(offered) ? offered : null;
        return new Agreed(engine, deflate, subprotocol, extensions, headers, ahead, nanos);
    }

    private void check(Headers headers, String subprotocol, String extensions) {
        if (!text(headers, "upgrade").equalsIgnoreCase("websocket")) {
            throw failed(Failure.PROTOCOL, "answered the handshake with 101 but without 'Upgrade: websocket'", null);
        }
        if (!text(headers, "connection").toLowerCase(Locale.ROOT).contains("upgrade")) {
            throw failed(Failure.PROTOCOL, "answered the handshake with 101 but without 'Connection: Upgrade'", null);
        }
        if (!subprotocol.isEmpty() && !ask.subprotocols().contains(subprotocol)) {
            throw failed(
                    Failure.PROTOCOL,
                    "chose the subprotocol '" + subprotocol + "', which was not offered; offered were "
                            + (ask.subprotocols().isEmpty() ? "none" : String.join(", ", ask.subprotocols())),
                    null);
        }
        boolean unknown = !extensions.isEmpty()
                && (offered == null
                        || extensions.contains(",")
                        || !extensions.toLowerCase(Locale.ROOT).startsWith(MessageDeflate.NAME));
        if (unknown) {
            throw failed(Failure.PROTOCOL, "chose the extension '" + extensions + "', which was not offered", null);
        }
    }

    private static String text(Headers headers, String name) {
        Object value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    private FailureException failed(Failure failure, String what, @Nullable Throwable cause) {
        return new FailureException(failure, "'" + ask.address() + "' " + what, cause);
    }
}
