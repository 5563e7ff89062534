package io.turbulence.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What libraries log, as one line each in the program's own manner, with the place where one tells of a place. A file
/// that
/// `-Djava.util.logging.config.file` names has its way instead.
final class LogLines extends Formatter {

    /// Tells of every answer that comes when its call has been cancelled, which is no news of a call that was.
    private static final String TALKATIVE = "io.grpc.";

    private static final int FRAMES_SHOWN = 20;

    static void install() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new LogLines());
            handler.setFilter(LogLines::isTold);
        }
    }

    static boolean isTold(LogRecord record) {
        String logger = record.getLoggerName();
        return logger == null
                || !logger.startsWith(TALKATIVE)
                || record.getLevel().intValue() >= Level.WARNING.intValue();
    }

    @Override
    public String format(LogRecord record) {
        Throwable thrown = record.getThrown();
        return "turbulence: %s%s%n%s"
                .formatted(formatMessage(record), thrown == null ? "" : ": " + thrown.getMessage(), place(thrown));
    }

    /// A plain Throwable is no exception but the place that the message speaks of.
    private static String place(@Nullable Throwable thrown) {
        if (thrown == null || thrown.getClass() != Throwable.class) {
            return "";
        }
        return Stream.of(thrown.getStackTrace())
                .limit(FRAMES_SHOWN)
                .map(frame -> "    at %s%n".formatted(frame))
                .collect(Collectors.joining());
    }
}
