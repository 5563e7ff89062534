package io.turbulence.http;

import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Takes events out of bytes (HTML, "Server-sent events"), wherever these are cut. Not thread-safe.
final class SseParser {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private final Deque<Frame> ready = new ArrayDeque<>();
    private final long longest;
    private String name = "";
    private boolean any;
    private boolean lastWasReturn;
    private boolean first = true;
    private @Nullable String id;
    private long retryMillis = -1;

    /// @param longest how many bytes an event may have
    SseParser(long longest) {
        this.longest = longest;
    }

    /// @throws Malformed when an event is too long
    void feed(byte[] bytes, int offset, int length) throws Malformed {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            boolean secondOfPair = lastWasReturn && b == '\n';
            lastWasReturn = b == '\r';
            if (secondOfPair) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                line(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
                if (line.size() + data.length() > longest) {
                    throw new Malformed("an event is longer than " + longest + " bytes");
                }
            }
        }
    }

    /// The next whole event; null when there is none yet.
    @Nullable
    Frame poll() {
        return ready.poll();
    }

    /// The id of the last event; null where none had one.
    @Nullable
    String lastId() {
        return id;
    }

    /// How long the server wants to be left alone before it is asked again; -1 where it did not say.
    long retryMillis() {
        return retryMillis;
    }

    /// Drops an event that has begun: the stream is over, or is asked for anew.
    void restart() {
        line.reset();
        data.setLength(0);
        any = false;
        name = "";
        lastWasReturn = false;
        first = true;
    }

    private void line(String whole) {
        String text = first && whole.startsWith("\uFEFF") ? whole.substring(1) : whole;
        first = false;
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        String value = rest.startsWith(" ") ? rest.substring(1) : rest;
        switch (field) {
            case "event" -> name = value;
            case "data" -> {
                data.append(any ? "\n" : "").append(value);
                any = true;
            }
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" ->
                retryMillis =
                        value.length() < 10 && !value.isEmpty() && value.chars().allMatch(Character::isDigit)
                                ? Long.parseLong(value)
                                : retryMillis;
            default -> {
                // Comments begin with a colon; other fields are to be ignored
            }
        }
    }

    private void dispatch() {
        if (any) {
            Metadata.Builder metadata = Metadata.builder().put("event", name.isEmpty() ? "message" : name);
            if (id != null) {
                metadata.put("id", id);
            }
            byte[] content = data.toString().getBytes(StandardCharsets.UTF_8);
            ready.add(Frame.of(metadata.build(), Payload.bytes(content, null)));
        }
        data.setLength(0);
        any = false;
        name = "";
    }
}
