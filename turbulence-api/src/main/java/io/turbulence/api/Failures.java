package io.turbulence.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Classifies exceptions of the JDK.
final class Failures {

    private static final int DEEPEST_CAUSE = 16;

    private Failures() {}

    static Outcome.Failed classify(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; depth < DEEPEST_CAUSE; depth++) {
            Failure failure = known(current);
            if (failure != null) {
                return new Outcome.Failed(failure, message(current), thrown);
            }
            Throwable cause = current.getCause();
            if (cause == null) {
                break;
            }
            current = cause;
        }
        return new Outcome.Failed(
                thrown instanceof IOException ? Failure.CLOSED : Failure.PROTOCOL, message(thrown), thrown);
    }

    private static @Nullable Failure known(Throwable thrown) {
        return switch (thrown) {
            case FailureException e -> e.failure();
            case UnknownHostException e -> Failure.RESOLVE;
            case UnresolvedAddressException e -> Failure.RESOLVE;
            case SSLException e -> e.getCause() instanceof SocketException ? Failure.CLOSED : Failure.TLS;
            case SocketTimeoutException e -> Failure.TIMEOUT;
            case TimeoutException e -> Failure.TIMEOUT;
            case ConnectException e -> message(e).contains("timed out") ? Failure.TIMEOUT : Failure.CONNECT;
            case NoRouteToHostException e -> Failure.CONNECT;
            case PortUnreachableException e -> Failure.CONNECT;
            case ClosedByInterruptException e -> Failure.CANCELLED;
            case InterruptedIOException e -> Failure.CANCELLED;
            case InterruptedException e -> Failure.CANCELLED;
            case CancellationException e -> Failure.CANCELLED;
            case SocketException e -> message(e).contains("interrupt") ? Failure.CANCELLED : Failure.CLOSED;
            case ClosedChannelException e -> Failure.CLOSED;
            case EOFException e -> Failure.CLOSED;
            default -> null;
        };
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        if (thrown instanceof UnknownHostException) {
            return "host name could not be resolved: " + message;
        }
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }
}
