package io.turbulence.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.turbulence.spi.StepEnd;
import java.util.Map;

/// How a step is described: by OpenTelemetry's semantic conventions where there is one, else by names of our own below
/// `turbulence.`. What a plugin that nobody knows here tells of itself comes through too.
final class Conventions {

    private Conventions() {}

    /// A name by the conventions for a fact of a protocol.
    private static final Map<String, Map<String, String>> NAMES = Map.of(
            "http", Map.of("status_code", "http.response.status_code", "url", "url.full"),
            "graphql", Map.of("status_code", "http.response.status_code"),
            "grpc", Map.of("status_code", "rpc.grpc.status_code"),
            "sql", Map.of("sql_state", "db.response.status_code", "rows", "db.response.returned_rows"),
            "kafka",
                    Map.of(
                            "topic", "messaging.destination.name",
                            "partition", "messaging.destination.partition.id",
                            "offset", "messaging.kafka.offset",
                            "messages", "messaging.batch.message_count"));

    /// What is so of all steps of a protocol.
    private static final Map<String, Map<String, String>> FIXED = Map.of(
            "grpc", Map.of("rpc.system", "grpc"),
            "sql", Map.of("db.system.name", "other_sql"),
            "kafka", Map.of("messaging.system", "kafka"));

    static SpanKind kind(StepEnd step) {
        if (step.transport() == null) {
            return SpanKind.INTERNAL;
        }
        if (!step.transport().equals("kafka")) {
            return SpanKind.CLIENT;
        }
        return step.type().endsWith("produce") ? SpanKind.PRODUCER : SpanKind.CONSUMER;
    }

    static Attributes attributes(StepEnd step) {
        AttributesBuilder attributes = Attributes.builder()
                .put("turbulence.step", step.name())
                .put("turbulence.action", step.type())
                .put("turbulence.path", step.path());
        if (step.transport() != null) {
            exchange(step, step.transport(), attributes);
        }
        if (step.result() == StepEnd.Result.FAILED) {
            attributes.put("error.type", errorType(step));
        }
        return attributes.build();
    }

    /// Of one attempt of several.
    static Attributes attributes(StepEnd.Attempt attempt) {
        AttributesBuilder attributes = Attributes.builder()
                .put("turbulence.attempt", attempt.number())
                .put("turbulence.ok", attempt.ok())
                .put("turbulence.latency_ms", attempt.latency().toNanos() / 1e6);
        if (attempt.status() != null) {
            attributes.put("turbulence.status", attempt.status());
        }
        if (attempt.failure() != null) {
            attributes.put("turbulence.failure", attempt.failure().name());
        }
        if (attempt.message() != null) {
            attributes.put("turbulence.message", attempt.message());
        }
        return attributes.build();
    }

    private static void exchange(StepEnd step, String transport, AttributesBuilder attributes) {
        attributes.put("turbulence.protocol", transport).put("turbulence.attempts", step.tried());
        if (step.service() != null) {
            attributes.put("peer.service", step.service());
        }
        if (step.status() != null) {
            attributes.put("turbulence.status", step.status());
        }
        if (step.failure() != null) {
            attributes.put("turbulence.failure", step.failure().name());
        }
        if (step.latency() != null) {
            attributes.put("turbulence.latency_ms", step.latency().toNanos() / 1e6);
        }
        if (step.poolWait() != null) {
            attributes.put("turbulence.pool_wait_ms", step.poolWait().toNanos() / 1e6);
        }
        FIXED.getOrDefault(transport, Map.of()).forEach(attributes::put);
        Map<String, String> names = NAMES.getOrDefault(transport, Map.of());
        step.facts().forEach((fact, value) -> put(attributes, names.getOrDefault(fact, "turbulence." + fact), value));
    }

    private static void put(AttributesBuilder attributes, String name, Object value) {
        // The one number that the conventions want as text
        if (name.equals("messaging.destination.partition.id")) {
            attributes.put(name, value.toString());
            return;
        }
        switch (value) {
            case Boolean truth -> attributes.put(name, truth);
            case Integer whole -> attributes.put(name, whole.longValue());
            case Long whole -> attributes.put(name, whole);
            case Number real -> attributes.put(name, real.doubleValue());
            default -> attributes.put(name, value.toString());
        }
    }

    /// Why there was no valid answer; else what the peer answered, unless only an expectation did not hold.
    private static String errorType(StepEnd step) {
        if (step.failure() != null) {
            return step.failure().name();
        }
        return step.status() == null || step.status().isEmpty() ? "expectation" : step.status();
    }
}
