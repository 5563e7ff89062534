package io.turbulence.core;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What an instance came to that was run again.
///
/// @param exitCode what the program would exit with: 0 when it passed, 1 when it failed
/// @param instance its number
/// @param folder   where it was recorded; null when nothing was sent
/// @param changed  how many of its steps ended otherwise than then
public record ReplayResult(
        int exitCode, long instance, @Nullable Path folder, long changed) {

    /// Whether it passed.
    public boolean ok() {
        return exitCode == 0;
    }
}
