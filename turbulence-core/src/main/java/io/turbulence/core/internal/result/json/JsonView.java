package io.turbulence.core.internal.result.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks into JSON that may be of an older version: what is not there is empty.
public record JsonView(@Nullable Object value) {

    public JsonView get(String name) {
        return new JsonView(value instanceof Map<?, ?> map ? map.get(name) : null);
    }

    public JsonView at(int index) {
        return new JsonView(value instanceof List<?> list && index < list.size() ? list.get(index) : null);
    }

    public boolean isNull() {
        return value == null;
    }

    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    /// Empty when there is none.
    public String text() {
        return value == null ? "" : value.toString();
    }

    /// Zero when there is none.
    public double number() {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    public long count() {
        return value instanceof Number number ? number.longValue() : 0;
    }

    @Nullable
    public Double numberOrNull() {
        return value instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }

    public List<JsonView> list() {
        List<JsonView> views = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object member : list) {
                views.add(new JsonView(member));
            }
        }
        return views;
    }

    public Map<String, JsonView> map() {
        Map<String, JsonView> views = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> views.put(String.valueOf(name), new JsonView(member)));
        }
        return views;
    }
}
