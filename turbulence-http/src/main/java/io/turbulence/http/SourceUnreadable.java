package io.turbulence.http;

import java.io.IOException;
import java.nio.file.Path;

/// A file that should be sent cannot be read.
final class SourceUnreadable extends IOException {

    private static final long serialVersionUID = 1L;

    SourceUnreadable(Path file, IOException cause) {
        super(
                "file '" + file + "' cannot be sent: it cannot be read ("
                        + cause.getClass().getSimpleName() + ")",
                cause);
    }
}
