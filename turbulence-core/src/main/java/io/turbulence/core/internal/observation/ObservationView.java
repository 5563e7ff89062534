package io.turbulence.core.internal.observation;

import io.turbulence.api.Failure;
import io.turbulence.api.Headers;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An observation as expressions and JSONPaths see it: the names of the contract, read from an
/// [Exchange] without copying it. Read-only; used by one thread at a time.
public final class ObservationView extends AbstractMap<String, @Nullable Object> {

    private static final List<String> NAMES = List.of(
            "ok",
            "transport",
            "latency_ms",
            "scheduled_latency_ms",
            "pool_wait_ms",
            "connect_ms",
            "metadata",
            "payload",
            "payloads",
            "payloads_total",
            "errors",
            "failure",
            "attempts");

    private final Exchange exchange;
    private boolean ok;
    private List<String> errors;

    public ObservationView(Exchange exchange, boolean ok, List<String> errors) {
        this.exchange = exchange;
        this.ok = ok;
        this.errors = errors;
    }

    public Exchange exchange() {
        return exchange;
    }

    /// Settles the step's verdict once its extractions and expectations are known.
    public void settle(boolean verdict, List<String> why) {
        ok = verdict;
        errors = why;
    }

    public @Nullable Object metadata(String name) {
        return exchange.metadata().get(name);
    }

    public boolean hasMetadata(String name) {
        return exchange.metadata().has(name);
    }

    /// A header by its name, whatever its case.
    public @Nullable Object header(String name) {
        return switch (exchange.metadata().get("headers")) {
            case Headers headers -> headers.get(name);
            case Map<?, ?> map -> ignoringCase(map, name);
            case null -> null;
            default -> null;
        };
    }

    private static @Nullable Object ignoringCase(Map<?, ?> headers, String name) {
        for (Entry<?, ?> header : headers.entrySet()) {
            if (name.equalsIgnoreCase(String.valueOf(header.getKey()))) {
                return header.getValue();
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && isThere(name);
    }

    private boolean isThere(String name) {
        return switch (name) {
            case "payloads", "payloads_total" -> exchange.messages() != null;
            case "body" -> true;
            default -> NAMES.contains(name) || exchange.metadata().has(name);
        };
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return key instanceof String name ? read(name) : null;
    }

    private @Nullable Object read(String name) {
        return switch (name) {
            case "ok" -> ok;
            case "transport" -> exchange.transport();
            case "latency_ms" -> millis(exchange.latencyNanos());
            case "scheduled_latency_ms" -> millis(exchange.scheduledLatencyNanos());
            case "pool_wait_ms" -> millis(exchange.poolWaitNanos());
            case "connect_ms" -> millis(exchange.connectNanos());
            case "metadata" -> exchange.metadata().asMap();
            case "payload", "body" -> exchange.content().tree();
            case "payloads" -> payloads();
            case "payloads_total" ->
                exchange.messages() == null ? null : exchange.messages().total();
            case "errors" -> errors;
            case "failure" -> failureName(exchange.failure());
            case "attempts" -> attempts();
            default -> exchange.metadata().get(name);
        };
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String name : NAMES) {
            if (containsKey(name)) {
                all.put(name, get(name));
            }
        }
        return all.entrySet();
    }

    /// Milliseconds with their fraction; null where there is no time.
    public static @Nullable Double millis(long nanos) {
        long micros = nanos / 1000;
        return nanos < 0 ? null : micros / 1000.0;
    }

    private @Nullable List<@Nullable Object> payloads() {
        Exchange.Messages messages = exchange.messages();
        if (messages == null) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>(messages.kept().size());
        for (Exchange.Message message : messages.kept()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("at_ms", millis(message.atNanos()));
            one.put("metadata", message.metadata().asMap());
            one.put("payload", message.content().tree());
            list.add(one);
        }
        return list;
    }

    private List<@Nullable Object> attempts() {
        List<@Nullable Object> list = new ArrayList<>(exchange.attempts().size());
        for (Exchange.Attempt attempt : exchange.attempts()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("number", attempt.number());
            one.put("ok", attempt.ok());
            one.put("latency_ms", millis(attempt.latencyNanos()));
            one.put("status", attempt.status());
            one.put("failure", failureName(attempt.failure()));
            one.put("message", attempt.message());
            list.add(one);
        }
        return list;
    }

    private static @Nullable String failureName(@Nullable Failure failure) {
        return failure == null ? null : failure.name();
    }
}
