package io.turbulence.core.internal.definition.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What the expressions of these tests see. Every map and list is unmodifiable: a change would throw.
final class SampleScope implements Scope {

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(7);

    SampleScope() {
        values.put("status_code", 200);
        values.put("total", 42L);
        values.put("price", 19.99);
        values.put("one", 1.0);
        values.put("name", "Ada");
        values.put("order_id", "A-17");
        values.put("nothing", null);
        values.put("approved", true);
        values.put("tags", List.of("new", "paid"));
        values.put("flags", List.of(true, false));
        values.put("numbers", List.of(3, 1L, 2.5));
        values.put("none", List.of());
        values.put("big", new BigInteger("9223372036854775808"));
        values.put("exact", new BigDecimal("0.10"));
        values.put("huge", new BigDecimal("1e999999999"));
        values.put("bytes", "hello".getBytes(StandardCharsets.UTF_8));
        values.put("long_text", "a".repeat(60_000) + "!");
        Map<String, @Nullable Object> customer = new LinkedHashMap<>();
        customer.put("name", "Ada");
        customer.put("email", null);
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("id", "A-17");
        payload.put("items", List.of(map("sku", "A-1", "price", 2.5), map("sku", "B-2", "price", 10)));
        payload.put("customer", Collections.unmodifiableMap(customer));
        payload.put("size", 12);
        payload.put("empty", false);
        payload.put("new", "yes");
        payload.put("in", "stock");
        payload.put("class", "gold");
        payload.put("content-type", "application/json");
        payload.put("matrix", List.of(List.of(1, 2), List.of(3, 4)));
        values.put("payload", Collections.unmodifiableMap(payload));
        values.put("headers", map("Content-Type", "text/plain", "x-request-id", "r-1"));
        values.put("steps", Map.of("create-order", Map.of("payload", Map.of("id", 5))));
        values.put("env", Map.of("MODE", "test"));
    }

    /// Keeps the order, so that messages do.
    private static Map<String, Object> map(String key, Object value, String otherKey, Object otherValue) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        map.put(otherKey, otherValue);
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean has(String name) {
        return values.containsKey(name);
    }

    @Override
    public @Nullable Object value(String name) {
        return values.get(name);
    }

    @Override
    public long random(int place) {
        return random.nextLong() ^ place;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-11-20T10:15:30.120456Z");
    }

    @Override
    public Collection<String> names() {
        return values.keySet();
    }
}
