package io.turbulence.otel;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Why something was not delivered, in a few words: the SDK keeps that in exceptions without a message.
final class Reason {

    private Reason() {}

    static String of(@Nullable Throwable thrown) {
        if (thrown instanceof HttpExportException http && http.getResponse() != null) {
            return "HTTP %d %s"
                    .formatted(
                            http.getResponse().getStatusCode(),
                            http.getResponse().getStatusMessage());
        }
        if (thrown instanceof GrpcExportException grpc && grpc.getResponse() != null) {
            return "gRPC %s %s"
                    .formatted(
                            grpc.getResponse().getStatusCode(),
                            grpc.getResponse().getStatusDescription());
        }
        if (isOutOfTime(thrown)) {
            return "it did not answer in time";
        }
        Throwable cause = thrown;
        while (cause != null && cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "the SDK gives no reason";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /// The client ends calls itself: those whose time is up, and those under way when it is closed.
    private static boolean isOutOfTime(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof InterruptedIOException
                    || "Socket closed".equals(message)
                    || "Canceled".equals(message)) {
                return true;
            }
        }
        return false;
    }
}
