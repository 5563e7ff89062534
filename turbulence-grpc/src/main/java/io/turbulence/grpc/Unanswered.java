package io.turbulence.grpc;

import io.grpc.Status;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What a call came to that the peer did not answer: gRPC makes up a status for it, and this finds out why.
final class Unanswered {

    private static final int DEEPEST_CAUSE = 8;
    private static final String TLS_ALERT = "15030";
    private static final Pattern ALERT_NAME = Pattern.compile("^\\([a-z_]+\\) ");

    private Unanswered() {}

    /// @param peer the place that was called, as people write it
    static Outcome.Failed outcome(Status status, String peer) {
        String said = said(status);
        Throwable cause = status.getCause();
        Outcome.Failed byCause = byCause(cause, said, peer);
        if (byCause != null) {
            return byCause;
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> failed(Failure.TIMEOUT, "'%s' did not answer in time: %s", peer, said, cause);
            case CANCELLED -> failed(Failure.CLOSED, "'%s' gave the call up: %s", peer, said, cause);
            case RESOURCE_EXHAUSTED ->
                failed(
                        Failure.TOO_LARGE,
                        "a message of the call to '%s' is too large: %s. Raise max_inbound_message_size",
                        peer,
                        said,
                        cause);
            case UNAVAILABLE -> unavailable(said, peer, cause);
            case OK,
                    UNKNOWN,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> protocol(said, peer, cause);
        };
    }

    private static Outcome.Failed unavailable(String said, String peer, @Nullable Throwable cause) {
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("unable to resolve host")) {
            return failed(Failure.RESOLVE, "'%s' could not be resolved to an address: %s", peer, said, cause);
        }
        if (lower.contains("http status code")) {
            return protocol(said, peer, cause);
        }
        if (lower.contains("not settings") || lower.contains("http2exception")) {
            return protocol(said, peer, cause);
        }
        if (lower.contains("keepalive failed")) {
            return failed(Failure.CLOSED, "'%s' gave no sign of life: %s", peer, said, cause);
        }
        return failed(Failure.CLOSED, "'%s' closed the connection before the call was done: %s", peer, said, cause);
    }

    private static Outcome.Failed protocol(String said, String peer, @Nullable Throwable cause) {
        return said.contains("Hex dump") && said.contains(TLS_ALERT)
                ? speaksTls(peer, cause)
                : failed(Failure.PROTOCOL, "'%s' does not follow gRPC: %s", peer, said, cause);
    }

    /// A server that speaks TLS was called without.
    static Outcome.Failed speaksTls(String peer, @Nullable Throwable cause) {
        return failed(
                Failure.TLS,
                "'%s' speaks TLS and was called without%s. Add 'tls: true' to the service",
                peer,
                "",
                cause);
    }

    private static Outcome.@Nullable Failed byCause(@Nullable Throwable outermost, String said, String peer) {
        Throwable cause = outermost;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++, cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof UnknownHostException) {
                return failed(
                        Failure.RESOLVE,
                        "'%s' could not be resolved to an address: %s",
                        peer,
                        "no such host is known",
                        outermost);
            }
            if (cause instanceof SSLException) {
                return tls(message, peer, outermost);
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return message.contains("timed out")
                        ? failed(Failure.TIMEOUT, "'%s' did not accept a connection: %s", peer, message, outermost)
                        : failed(Failure.CONNECT, "'%s' could not be reached: %s", peer, message, outermost);
            }
            if (message.contains("First received frame was not SETTINGS")) {
                return protocol(message, peer, outermost);
            }
            if (cause instanceof IOException && cause.getCause() == null) {
                return failed(
                        Failure.CLOSED,
                        "'%s' closed the connection before the call was done: %s",
                        peer,
                        message,
                        outermost);
            }
        }
        return said.contains("Hex dump") ? protocol(said, peer, outermost) : null;
    }

    private static Outcome.Failed tls(String message, String peer, @Nullable Throwable cause) {
        return message.toLowerCase(Locale.ROOT).contains("not an ssl/tls record")
                ? failed(
                        Failure.TLS,
                        "'%s' could not be spoken to with TLS: %s. Take 'tls' out of the service if it speaks without",
                        peer,
                        "it does not answer with TLS",
                        cause)
                : failed(
                        Failure.TLS,
                        "TLS with '%s' failed: %s",
                        peer,
                        ALERT_NAME.matcher(message).replaceFirst(""),
                        cause);
    }

    private static Outcome.Failed failed(
            Failure failure, String format, String peer, String why, @Nullable Throwable cause) {
        return new Outcome.Failed(failure, format.formatted(peer, why), cause);
    }

    /// The first line: what follows it are Netty's pipelines.
    private static String said(Status status) {
        String text = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        int end = text.indexOf("\nChannel Pipeline");
        return (end < 0 ? text : text.substring(0, end)).strip().replace("\n", "; ");
    }
}
