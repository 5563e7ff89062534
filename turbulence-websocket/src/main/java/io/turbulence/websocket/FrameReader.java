package io.turbulence.websocket;

import io.turbulence.api.DataSize;
import io.turbulence.api.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.LimitExceededException;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;

/*
 * The engine is given the bytes of one frame at a time. Given a whole chunk, it forgets the good frames in front of a
 * bad one; it does not tell how large a frame was; and it takes masked frames from a server, which RFC 6455 §5.1 does
 * not allow. So frames are told apart here, by their first bytes, and read there.
 */
/// Makes messages of what a server sends. Used by one thread.
final class FrameReader {

    private static final int LONGEST_HEAD = 10;
    private static final int CLOSE = 8;

    private final Draft_6455 engine;
    private final @Nullable MessageDeflate deflate;
    private final long maxMessage;
    private final Receiver receiver;

    // Of the frame that is being read
    private final byte[] head = new byte[LONGEST_HEAD];
    private int headLength;
    private long left = -1;
    private long frameSize;
    private byte @Nullable [] closing;
    private boolean fed;

    // Of the message that is being read
    private @Nullable Opcode kind;
    private boolean compressed;
    private int frames;
    private long wireSize;
    private @Nullable ByteArrayOutputStream content;

    /// @param deflate null when compression was not agreed on
    FrameReader(Draft_6455 engine, @Nullable MessageDeflate deflate, long maxMessage, Receiver receiver) {
        this.engine = engine;
        this.deflate = deflate;
        this.maxMessage = maxMessage;
        this.receiver = receiver;
    }

    /// Takes what the server sends. Called on the thread that reads.
    interface Receiver {

        void message(Received message) throws Violation;

        void ping(byte[] content);

        void pong(byte[] content);

        /// @param code [CloseCodes#NONE] when there was none
        void close(int code, String reason);
    }

    /// One message.
    ///
    /// @param text       whether it is a text, else binary
    /// @param content    whole and decompressed
    /// @param wireSize   bytes that it took with its frames' heads
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Received(boolean text, byte[] content, int frames, long wireSize, boolean compressed) {}

    void read(byte[] bytes, int from, int to) throws Violation {
        int at = from;
        while (at < to) {
            int start = at;
            boolean begunBefore = headLength > 0;
            while (left < 0 && at < to) {
                readHead(bytes[at++]);
            }
            if (left < 0) {
                return;
            }
            int end = (int) Math.min(to, at + left);
            readBody(bytes, begunBefore ? at : start, at, end);
            at = end;
        }
    }

    private void readHead(byte next) throws Violation {
        head[headLength++] = next;
        if (headLength < 2) {
            return;
        }
        if ((head[1] & 0x80) != 0) {
            throw Violation.of("a masked frame, which only clients send");
        }
        int announced = head[1] & 0x7f;
        int needed = announced < 126 ? 2 : announced == 126 ? 4 : LONGEST_HEAD;
        if (headLength < needed) {
            return;
        }
        left = length(announced);
        frameSize = needed + left;
        if (left < 0 || left > maxMessage) {
            throw tooLarge(left < 0 ? "a frame of more than " : "a frame of " + left + " bytes, more than ");
        }
        boolean plainClose = head[0] == (byte) (0x80 | CLOSE) && announced < 126;
        closing = plainClose ? new byte[announced] : null;
        fed = false;
    }

    /// @param start where the head begins, when all of it is in these bytes; else where the content does
    private void readBody(byte[] bytes, int start, int at, int end) throws Violation {
        byte[] close = closing;
        left -= end - at;
        if (close != null) {
            System.arraycopy(bytes, at, close, (int) (close.length - left) - (end - at), end - at);
        } else {
            if (!fed && start == at) {
                feed(head, 0, headLength);
            }
            feed(bytes, start, end);
            fed = true;
        }
        if (left == 0) {
            closing = null;
            left = -1;
            headLength = 0;
            if (close != null) {
                closed(close);
            }
        }
    }

    private long length(int announced) {
        if (announced < 126) {
            return announced;
        }
        ByteBuffer rest = ByteBuffer.wrap(head, 2, LONGEST_HEAD - 2);
        return announced == 126 ? rest.getShort() & 0xffff : rest.getLong();
    }

