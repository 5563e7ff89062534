package io.turbulence.core;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a benchmark came to.
///
/// @param exitCode        what the program would exit with: 0 when targets hold and the baseline was not better, 2 when
///                        not
/// @param file            where it is written; null when it did not go to its end
/// @param recommendations in sentences
/// @param message         why it did not go to its end; null when it did
public record BenchmarkResult(
        int exitCode,
        @Nullable Path file,
        List<String> recommendations,
        @Nullable String message) {

    public BenchmarkResult {
        recommendations = List.copyOf(recommendations);
    }
}
