package io.turbulence.otel;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
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
        Throwable cause = thrown;
        while (cause != null && cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "the SDK gives no reason";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
