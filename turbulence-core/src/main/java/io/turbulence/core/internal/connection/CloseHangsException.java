package io.turbulence.core.internal.connection;

import io.turbulence.api.TurbulenceException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// A plugin's `close` that does not come back. Its stack is the one of the thread that hangs.
final class CloseHangsException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    CloseHangsException(String what, Duration waited, StackTraceElement[] stack) {
        super("CONNECTION_CLOSE", message(what, waited, stack), null);
        setStackTrace(stack);
    }

    private static String message(String what, Duration waited, StackTraceElement[] stack) {
        return "'" + what + "': close() was still going on after " + Durations.text(waited)
                + caller(stack).map(frame -> ", in " + frame).orElse("")
                + ". It is given up. This is a defect of the plugin: tell its author, or remove it.";
    }

    /// The innermost method that is not the JDK's.
    private static Optional<String> caller(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk.")
                        && !frame.getClassName().startsWith("sun."))
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .findFirst();
    }
}
