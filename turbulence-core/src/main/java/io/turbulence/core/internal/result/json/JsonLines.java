package io.turbulence.core.internal.result.json;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.definition.binding.SettingsTree;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.text.WellFormed;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes results as lines of JSON, secrets masked, straight from the records. Thread-safe.
public final class JsonLines {

    /// Most characters of all messages of a stream in a line, as a multiple of one payload's.
    private static final int PAYLOADS_FACTOR = 4;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String runId;
    private final SecretMask runMask;
    private final int payloadLimit;

    public JsonLines(String runId, Collection<String> secrets, int payloadLimit) {
        this.runId = runId;
        this.runMask = new SecretMask(secrets);
        this.payloadLimit = payloadLimit;
    }

    /// Any tree as a line, nothing masked.
    public static byte[] line(Map<String, ? extends @Nullable Object> tree) {
        return WellFormed.utf8(JsonCodec.INSTANCE.writeText(tree) + "\n");
    }

    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    public SecretMask mask(Collection<String> secrets) {
        return runMask.with(secrets);
    }

    public byte[] step(StepResult result) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = WellFormedJson.to(line)) {
            writeStep(json, result, false);
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    public byte[] instance(InstanceResult result) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(384);
        try (JsonGenerator json = WellFormedJson.to(line)) {
            writeInstance(json, result);
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    public byte[] assertion(AssertionResult result) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator json = WellFormedJson.to(line)) {
            writeAssertion(json, result);
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    /// A failed instance with all that is known of it, for reports: of its steps what was asked, too.
    public byte[] example(
            String signature,
            InstanceResult instance,
            List<StepResult> steps,
            List<AssertionResult> assertions,
            int omitted) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = WellFormedJson.to(line)) {
            json.writeStartObject();
            json.writeStringProperty("signature", signature);
            json.writeName("instance");
            writeInstance(json, instance);
            json.writeNumberProperty("steps_omitted", omitted);
            json.writeName("steps").writeStartArray();
            steps.forEach(step -> writeStep(json, step, true));
            json.writeEndArray();
            json.writeName("assertions").writeStartArray();
            assertions.forEach(assertion -> writeAssertion(json, assertion));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    private void writeStep(JsonGenerator json, StepResult result, boolean withRequest) {
        SecretMask mask = runMask.with(result.secrets());
        MaskedTree tree = new MaskedTree(json, mask);
        json.writeStartObject();
        json.writeStringProperty("run_id", runId);
        writeInstanceNames(json, result.instance());
        json.writeStringProperty("step", result.step().name());
        json.writeStringProperty("path", result.path());
        json.writeStringProperty("type", result.step().type());
        writeText(json, "service", result.step().service());
        json.writeStringProperty("started_at", time(result.startedAt()));
        json.writeBooleanProperty("skipped", result.skipped());
        json.writeBooleanProperty("warm_up", result.instance().warmUp());
        if (result.instance().phase() != InstanceInfo.Phase.INSTANCE) {
            json.writeStringProperty("phase", result.instance().phase().name());
        }
        writeTold(json, result.told());
        json.writeName("extracted");
        tree.write(result.extracted(), payloadLimit);
        json.writeBooleanProperty("ok", result.ok());
        Exchange exchange = result.exchange();
        if (withRequest && exchange != null && exchange.request() != null) {
            json.writeName("request");
            tree.write(SettingsTree.of(exchange.request()), payloadLimit);
            writeText(json, "traceparent", exchange.traceparent());
        }
        writeExchange(json, tree, result);
        json.writeEndObject();
    }

    private void writeExchange(JsonGenerator json, MaskedTree tree, StepResult result) {
        Exchange exchange = result.exchange();
        writeText(json, "transport", exchange == null ? null : exchange.transport());
        writeMillis(json, "latency_ms", exchange == null ? -1 : exchange.latencyNanos());
        writeMillis(json, "scheduled_latency_ms", exchange == null ? -1 : exchange.scheduledLatencyNanos());
        writeMillis(json, "pool_wait_ms", exchange == null ? -1 : exchange.poolWaitNanos());
        writeMillis(json, "connect_ms", exchange == null ? -1 : exchange.connectNanos());
        boolean truncated = false;
        if (exchange == null) {
            json.writeName("metadata").writeStartObject().writeEndObject();
            json.writeNullProperty("payload");
        } else {
            writeMillis(json, "first_byte_ms", exchange.firstByteNanos());
            json.writeName("metadata");
            truncated = tree.write(exchange.metadata().asMap(), payloadLimit);
            truncated |= writePayload(json, tree, exchange.content(), payloadLimit);
            truncated |= writePayloads(json, tree, exchange.messages());
        }
        if (truncated) {
            json.writeBooleanProperty("truncated", true);
        }
        json.writeName("errors").writeStartArray();
        result.errors().forEach(error -> json.writeString(tree.mask().text(error)));
        json.writeEndArray();
        writeText(json, "failure", exchange == null ? null : name(exchange.failure()));
        writeStatus(json, exchange, result.ok());
        writeAttempts(json, tree.mask(), exchange == null ? List.of() : exchange.attempts());
    }

    /// What `now()` told, for who runs the instance again.
    private static void writeTold(JsonGenerator json, List<Instant> told) {
        if (!told.isEmpty()) {
            json.writeName("now").writeStartArray();
            told.forEach(instant -> json.writeString(instant.toString()));
            json.writeEndArray();
        }
    }

    /// @param ok the step's; the protocol's own verdict is written where it is another
    private static void writeStatus(JsonGenerator json, @Nullable Exchange exchange, boolean ok) {
        if (exchange != null && exchange.outcome() instanceof Outcome.Completed completed) {
            if (!completed.status().isEmpty()) {
                json.writeStringProperty("status", completed.status());
            }
            if (completed.success() != ok && exchange.transport() != null) {
                json.writeBooleanProperty("success", completed.success());
            }
        }
    }

    private static boolean writePayload(JsonGenerator json, MaskedTree tree, Content content, int limit) {
        Object payload = tree(content);
        json.writeName("payload");
        boolean truncated = tree.write(payload, limit);
        if (payload instanceof byte[]) {
            json.writeStringProperty("payload_encoding", "base64");
        }
        return truncated;
    }

    /// What is too large to be looked at must not take the run along.
    private static @Nullable Object tree(Content content) {
        try {
            return content.tree();
        } catch (OutOfMemoryError e) {
            return MaskedTree.TOO_LARGE;
        }
    }

    private boolean writePayloads(JsonGenerator json, MaskedTree tree, Exchange.@Nullable Messages messages) {
        if (messages == null) {
            return false;
        }
        boolean truncated = false;
        long left = (long) PAYLOADS_FACTOR * payloadLimit;
        json.writeName("payloads").writeStartArray();
        for (Exchange.Message message : messages.kept()) {
            if (left <= 0) {
                truncated = true;
                break;
            }
            json.writeStartObject();
            writeMillis(json, "at_ms", message.atNanos());
            json.writeName("metadata");
            truncated |= tree.write(message.metadata().asMap(), (int) Math.min(left, payloadLimit));
            left -= tree.used();
            truncated |= writePayload(json, tree, message.content(), Math.clamp(left, 0, payloadLimit));
            left -= tree.used();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("payloads_total", messages.total());
        return truncated;
    }

    private static void writeAttempts(JsonGenerator json, SecretMask mask, List<Exchange.Attempt> attempts) {
        json.writeName("attempts").writeStartArray();
        for (Exchange.Attempt attempt : attempts) {
            json.writeStartObject();
            json.writeNumberProperty("number", attempt.number());
            json.writeBooleanProperty("ok", attempt.ok());
            json.writeStringProperty("started_at", time(Instant.ofEpochMilli(attempt.startedAtEpochMillis())));
            writeMillis(json, "latency_ms", attempt.latencyNanos());
            writeText(json, "status", attempt.status());
            writeText(json, "failure", name(attempt.failure()));
            writeText(json, "message", attempt.message() == null ? null : mask.text(attempt.message()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeInstance(JsonGenerator json, InstanceResult result) {
        SecretMask mask = runMask.with(result.secrets());
        json.writeStartObject();
        json.writeStringProperty("run_id", runId);
        writeInstanceNames(json, result.instance());
        json.writeBooleanProperty("ok", result.ok());
        json.writeStringProperty("status", status(result.status()));
        if (result.instance().phase() != InstanceInfo.Phase.INSTANCE) {
            json.writeStringProperty("phase", result.instance().phase().name());
        }
        json.writeBooleanProperty("warm_up", result.instance().warmUp());
        json.writeStringProperty("started_at", time(result.startedAt()));
        writeMillis(json, "duration_ms", result.durationNanos());
        json.writeNumberProperty("steps", result.steps());
        writeTold(json, result.told());
        writeText(json, "failed_step", result.failedStep());
        writeText(json, "error", result.error() == null ? null : mask.text(result.error()));
        json.writeEndObject();
    }

    private static String status(InstanceResult.Status status) {
        return switch (status) {
            case PASSED -> "passed";
            case FAILED -> "failed";
            case ABORTED -> "aborted";
        };
    }

    private void writeAssertion(JsonGenerator json, AssertionResult result) {
        SecretMask mask = runMask.with(result.secrets());
        if (mask.isSecretName(lastName(result.subject())) && !result.expected().contains(SecretMask.MASK)) {
            // what is compared is the secret itself
            mask = mask.with(values(result));
        }
        json.writeStartObject();
        json.writeStringProperty("run_id", runId);
        writeInstanceNames(json, result.instance());
        json.writeStringProperty("step", result.step());
        json.writeStringProperty("path", result.path());
        json.writeBooleanProperty("ok", result.ok());
        json.writeStringProperty("subject", mask.values(result.subject()));
        json.writeStringProperty("expected", mask.text(result.expected()));
        writeText(json, "actual", result.actual() == null ? null : mask.text(result.actual()));
        json.writeStringProperty("message", mask.text(result.message()));
        json.writeStringProperty("file", result.file());
        json.writeNumberProperty("line", result.line());
        json.writeEndObject();
    }

    private static List<String> values(AssertionResult result) {
        String actual = result.actual();
        return actual == null
                ? List.of(unquoted(result.expected()))
                : List.of(unquoted(actual), unquoted(result.expected()));
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && "\"'".indexOf(text.charAt(0)) >= 0
                && text.charAt(0) == text.charAt(text.length() - 1);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /// `token` of `$.user['token']` and of `headers.token`.
    private static String lastName(String subject) {
        int end = subject.length();
        while (end > 0 && !Character.isLetterOrDigit(subject.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && ".['\"]/".indexOf(subject.charAt(start - 1)) < 0) {
            start--;
        }
        return subject.substring(start, end);
    }

    private static void writeInstanceNames(JsonGenerator json, InstanceInfo instance) {
        json.writeStringProperty("scenario", instance.scenario());
        json.writeNumberProperty("instance", instance.number());
        json.writeStringProperty("instance_id", instance.instanceId());
        json.writeStringProperty("correlation_id", instance.correlationId());
    }

    private static void writeMillis(JsonGenerator json, String name, long nanos) {
        Double millis = millis(nanos);
        if (millis == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, millis.doubleValue());
        }
    }

    private static @Nullable Double millis(long nanos) {
        return nanos < 0 ? null : Math.floorDiv(nanos, 1000) / 1000.0;
    }

    private static void writeText(JsonGenerator json, String name, @Nullable String text) {
        if (text == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, text);
        }
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
