package io.turbulence.core;

import io.turbulence.core.internal.definition.binding.Durations;
import java.time.Duration;

/// Durations as definitions and flags write them.
public final class SettingDurations {

    private SettingDurations() {}

    /// `500ms`, `5s`, `2m`, `1m30s`; a plain number is seconds.
    ///
    /// @throws IllegalArgumentException when the text is none
    public static Duration parse(String text) {
        return Durations.parse(text.strip())
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is no duration such as 500ms, 5s or 2m; a plain number is seconds"));
    }
}
