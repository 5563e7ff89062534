package io.turbulence.core.internal.result.observer;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.engine.event.Trace;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.spi.InstanceEnd;
import io.turbulence.spi.ObservedInstance;
import io.turbulence.spi.ShownText;
import io.turbulence.spi.StepEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes of results what observers see of them, secrets masked. Thread-safe.
final class ObservedEvents {

    private static final int LONGEST_FACT = 1_000;

    private final SecretMask runMask;

    ObservedEvents(Collection<String> secrets) {
        this.runMask = new SecretMask(secrets);
    }

    SecretMask mask() {
        return runMask;
    }

    /// What is kept of a result until it is told: answers may be large.
    static StepResult withoutContent(StepResult result) {
        Exchange exchange = result.exchange();
        if (exchange == null) {
            return result;
        }
        Exchange small = new Exchange(
                exchange.transport(),
                exchange.outcome(),
                exchange.latencyNanos(),
                exchange.scheduledLatencyNanos(),
                exchange.poolWaitNanos(),
                exchange.connectNanos(),
                exchange.firstByteNanos(),
                exchange.metadata(),
                Content.EMPTY,
                null,
                exchange.attempts());
        return new StepResult(
                result.instance(),
                result.step(),
                result.path(),
                result.startedAt(),
                result.skipped(),
                result.ok(),
                Map.of(),
                small,
                result.errors(),
                result.secrets(),
                List.of(),
                result.span(),
                result.parent(),
                List.of());
    }

    InstanceEnd instance(InstanceResult result, Instant at) {
        String error = result.error();
        return new InstanceEnd(
                observed(result.instance()),
                result.startedAt(),
                notBefore(result.startedAt(), at),
                switch (result.status()) {
                    case PASSED -> InstanceEnd.Result.PASSED;
                    case FAILED -> InstanceEnd.Result.FAILED;
                    case ABORTED -> InstanceEnd.Result.ABORTED;
                },
                result.steps(),
                result.failedStep(),
                error == null ? null : runMask.with(result.secrets()).text(error));
    }

    StepEnd step(StepResult result, Instant at) {
        InstanceInfo instance = result.instance();
        Exchange exchange = result.exchange();
        SecretMask mask = runMask.with(result.secrets());
        return new StepEnd(
                observed(instance),
                instance.trace().spanId(result.span()),
                instance.trace().spanId(result.parent()),
                result.step().name(),
                result.step().type(),
                result.path(),
                result.step().service(),
                result.startedAt(),
                result.skipped() ? result.startedAt() : notBefore(result.startedAt(), at),
                result.skipped() ? StepEnd.Result.SKIPPED : result.ok() ? StepEnd.Result.OK : StepEnd.Result.FAILED,
                exchange == null ? null : exchange.transport(),
                status(exchange, mask),
                exchange == null ? null : exchange.failure(),
                result.errors().isEmpty() ? null : mask.text(result.errors().getFirst()),
                tried(exchange),
                exchange == null ? List.of() : attempts(exchange, mask),
                exchange == null ? null : duration(exchange.latencyNanos()),
                exchange == null ? null : duration(exchange.poolWaitNanos()),
                exchange == null ? Map.of() : facts(exchange.metadata().asMap(), mask));
    }

    private static ObservedInstance observed(InstanceInfo instance) {
        return new ObservedInstance(
                instance.scenario(),
                instance.number(),
                instance.instanceId(),
                instance.correlationId(),
                switch (instance.phase()) {
                    case BEFORE_RUN -> ObservedInstance.Part.BEFORE_RUN;
                    case INSTANCE -> ObservedInstance.Part.INSTANCE;
                    case AFTER_RUN -> ObservedInstance.Part.AFTER_RUN;
                },
                instance.warmUp(),
                instance.trace().id(),
                instance.trace().spanId(Trace.ROOT));
    }

    /// The wall clock may be set back.
    private static Instant notBefore(Instant start, Instant end) {
        return end.isBefore(start) ? start : end;
    }

    private static @Nullable String status(@Nullable Exchange exchange, SecretMask mask) {
        return exchange != null
                        && exchange.transport() != null
                        && exchange.outcome() instanceof Outcome.Completed completed
                ? mask.text(completed.status())
                : null;
    }

    private static int tried(@Nullable Exchange exchange) {
        if (exchange == null) {
            return 0;
        }
        // Of many polls only the newest are kept, with their numbers
        return exchange.attempts().isEmpty() ? 1 : exchange.attempts().getLast().number();
    }

    private static List<StepEnd.Attempt> attempts(Exchange exchange, SecretMask mask) {
        return exchange.attempts().stream()
                .map(attempt -> new StepEnd.Attempt(
                        attempt.number(),
                        attempt.ok(),
                        Instant.ofEpochMilli(attempt.startedAtEpochMillis()),
                        Duration.ofNanos(Math.max(0, attempt.latencyNanos())),
                        attempt.status() == null ? null : mask.text(attempt.status()),
                        attempt.failure(),
                        attempt.message() == null ? null : mask.text(attempt.message())))
                .toList();
    }

    private static @Nullable Duration duration(long nanos) {
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }

    private static Map<String, Object> facts(Map<String, ? extends @Nullable Object> metadata, SecretMask mask) {
        Map<String, Object> facts = new LinkedHashMap<>();
        metadata.forEach((name, value) -> {
            if (mask.isSecretName(name)) {
                return;
            }
            // Headers and the like are not shown: only what has no parts
            if (value instanceof String text) {
                facts.put(name, shortened(mask.text(text)));
            } else if (value instanceof Number number) {
                facts.put(name, mask.isSecret(number) ? SecretMask.MASK : number);
            } else if (value instanceof Boolean truth) {
                facts.put(name, truth);
            }
        });
        return facts;
    }

    private static String shortened(String text) {
        return ShownText.shortened(text, LONGEST_FACT);
    }
}
