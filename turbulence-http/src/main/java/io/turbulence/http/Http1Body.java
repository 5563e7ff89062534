package io.turbulence.http;

import io.turbulence.api.Headers;
import io.turbulence.spi.ActionContext;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The body of the answer that a connection is reading, taken out of its framing (RFC 9112 §6, §7).
/// Made once for each connection and started anew for each answer.
final class Http1Body extends AnswerBody {

    private static final int LONGEST_CHUNK_LINE = 4096;

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final Http1Connection connection;
    private @Nullable ActionContext context;
    private Framing framing = Framing.NONE;
    private long length;
    private long left;
    private long taken;
    private boolean firstChunk;
    private boolean ended;
    private Headers trailers = Headers.empty();

    Http1Body(Http1Connection connection) {
        this.connection = connection;
    }

    void start(Head head, String method, ActionContext exchange) {
        context = exchange;
        taken = 0;
        left = 0;
        length = 0;
        firstChunk = true;
        ended = false;
        trailers = Headers.empty();
        if (head.bodiless(method)) {
            framing = Framing.NONE;
        } else if (head.chunked()) {
            framing = Framing.CHUNKED;
        } else if (head.contentLength() >= 0) {
            framing = Framing.LENGTH;
            length = head.contentLength();
            left = length;
        } else {
            framing = Framing.UNTIL_CLOSE;
        }
    }

    @Override
    long announced() {
        return switch (framing) {
            case NONE, LENGTH -> length;
            case CHUNKED, UNTIL_CLOSE -> -1;
        };
    }

    /// Whether it was read to its end, and the connection has one beyond it.
    boolean reusable() {
        return switch (framing) {
            case NONE -> true;
            case LENGTH -> left == 0;
            case CHUNKED -> ended;
            case UNTIL_CLOSE -> false;
        };
    }

    @Override
    Headers trailers() {
        return trailers;
    }

    @Override
    String progress() {
        return framing == Framing.LENGTH
                ? (length - left) + " of " + length + " bytes of the body had arrived"
                : taken + " bytes of the body had arrived";
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        return switch (framing) {
            case NONE -> -1;
            case LENGTH -> left == 0 ? -1 : takeKnown(into, offset, most);
            case CHUNKED -> ended || !chunkAhead() ? -1 : takeKnown(into, offset, most);
            case UNTIL_CLOSE -> takeRest(into, offset, most);
        };
    }

    private int takeKnown(byte[] into, int offset, int most) throws IOException {
        int count = connection.take(into, offset, (int) Math.min(most, left));
        if (count < 0) {
            throw new EOFException();
        }
        left -= count;
        taken += count;
        return count;
    }

    private int takeRest(byte[] into, int offset, int most) throws IOException {
        int count = connection.take(into, offset, most);
        if (count > 0) {
            taken += count;
        }
        return count;
    }

    /// @return whether bytes of a chunk are left; false after the last
    private boolean chunkAhead() throws IOException {
        if (left > 0) {
            return true;
        }
        if (!firstChunk) {
            chunkEnd();
        }
        firstChunk = false;
        left = chunkSize();
        if (left > 0) {
            return true;
        }
        trailers = connection.takeTrailers(exchange());
        ended = true;
        return false;
    }

    private void chunkEnd() throws IOException {
        int next = one();
        if (next == '\r') {
            next = one();
        }
        if (next != '\n') {
            throw new Malformed("a chunk is longer than it says");
        }
    }

    private long chunkSize() throws IOException {
        long size = 0;
        int digits = 0;
        int next = one();
        while (Character.digit(next, 16) >= 0 && next < 128) {
            size = size * 16 + Character.digit(next, 16);
            if (++digits > 15) {
                throw new Malformed("the size of a chunk has more than 15 digits");
            }
            next = one();
        }
        if (digits == 0 || (next != '\r' && next != '\n' && next != ';' && next != ' ' && next != '\t')) {
            throw new Malformed("the size of a chunk " + (digits == 0 ? "begins" : "goes on") + " with "
                    + (next > ' ' && next < 127 ? "'" + (char) next + "'" : "byte " + next));
        }
        for (int skipped = 0; next != '\n'; skipped++) {
            if (skipped > LONGEST_CHUNK_LINE) {
                throw new Malformed(
                        "the line with the size of a chunk is longer than " + LONGEST_CHUNK_LINE + " bytes");
            }
            next = one();
        }
        return size;
    }

    private int one() throws IOException {
        int next = connection.takeOne(exchange());
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }

    private ActionContext exchange() {
        ActionContext current = context;
        if (current == null) {
            throw new IllegalStateException("no answer is being read");
        }
        return current;
    }
}
