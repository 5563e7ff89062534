package io.turbulence.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes the well-known types, which JSON has forms of their own for.
final class WellKnown {

    static final String ANY = "google.protobuf.Any";
    static final String TIMESTAMP = "google.protobuf.Timestamp";
    static final String DURATION = "google.protobuf.Duration";
    static final String FIELD_MASK = "google.protobuf.FieldMask";
    static final String STRUCT = "google.protobuf.Struct";
    static final String VALUE = "google.protobuf.Value";
    static final String LIST_VALUE = "google.protobuf.ListValue";
    static final String NULL_VALUE = "google.protobuf.NullValue";
    static final String TYPE_KEY = "@type";
    static final String VALUE_KEY = "value";

    private static final Set<String> WRAPPERS = Set.of(
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");
    private static final Set<String> OTHERS = Set.of(ANY, TIMESTAMP, DURATION, FIELD_MASK, STRUCT, VALUE, LIST_VALUE);
    private static final String PREFIX = "google.protobuf.";
    private static final Pattern SECONDS = Pattern.compile("(-?)(\\d{1,12})(?:\\.(\\d{1,9}))?s");
    private static final Pattern UNITS = Pattern.compile("(\\d+)(ms|m|h)");
    private static final long MAX_SECONDS = 315_576_000_000L;

    private final MessageWriter writer;

    WellKnown(MessageWriter writer) {
        this.writer = writer;
    }

    static boolean writes(Descriptor type) {
        String name = type.getFullName();
        return name.startsWith(PREFIX) && (OTHERS.contains(name) || WRAPPERS.contains(name));
    }

    static boolean isWrapper(Descriptor type) {
        return type.getFullName().startsWith(PREFIX) && WRAPPERS.contains(type.getFullName());
    }

    void write(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        switch (type.getFullName()) {
            case ANY -> any(type, message, tree, path);
            case TIMESTAMP -> timestamp(type, message, tree, path);
            case DURATION -> duration(type, message, tree, path);
            case FIELD_MASK -> fieldMask(type, message, tree, path);
            case STRUCT -> struct(type, message, tree, path);
            case VALUE -> value(type, message, tree, path);
            case LIST_VALUE -> listValue(type, message, tree, path);
            default -> wrapper(type, message, tree, path);
        }
    }

    private void wrapper(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        FieldDescriptor field = type.findFieldByNumber(1);
        Object given = tree instanceof Map<?, ?> map && map.containsKey(VALUE_KEY) ? map.get(VALUE_KEY) : tree;
        Object value = writer.value(field, given, path);
        if (value != null) {
            message.setField(field, value);
        }
    }

    private void timestamp(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (tree instanceof Map<?, ?> fields) {
            writer.fields(type, message, fields, path);
            return;
        }
        try {
            Instant instant = OffsetDateTime.parse(String.valueOf(tree)).toInstant();
            seconds(type, message, instant.getEpochSecond(), instant.getNano());
        } catch (DateTimeException e) {
            writer.tell(path, MessageWriter.shown(tree), "a time such as '2026-11-21T10:15:30Z'", "");
        }
    }

    private void duration(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (tree instanceof Map<?, ?> fields) {
            writer.fields(type, message, fields, path);
            return;
        }
        Duration duration = duration(String.valueOf(tree));
        if (duration == null) {
            writer.tell(path, MessageWriter.shown(tree), "a duration such as '1.5s'", "");
            return;
        }
        // Both parts carry the sign
        boolean borrow = duration.getSeconds() < 0 && duration.getNano() > 0;
        long seconds = borrow ? duration.getSeconds() + 1 : duration.getSeconds();
        int nanos = borrow ? duration.getNano() - 1_000_000_000 : duration.getNano();
        seconds(type, message, seconds, nanos);
    }

    private static @Nullable Duration duration(String text) {
        Matcher matcher = SECONDS.matcher(text);
        if (matcher.matches()) {
            long seconds = Long.parseLong(matcher.group(2));
            String fraction = matcher.group(3) == null ? "" : matcher.group(3);
            int nanos = fraction.isEmpty() ? 0 : Integer.parseInt(fraction + "0".repeat(9 - fraction.length()));
            Duration duration = Duration.ofSeconds(seconds, nanos);
            return seconds > MAX_SECONDS ? null : matcher.group(1).isEmpty() ? duration : duration.negated();
        }
        Matcher units = UNITS.matcher(text);
        if (!units.matches() || units.group(1).length() > 9) {
            return null;
        }
        long amount = Long.parseLong(units.group(1));
        return switch (units.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static void seconds(Descriptor type, DynamicMessage.Builder message, long seconds, int nanos) {
        message.setField(type.findFieldByNumber(1), seconds);
        message.setField(type.findFieldByNumber(2), nanos);
    }

    private void fieldMask(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        FieldDescriptor paths = type.findFieldByNumber(1);
        if (tree instanceof Map<?, ?> fields) {
            writer.fields(type, message, fields, path);
        } else if (tree instanceof String text) {
            for (String each : text.split(",", -1)) {
                if (!each.isBlank()) {
                    message.addRepeatedField(paths, snakeCase(each.strip()));
                }
            }
        } else if (tree instanceof List<?> list) {
            list.forEach(each -> message.addRepeatedField(paths, String.valueOf(each)));
        } else {
            writer.tell(path, MessageWriter.shown(tree), "paths such as 'name,address.city'", "");
        }
    }

    private static String snakeCase(String path) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (Character.isUpperCase(c)) {
                snake.append('_').append(Character.toLowerCase(c));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    private void struct(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (!(tree instanceof Map<?, ?> entries)) {
            writer.tell(path, MessageWriter.shown(tree), "a mapping", "");
            return;
        }
        FieldDescriptor fields = type.findFieldByNumber(1);
        Descriptor entry = fields.getMessageType();
        for (Map.Entry<?, ?> each : entries.entrySet()) {
            String key = String.valueOf(each.getKey());
            DynamicMessage.Builder value =
                    DynamicMessage.newBuilder(entry.findFieldByNumber(2).getMessageType());
            value(value.getDescriptorForType(), value, each.getValue(), path.field(key));
            message.addRepeatedField(
                    fields,
                    DynamicMessage.newBuilder(entry)
                            .setField(entry.findFieldByNumber(1), key)
                            .setField(entry.findFieldByNumber(2), value.build())
                            .build());
        }
    }

    private void value(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (tree == null || MessageWriter.isUnknown(tree)) {
            FieldDescriptor field = type.findFieldByNumber(1);
            message.setField(field, field.getEnumType().findValueByNumber(0));
        } else if (tree instanceof Boolean) {
            message.setField(type.findFieldByNumber(4), tree);
        } else if (tree instanceof Number number) {
            message.setField(type.findFieldByNumber(2), number.doubleValue());
        } else if (tree instanceof Map<?, ?>) {
            FieldDescriptor field = type.findFieldByNumber(5);
            message.setField(field, nested(field, tree, path));
        } else if (tree instanceof List<?>) {
            FieldDescriptor field = type.findFieldByNumber(6);
            message.setField(field, nested(field, tree, path));
        } else {
            message.setField(type.findFieldByNumber(3), String.valueOf(tree));
        }
    }

    private DynamicMessage nested(FieldDescriptor field, Object tree, Place path) {
        return writer.message(field.getMessageType(), tree, path).build();
    }

    private void listValue(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (!(tree instanceof List<?> items)) {
            writer.tell(path, MessageWriter.shown(tree), "a list", "");
            return;
        }
        FieldDescriptor values = type.findFieldByNumber(1);
        for (int i = 0; i < items.size(); i++) {
            DynamicMessage.Builder value = DynamicMessage.newBuilder(values.getMessageType());
            value(value.getDescriptorForType(), value, items.get(i), path.item(i));
            message.addRepeatedField(values, value.build());
        }
    }

    private void any(Descriptor type, DynamicMessage.Builder message, @Nullable Object tree, Place path) {
        if (!(tree instanceof Map<?, ?> fields)) {
            writer.tell(path, MessageWriter.shown(tree), "a mapping with '@type'", "");
            return;
        }
        if (fields.isEmpty() || MessageWriter.isUnknown(fields.get(TYPE_KEY))) {
            return;
        }
        if (!(fields.get(TYPE_KEY) instanceof String given)) {
            writer.tell(
                    path,
                    "a mapping without '@type'",
                    "'@type', the name of the message that it holds",
                    "Write '\"@type\": type.googleapis.com/shop.Order'.");
            return;
        }
        Descriptor held = writer.types().find(given.substring(given.lastIndexOf('/') + 1));
        if (held == null) {
            writer.tell(path.field(TYPE_KEY), "the unknown type '" + given + "'", "a type of this service", "");
            return;
        }
        Map<Object, @Nullable Object> rest = new LinkedHashMap<>(fields);
        rest.remove(TYPE_KEY);
        Object content = writes(held) ? rest.get(VALUE_KEY) : rest;
        ByteString bytes = writer.message(held, content, path).buildPartial().toByteString();
        message.setField(type.findFieldByNumber(1), given.indexOf('/') < 0 ? "type.googleapis.com/" + given : given);
        message.setField(type.findFieldByNumber(2), bytes);
    }

    /// A field mask in JSON's form: `name,address.cityName`.
    static String camelCase(List<?> paths) {
        List<String> camel = new ArrayList<>();
        for (Object path : paths) {
            StringBuilder one = new StringBuilder();
            boolean up = false;
            for (char c : String.valueOf(path).toCharArray()) {
                if (c == '_') {
                    up = true;
                } else {
                    one.append(up ? Character.toUpperCase(c) : c);
                    up = false;
                }
            }
            camel.add(one.toString());
        }
        return String.join(",", camel);
    }
}
