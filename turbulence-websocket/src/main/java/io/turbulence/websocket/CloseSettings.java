package io.turbulence.websocket;

import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// A goodbye.
record CloseSettings(
        @Setting(value = "Why: 1000 to 1014, or 3000 to 4999.", defaultValue = "1000", range = "1000..4999")
        int code,

        @Setting(value = "The reason in words, at most 123 bytes.", example = "done") @Nullable
        String reason) {

    /// Empty when there is none.
    String words() {
        return reason == null ? "" : reason;
    }
}
