package io.turbulence.otel;

import io.turbulence.spi.ObservedRun;
import java.util.logging.Level;
import java.util.logging.Logger;

/// What the SDK logs of itself.
final class SdkLog {

    private static final Logger LOG = Logger.getLogger("io.opentelemetry");

    private SdkLog() {}

    /// In a plugin folder the SDK is ours alone, and what it logs again and again is told by [Delivery], once. On a
    /// class
    /// path, and where the user has set up logging, its logs are the user's own.
    static void keepQuiet() {
        boolean isOurs = !SdkLog.class.getClassLoader().equals(ObservedRun.class.getClassLoader());
        if (isOurs && System.getProperty("java.util.logging.config.file") == null) {
            LOG.setLevel(Level.OFF);
        }
    }
}
