package io.turbulence.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What libraries log, as one line each in the program's own manner. A file that
/// `-Djava.util.logging.config.file` names has its way instead.
final class LogLines extends Formatter {

    static void install() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new LogLines());
        }
    }

    @Override
    public String format(LogRecord record) {
        Throwable thrown = record.getThrown();
        return "turbulence: %s%s%n".formatted(formatMessage(record), thrown == null ? "" : ": " + thrown.getMessage());
    }
}
