package io.turbulence.aws;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Problems;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Bytes as a step gives them in base64. Lines may be broken; nothing else is passed over.
final class Base64Text {

    private Base64Text() {}

    /// @throws FailureException when it is no base64
    static byte[] decode(String text) {
        try {
            return decoded(text);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL, "'base64' is no base64, so nothing was sent: " + e.getMessage(), e);
        }
    }

    /// Says so when a text that is known at load is no base64.
    static void check(@Nullable Object base64, String key, Problems problems) {
        if (base64 instanceof String text) {
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
