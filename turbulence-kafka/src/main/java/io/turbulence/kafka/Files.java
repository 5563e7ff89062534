package io.turbulence.kafka;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.io.IOException;
import java.nio.file.Path;

/// Reads files that settings name.
final class Files {

    private Files() {}

    /// @throws FailureException when it cannot be read
    static String text(Path file) {
        try {
            return java.nio.file.Files.readString(file);
        } catch (IOException e) {
            throw new FailureException(Failure.PROTOCOL, "'" + file + "' could not be read: " + e, e);
        }
    }
}
