package io.turbulence.websocket;

import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.Json;
import io.turbulence.spi.ShownText;
import java.nio.charset.StandardCharsets;
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

    /// @param key the setting that gives it
    /// @throws FailureException when it is no base64
    static Outgoing base64(String key, String base64) {
        return new Outgoing(false, Base64Text.decode(base64, key));
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
        return text.length() <= SHOWN ? text : ShownText.shortened(text, SHOWN) + " (" + content.length + " bytes)";
    }
}
