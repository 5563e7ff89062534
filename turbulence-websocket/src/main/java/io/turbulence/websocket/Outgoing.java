package io.turbulence.websocket;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Json;
import io.turbulence.spi.Problems;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A message that is to be sent.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outgoing(boolean isText, byte[] content) {

    private static final int SHOWN = 200;

    static Outgoing text(String text) {
        return new Outgoing(true, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A text as it is, anything else as JSON.
    static Outgoing tree(@Nullable Object tree, Json json) {
        return tree instanceof String text ? text(text) : new Outgoing(true, json.write(tree));
    }

    /// @throws FailureException when it is no base64
    static Outgoing base64(String key, String base64) {
        try {
            return new Outgoing(false, decoded(base64));
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL, "'" + key + "' is no base64, so nothing was sent: " + e.getMessage(), e);
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

    /// Lines may be broken; nothing else is passed over.
    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    }

    void tell(ActionContext context) {
        if (context.verbose()) {
            context.tell("> " + describe(isText, content));
        }
    }

    /// As an account shows it.
    static String describe(boolean isText, byte[] content) {
        if (!isText) {
            return "binary, " + content.length + " bytes";
        }
        String text = new String(content, StandardCharsets.UTF_8);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + content.length + " bytes)";
    }
}
