package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What the SDK's exceptions stand for.
final class Failures {

    private static final int DEEPEST_CAUSE = 16;

    private Failures() {}

    /// What an exchange came to that ended with an exception: a service that answers with an error has answered.
    ///
    /// @param what the subject of the message
    /// @throws Exception when it is no peer's doing
    static Observation observation(Transport transport, Exception thrown, String what, Call call) throws Exception {
        if (thrown instanceof AwsServiceException answer && answer.statusCode() > 0) {
            return answered(transport, answer, call.attempts());
        }
        return Observation.failed(transport, failed(thrown, what, call))
                .withMetadata(Metadata.of("attempts", call.attempts()));
    }

    private static Observation answered(Transport transport, AwsServiceException answer, int attempts) {
        Metadata.Builder facts = Metadata.builder().put("status_code", answer.statusCode());
        facts.put("error_code", code(answer));
        facts.put("error_message", text(answer));
        Facts.put(facts, "request_id", answer.requestId());
        Facts.put(facts, "extended_request_id", answer.extendedRequestId());
        facts.put("attempts", attempts);
        if (answer.isThrottlingException()) {
            facts.put("throttled", true);
        }
        skew(answer).ifPresent(skew -> facts.put("clock_skew_ms", skew.toMillis()));
        return Observation.answered(transport, false, status(answer), facts.build(), Payload.empty());
    }

    private static String status(AwsServiceException answer) {
        StringBuilder status = new StringBuilder(code(answer));
        String text = text(answer);
        if (!text.isBlank()) {
            status.append(": ").append(text);
        }
        skew(answer).ifPresent(skew -> {
            boolean ahead = !skew.isNegative();
            status.append(status.charAt(status.length() - 1) == '.' ? " " : ". ")
                    .append("This machine's clock is ")
                    .append(skew.abs().toSeconds())
                    .append(ahead ? " s ahead of" : " s behind")
                    .append(" the service's: set it right.");
        });
        return status.toString();
    }

    /// How far this machine's clock is ahead, where that is what the service complains of.
    private static Optional<Duration> skew(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        boolean complains = details != null
                && details.errorCode() != null
                && (details.errorCode().equals("RequestTimeTooSkewed")
                        || details.errorCode().equals("RequestExpired")
                        || details.errorCode().equals("RequestInTheFuture"));
        SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
        if (!complains || response == null) {
            return Optional.empty();
        }
        return response.firstMatchingHeader("Date")
                .flatMap(Failures::time)
                .map(time -> Duration.between(time, Instant.now()));
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// The service's own name of the error; where an answer has no body, its status.
    static String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null || code.isBlank() ? String.valueOf(answer.statusCode()) : code;
    }

    static String text(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String text = details == null ? null : details.errorMessage();
        return text == null ? "" : text;
    }

    /// The failure that it stands for, as a host classifies it, too.
    static Outcome.Failed failed(Exception thrown, String what, Call call) throws InterruptedException {
        Deadline deadline = call.context().deadline();
        if (call.isCancelled()) {
            return new Outcome.Failed(Failure.CANCELLED, what + ": the exchange was cancelled", thrown);
        }
        if (thrown instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (thrown instanceof AbortedException) {
            InterruptedException interrupted = new InterruptedException(thrown.getMessage());
            interrupted.initCause(thrown);
            throw interrupted;
        }
        if (thrown instanceof ApiCallTimeoutException || thrown instanceof ApiCallAttemptTimeoutException) {
            return new Outcome.Failed(
                    Failure.TIMEOUT, "%s: no whole answer within the %s".formatted(what, deadline.limit()), thrown);
        }
        return failed(thrown, what);
    }

    static Outcome.Failed failed(Exception thrown, String what) {
        if (thrown instanceof FailureException) {
            return Outcome.Failed.of(thrown);
        }
        if (thrown instanceof ApiCallTimeoutException) {
            return new Outcome.Failed(Failure.TIMEOUT, what + ": no whole answer in time", thrown);
        }
        ConnectionRequestTimeoutException waited = cause(thrown, ConnectionRequestTimeoutException.class);
        if (waited != null) {
            return new Outcome.Failed(Failure.POOL, what + ": " + waited.getMessage(), thrown);
        }
        IOException cut = cause(thrown, IOException.class);
        Outcome.Failed failed = Outcome.Failed.of(cut == null ? thrown : cut);
        String message = cut == null && thrown instanceof SdkException told ? sentence(told) : failed.message();
        return new Outcome.Failed(failed.failure(), what + ": " + message, thrown);
    }

    /// The message without what the SDK adds for itself.
    static String sentence(SdkException thrown) {
        String message = String.valueOf(thrown.rawMessage() == null ? thrown.getMessage() : thrown.rawMessage());
        int attempts = message.indexOf(" (SDK Attempt Count:");
        String sentence = attempts < 0 ? message : message.substring(0, attempts);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable thrown, Class<T> type) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < DEEPEST_CAUSE; depth++) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
            current = current.getCause();
        }
        return null;
    }

    /// What ends a subscription for good.
    static FailureException broken(SdkException thrown, String what) {
        if (thrown instanceof AwsServiceException answer) {
            return new FailureException(
                    Failure.PROTOCOL, "%s: %s: %s".formatted(what, code(answer), text(answer)), thrown);
        }
        Outcome.Failed failed = failed(thrown, what);
        return new FailureException(failed.failure(), failed.message(), thrown);
    }

    /// Whether the service itself said no, which trying again does not change.
    static boolean isRefusal(Exception thrown) {
        return thrown instanceof SdkServiceException answer
                && answer.statusCode() >= 400
                && answer.statusCode() < 500
                && !answer.isThrottlingException();
    }
}
