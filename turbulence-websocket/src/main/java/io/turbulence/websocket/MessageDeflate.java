package io.turbulence.websocket;

import io.turbulence.api.DataSize;
import io.turbulence.api.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidFrameException;
import org.java_websocket.extensions.DefaultExtension;
import org.java_websocket.extensions.ExtensionRequestData;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.framing.ContinuousFrame;
import org.java_websocket.framing.ControlFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.FramedataImpl1;
import org.jspecify.annotations.Nullable;

/*
 * The engine's own extension inflates frame by frame: without a limit, and wrongly where a ping comes between the
 * frames of a message. This one only lets the reserved bit pass and keeps the first frame's content from being looked
 * at as text; whole messages are inflated here, within the limit.
 */
/// Compression of whole messages (RFC 7692), each by itself: what is kept for it between messages is nothing, unless
/// the server insists on its own context.
final class MessageDeflate extends DefaultExtension {

    static final String NAME = "permessage-deflate";

    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
    private static final int BUFFER = 8 * 1024;
    private static final int THRESHOLD = 128;

    private ByteBuffer first = ByteBuffer.allocate(0);
    private boolean serverKeepsContext;
    private @Nullable Inflater kept;

    @Override
    public String getProvidedExtensionAsClient() {
        return NAME + "; server_no_context_takeover; client_no_context_takeover";
    }

    @Override
    public boolean acceptProvidedExtensionAsClient(String answered) {
        for (String each : answered.split(",", -1)) {
            ExtensionRequestData extension = ExtensionRequestData.parseExtensionRequest(each);
            if (extension.getExtensionName().toLowerCase(Locale.ROOT).equals(NAME)) {
                Map<String, String> parameters = extension.getExtensionParameters();
                serverKeepsContext = !parameters.containsKey("server_no_context_takeover");
                return true;
            }
        }
        return false;
    }

    @Override
    public void isFrameValid(Framedata frame) throws InvalidDataException {
        boolean misplaced = frame.isRSV1() && (frame instanceof ContinuousFrame || frame instanceof ControlFrame);
        if (misplaced || frame.isRSV2() || frame.isRSV3()) {
            throw new InvalidFrameException("a reserved bit that nothing was agreed on");
        }
    }

    @Override
    public void decodeFrame(Framedata frame) {
        if (frame.isRSV1()) {
            first = frame.getPayloadData();
            ((FramedataImpl1) frame).setPayload(ByteBuffer.allocate(0));
        }
    }

    /// The content of the compressed frame that was read last.
    byte[] firstContent() {
        byte[] content = bytes(first);
        first = ByteBuffer.allocate(0);
        return content;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /// Whether a message of this size is worth it.
    static boolean isWorthwhile(byte[] message) {
        return message.length >= THRESHOLD;
    }

    static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(message);
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, message.length / 2));
            byte[] buffer = new byte[BUFFER];
            for (int count = flush(deflater, buffer); count > 0; count = flush(deflater, buffer)) {
                out.write(buffer, 0, count);
            }
            byte[] all = out.toByteArray();
            return Arrays.copyOf(all, all.length - TAIL.length);
        } finally {
            deflater.end();
        }
    }

    private static int flush(Deflater deflater, byte[] buffer) {
        return deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
    }

    /// @throws Violation when it is damaged or larger than allowed
    byte[] inflate(byte[] compressed, long most) throws Violation {
        Inflater inflater = inflater();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(compressed.length * 2);
            byte[] buffer = new byte[BUFFER];
            inflate(inflater, compressed, buffer, out, most);
            inflate(inflater, TAIL, buffer, out, most);
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new Violation(
                    Failure.PROTOCOL, CloseCodes.NOT_UTF8, "a message that cannot be decompressed: " + e.getMessage());
        } finally {
            if (!serverKeepsContext) {
                inflater.end();
            }
        }
    }

    private Inflater inflater() {
        if (!serverKeepsContext) {
            return new Inflater(true);
        }
        Inflater known = kept;
        if (known != null) {
            return known;
        }
        Inflater made = new Inflater(true);
        kept = made;
        return made;
    }

    private static void inflate(Inflater inflater, byte[] input, byte[] buffer, ByteArrayOutputStream out, long most)
            throws DataFormatException, Violation {
        inflater.setInput(input);
        for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
            out.write(buffer, 0, count);
            if (out.size() > most) {
                throw new Violation(
                        Failure.TOO_LARGE,
                        CloseCodes.TOO_BIG,
                        "a message that is larger than " + DataSize.ofBytes(most) + " when it is decompressed");
            }
        }
    }

    /// Gives back what is kept outside of the heap.
    void end() {
        Inflater known = kept;
        if (known != null) {
            known.end();
        }
    }

    /// There is one for each connection, and the engine copies its own.
    @Override
    public IExtension copyInstance() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return NAME;
    }
}
