package io.turbulence.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Looks at texts before they are decoded.
final class Utf8 {

    private Utf8() {}

    /// Whether it is whole and right. Most texts are ASCII and cost one look at each byte.
    static boolean isValid(byte[] text) {
        for (byte each : text) {
            if (each < 0) {
                return decodes(text);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
