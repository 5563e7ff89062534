package io.turbulence.spi;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Bytes as a setting gives them: base64 of [RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4), strictly.
/// Lines may be broken; no other character beyond the alphabet is passed over. Stateless.
public final class Base64Text {

    private Base64Text() {}

    /// The bytes of a text that a step is about to send.
    ///
    /// @param key the setting that gives it
    /// @throws FailureException with [Failure#PROTOCOL] when it is no base64
    public static byte[] decode(String text, String key) {
        try {
            return decoded(text);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL, "'" + key + "' is no base64, so nothing was sent: " + e.getMessage(), e);
        }
    }

    /// Tells of a text that is known at load and is no base64; of anything else it says nothing.
    ///
    /// @param key the setting that gives it
    public static void check(@Nullable Object value, String key, Problems problems) {
        if (value instanceof String text) {
            try {
                decoded(text);
            } catch (IllegalArgumentException e) {
                problems.error(key, "'" + text + "' (" + e.getMessage() + ")", "base64 such as 'AAEC'", null);
            }
        }
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    }
}
