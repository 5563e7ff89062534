package io.turbulence.kafka;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the library's exceptions stand for.
final class KafkaFailures {

    static final Transport TRANSPORT = Transport.of("kafka");

    private KafkaFailures() {}

    /// What an exchange came to that ended with an exception: a broker that answers with an error has answered.
    ///
    /// @throws Exception when the exception is no peer's doing
    static Observation observation(Exception thrown, String what) throws Exception {
        if (thrown instanceof InterruptException) {
            Thread.interrupted();
            throw interrupted(thrown);
        }
        if (thrown instanceof WakeupException) {
            // Woken up because the instance is cancelled
            throw interrupted(thrown);
        }
        if (thrown instanceof InterruptedException) {
            throw thrown;
        }
        Outcome.Failed failed = failed(thrown, what);
        if (failed != null) {
            return Observation.failed(TRANSPORT, failed);
        }
        Errors error = Errors.forException(thrown);
        String message = String.valueOf(thrown.getMessage());
        return Observation.answered(
                TRANSPORT,
                false,
                error.name() + ": " + message,
                Metadata.builder()
                        .put("status_code", (int) error.code())
                        .put("error", error.name())
                        .put("error_message", message)
                        .build(),
                Payload.empty());
    }

    /// As the host classifies it, for what is thrown while a client opens.
    static Exception opening(Exception thrown, String what) {
        if (thrown instanceof InterruptException) {
            Thread.interrupted();
            return interrupted(thrown);
        }
        Outcome.Failed failed = failed(thrown, what);
        if (failed != null) {
            return new FailureException(failed.failure(), failed.message(), thrown);
        }
        return thrown instanceof ApiException
                ? new FailureException(
                        Failure.PROTOCOL,
                        what + ": " + Errors.forException(thrown).name() + ": " + thrown.getMessage(),
                        thrown)
                : thrown;
    }

    /// The failure; null when it is the answer of a broker.
    private static Outcome.@Nullable Failed failed(Exception thrown, String what) {
        String message = what + ": " + thrown.getMessage();
        return switch (thrown) {
            case FailureException e -> Outcome.Failed.of(e);
            case RecordTooLargeException e -> new Outcome.Failed(Failure.TOO_LARGE, message, e);
            case SslAuthenticationException e -> new Outcome.Failed(Failure.TLS, message, e);
            case AuthenticationException e -> new Outcome.Failed(Failure.CONNECT, message, e);
            case DisconnectException e -> new Outcome.Failed(Failure.CLOSED, message, e);
            case NetworkException e -> new Outcome.Failed(Failure.CLOSED, message, e);
            case TimeoutException e -> new Outcome.Failed(Failure.TIMEOUT, message, e);
            case ApiException e ->
                Errors.forException(e) == Errors.UNKNOWN_SERVER_ERROR
                        ? new Outcome.Failed(Failure.PROTOCOL, message, e)
                        : null;
            default -> Outcome.Failed.of(thrown);
        };
    }

    /// The exception itself, be it of a future or of a call.
    static Exception cause(Exception thrown) {
        return thrown instanceof ExecutionException && thrown.getCause() instanceof Exception cause ? cause : thrown;
    }

    static InterruptedException interrupted(Exception cause) {
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    /// The errors that a step may be expected to meet, by name. Written out, since the library's own list loads a
    /// class for every error there is, also into runs without Kafka.
    static Map<String, Integer> names() {
        return Map.ofEntries(
                Map.entry("OK", 0),
                Map.entry("NONE", 0),
                Map.entry("UNKNOWN_TOPIC_OR_PARTITION", 3),
                Map.entry("MESSAGE_TOO_LARGE", 10),
                Map.entry("INVALID_TOPIC_EXCEPTION", 17),
                Map.entry("NOT_ENOUGH_REPLICAS", 19),
                Map.entry("NOT_ENOUGH_REPLICAS_AFTER_APPEND", 20),
                Map.entry("ILLEGAL_GENERATION", 22),
                Map.entry("UNKNOWN_MEMBER_ID", 25),
                Map.entry("REBALANCE_IN_PROGRESS", 27),
                Map.entry("TOPIC_AUTHORIZATION_FAILED", 29),
                Map.entry("GROUP_AUTHORIZATION_FAILED", 30),
                Map.entry("CLUSTER_AUTHORIZATION_FAILED", 31),
                Map.entry("INVALID_TIMESTAMP", 32),
                Map.entry("POLICY_VIOLATION", 44),
                Map.entry("INVALID_PRODUCER_EPOCH", 47),
                Map.entry("INVALID_TXN_STATE", 48),
                Map.entry("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", 53),
                Map.entry("INVALID_RECORD", 87),
                Map.entry("PRODUCER_FENCED", 90));
    }
}
