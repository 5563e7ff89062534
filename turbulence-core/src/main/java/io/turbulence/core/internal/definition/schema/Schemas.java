package io.turbulence.core.internal.definition.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds JSON Schemas (draft 2020-12) as trees.
final class Schemas {

    /// A text that holds a template.
    static final Map<String, Object> TEMPLATE = Map.of("type", "string", "pattern", "\\{\\{");

    private static final List<String> UNITS = List.of("_seconds", "_ms");

    private Schemas() {}

    static Map<String, Object> schema(Object... keysAndValues) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return schema;
    }

    static Map<String, Object> ref(String definition) {
        return schema("$ref", "#/$defs/" + definition);
    }

    static Map<String, Object> anyOf(Object... schemas) {
        return schema("anyOf", Arrays.asList(schemas));
    }

    static Map<String, Object> not(Object schema) {
        return schema("not", schema);
    }

    static Map<String, Object> required(String... keys) {
        return schema("required", List.of(keys));
    }

    /// A mapping with these keys and no others. A key and the same with a unit are not given at once.
    static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = schema("type", "object", "properties", properties, "additionalProperties", false);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        for (String key : properties.keySet()) {
            for (String unit : UNITS) {
                String plain = key.endsWith(unit) ? key.substring(0, key.length() - unit.length()) : key;
                if (!plain.equals(key) && properties.containsKey(plain)) {
                    also(schema, not(required(plain, key)));
                }
            }
        }
        return schema;
    }

    static Map<String, Object> array(Object items) {
        return schema("type", "array", "items", items);
    }

    /// The same with a description.
    static Map<String, Object> described(String description, Map<String, Object> schema) {
        Map<String, Object> described = schema("description", description);
        described.putAll(schema);
        return described;
    }

    /// The same, or null: what is nothing counts as not given.
    static Map<String, Object> orNull(Map<String, Object> schema) {
        return anyOf(schema, schema("type", "null"));
    }

    /// Adds a condition to those that a schema has.
    static void also(Map<String, Object> schema, Object condition) {
        List<Object> all = new ArrayList<>();
        if (schema.get("allOf") instanceof List<?> before) {
            all.addAll(before);
        }
        all.add(condition);
        schema.put("allOf", all);
    }
}
