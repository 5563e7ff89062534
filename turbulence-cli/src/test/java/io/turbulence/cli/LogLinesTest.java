package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    @Test
    void tellsThePlaceThatAMessageSpeaksOf() {
        LogRecord leak = new LogRecord(Level.WARNING, "a connection was not given back");
        leak.setThrown(new Throwable("the lease was taken here"));

        assertThat(new LogLines().format(leak).lines())
                .startsWith("turbulence: a connection was not given back: the lease was taken here")
                .element(1)
                .asString()
                .startsWith(
                        "    at io.turbulence.cli.LogLinesTest.tellsThePlaceThatAMessageSpeaksOf(LogLinesTest.java:");
    }

    @Test
    void tellsOfAnExceptionOnlyWhatItSays() {
        LogRecord failure = new LogRecord(Level.WARNING, "not closed");
        failure.setThrown(new IllegalStateException("busy"));

        assertThat(new LogLines().format(failure).lines()).containsExactly("turbulence: not closed: busy");
    }

    @Test
    void passesOverWhatALibrarySaysOfEveryCall() {
        assertThat(LogLines.isTold(record("io.grpc.internal.AbstractClientStream", Level.INFO)))
                .isFalse();
        assertThat(LogLines.isTold(record("io.grpc.internal.ManagedChannelImpl", Level.WARNING)))
                .isTrue();
        assertThat(LogLines.isTold(record("io.turbulence.core", Level.INFO))).isTrue();
    }

    private static LogRecord record(String logger, Level level) {
        LogRecord made = new LogRecord(level, "Received data on closed stream");
        made.setLoggerName(logger);
        return made;
    }
}