    private void feed(byte[] bytes, int from, int to) throws Violation {
        if (from == to) {
            return;
        }
        List<Framedata> whole;
        try {
            whole = engine.translateFrame(ByteBuffer.wrap(bytes, from, to - from));
        } catch (LimitExceededException e) {
            throw tooLarge("a frame of more than ");
        } catch (InvalidDataException e) {
            throw new Violation(Failure.PROTOCOL, e.getCloseCode(), what(e));
        }
        for (Framedata frame : whole) {
            take(frame);
        }
    }

    private static String what(InvalidDataException e) {
        String message = e.getMessage();
        if (e.getCloseCode() == CloseCodes.NOT_UTF8) {
            return "a text that is not UTF-8";
        }
        return "a wrong frame: " + (message == null ? "close code " + e.getCloseCode() : message);
    }

    private void take(Framedata frame) throws Violation {
        byte[] payload = bytes(frame.getPayloadData());
        switch (frame.getOpcode()) {
            case PING -> receiver.ping(payload);
            case PONG -> receiver.pong(payload);
            case CLOSING -> closed(payload);
            case TEXT, BINARY -> begin(frame, payload);
            case CONTINUOUS -> goOn(frame, payload);
        }
    }

    private void begin(Framedata frame, byte[] payload) throws Violation {
        if (kind != null) {
            throw Violation.of("a new message before the one before it had ended");
        }
        compressed = frame.isRSV1();
        byte[] received = compressed && deflate != null ? deflate.firstContent() : payload;
        frames = 1;
        wireSize = frameSize;
        if (frame.isFin()) {
            deliver(frame.getOpcode(), received);
            return;
        }
        kind = frame.getOpcode();
        ByteArrayOutputStream collected = new ByteArrayOutputStream(Math.max(64, received.length * 2));
        collected.writeBytes(received);
        content = collected;
    }

    private void goOn(Framedata frame, byte[] payload) throws Violation {
        Opcode begun = kind;
        ByteArrayOutputStream collected = content;
        if (begun == null || collected == null) {
            throw Violation.of("the continuation of a message that had not begun");
        }
        frames++;
        wireSize += frameSize;
        if (collected.size() + (long) payload.length > maxMessage) {
            throw tooLarge("a message of more than ");
        }
        collected.writeBytes(payload);
        if (frame.isFin()) {
            kind = null;
            content = null;
            deliver(begun, collected.toByteArray());
        }
    }

    private void deliver(Opcode opcode, byte[] received) throws Violation {
        byte[] message = compressed && deflate != null ? deflate.inflate(received, maxMessage) : received;
        boolean text = opcode == Opcode.TEXT;
        if (text && !Utf8.isValid(message)) {
            throw new Violation(Failure.PROTOCOL, CloseCodes.NOT_UTF8, "a text that is not UTF-8");
        }
        receiver.message(new Received(text, message, frames, wireSize, compressed));
    }

    private void closed(byte[] payload) throws Violation {
        if (payload.length == 0) {
            receiver.close(CloseCodes.NONE, "");
            return;
        }
        if (payload.length == 1) {
            throw Violation.of("a close frame with half a code");
        }
        int code = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        if (!CloseCodes.isSendable(code)) {
            throw Violation.of("the close code " + code + ", which must not be sent");
        }
        byte[] reason = java.util.Arrays.copyOfRange(payload, 2, payload.length);
        if (!Utf8.isValid(reason)) {
            throw new Violation(Failure.PROTOCOL, CloseCodes.NOT_UTF8, "a close reason that is not UTF-8");
        }
        receiver.close(code, new String(reason, StandardCharsets.UTF_8));
    }

    private Violation tooLarge(String what) {
        return new Violation(
                Failure.TOO_LARGE,
                CloseCodes.TOO_BIG,
                what + DataSize.ofBytes(maxMessage) + ", the service's 'max_message'");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() + buffer.position() == 0) {
            byte[] whole = buffer.array();
            if (whole.length == buffer.remaining()) {
                return whole;
            }
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }
}
