package io.turbulence.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes trees of messages, by protobuf's JSON mapping: fields by their JSON name, enums by name, bytes as
/// base64, well-known types in their own forms; but 64-bit integers as numbers, and fields that cannot tell
/// whether they were set are always there, with their default.
final class MessageReader {

    private static final double LARGEST_WHOLE = 1e15;

    private final Types types;

    MessageReader(Types types) {
        this.types = types;
    }

    @Nullable
    Object tree(Message message) {
        return switch (message.getDescriptorForType().getFullName()) {
            case WellKnown.ANY -> any(message);
            case WellKnown.TIMESTAMP -> timestamp(message);
            case WellKnown.DURATION -> duration(message);
            case WellKnown.FIELD_MASK -> WellKnown.camelCase((List<?>) get(message, 1));
            case WellKnown.STRUCT -> struct(message);
            case WellKnown.VALUE -> value(message);
            case WellKnown.LIST_VALUE -> list((List<?>) get(message, 1));
            default ->
                WellKnown.isWrapper(message.getDescriptorForType())
                        ? scalar(message.getDescriptorForType().findFieldByNumber(1), get(message, 1))
                        : fields(message);
        };
    }

    private Map<String, @Nullable Object> fields(Message message) {
        Descriptor type = message.getDescriptorForType();
        Map<String, @Nullable Object> tree =
                LinkedHashMap.newLinkedHashMap(type.getFields().size());
        for (FieldDescriptor field : type.getFields()) {
            if (field.isMapField()) {
                tree.put(field.getJsonName(), map(field, (List<?>) message.getField(field)));
            } else if (field.isRepeated()) {
                tree.put(field.getJsonName(), repeated(field, (List<?>) message.getField(field)));
            } else if (!field.hasPresence() || message.hasField(field)) {
                tree.put(field.getJsonName(), scalar(field, message.getField(field)));
            }
        }
        if (type.isExtendable()) {
            message.getAllFields().forEach((field, value) -> {
                if (field.isExtension()) {
                    tree.put(
                            "[" + field.getFullName() + "]",
                            field.isRepeated() ? repeated(field, (List<?>) value) : scalar(field, value));
                }
            });
        }
        return tree;
    }

    private List<@Nullable Object> repeated(FieldDescriptor field, List<?> values) {
        List<@Nullable Object> tree = new ArrayList<>(values.size());
        for (Object value : values) {
            tree.add(scalar(field, value));
        }
        return tree;
    }

    private Map<String, @Nullable Object> map(FieldDescriptor field, List<?> entries) {
        FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
        Map<String, @Nullable Object> tree = LinkedHashMap.newLinkedHashMap(entries.size());
        for (Object entry : entries) {
            Message pair = (Message) entry;
            tree.put(String.valueOf(scalar(keys, pair.getField(keys))), scalar(values, pair.getField(values)));
        }
        return tree;
    }

    private @Nullable Object scalar(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case UINT32, FIXED32 -> unsigned((Integer) value);
            case UINT64, FIXED64 -> unsigned((Long) value);
            case FLOAT -> floating(Double.parseDouble(value.toString()));
            case DOUBLE -> floating((Double) value);
            case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
            case ENUM -> enumName((EnumValueDescriptor) value);
            case MESSAGE, GROUP -> tree((Message) value);
            case INT32, SINT32, SFIXED32, INT64, SINT64, SFIXED64, BOOL, STRING -> value;
        };
    }

    private static Object unsigned(int value) {
        return value >= 0 ? (Object) value : (Object) Integer.toUnsignedLong(value);
    }

    private static Object unsigned(long value) {
        return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    }

    /// JSON has no numbers for these.
    private static Object floating(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : (Object) value;
    }

    private static @Nullable Object enumName(EnumValueDescriptor value) {
        if (value.getType().getFullName().equals(WellKnown.NULL_VALUE)) {
            return null;
        }
        // A number that the enum does not name
        return value.getIndex() < 0 ? (Object) value.getNumber() : value.getName();
    }

    // Well-known types

    private static Object get(Message message, int field) {
        return message.getField(message.getDescriptorForType().findFieldByNumber(field));
    }

    private static String timestamp(Message message) {
        try {
            return Instant.ofEpochSecond((Long) get(message, 1), (Integer) get(message, 2))
                    .toString();
        } catch (DateTimeException | ArithmeticException e) {
            return get(message, 1) + "." + get(message, 2);
        }
    }

    private static String duration(Message message) {
        long seconds = (Long) get(message, 1);
        int nanos = (Integer) get(message, 2);
        String sign = seconds < 0 || nanos < 0 ? "-" : "";
        if (nanos == 0) {
            return sign + Math.abs(seconds) + "s";
        }
        String fraction = String.valueOf(1_000_000_000L + Math.abs(nanos)).substring(1);
        while (fraction.endsWith("000")) {
            fraction = fraction.substring(0, fraction.length() - 3);
        }
        return sign + Math.abs(seconds) + "." + fraction + "s";
    }

    private Map<String, @Nullable Object> struct(Message message) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (Object entry : (List<?>) get(message, 1)) {
            Message pair = (Message) entry;
            tree.put(String.valueOf(get(pair, 1)), tree((Message) get(pair, 2)));
        }
        return tree;
    }

    private @Nullable Object value(Message message) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (message.hasField(field)) {
                Object value = message.getField(field);
                return switch (field.getNumber()) {
                    case 1 -> null;
                    case 2 -> wholeOrFloating((Double) value);
                    case 5, 6 -> tree((Message) value);
                    default -> value;
                };
            }
        }
        return null;
    }

    /// Numbers of a JSON-like value have one type on the wire.
    private static Object wholeOrFloating(double value) {
        return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE ? (Object) (long) value : floating(value);
    }

    private List<@Nullable Object> list(List<?> values) {
        List<@Nullable Object> tree = new ArrayList<>(values.size());
        for (Object value : values) {
            tree.add(tree((Message) value));
        }
        return tree;
    }

    /// What an `Any` holds, with its type; its bytes as base64 when nobody knows that type.
    private Map<String, @Nullable Object> any(Message message) {
        String url = (String) get(message, 1);
        ByteString bytes = (ByteString) get(message, 2);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        if (url.isEmpty()) {
            return tree;
        }
        tree.put(WellKnown.TYPE_KEY, url);
        Descriptor held = types.known(url.substring(url.lastIndexOf('/') + 1));
        try {
            if (held != null) {
                Object content = tree(DynamicMessage.parseFrom(held, bytes, types.extensions()));
                if (content instanceof Map<?, ?> fields && !WellKnown.writes(held)) {
                    fields.forEach((name, value) -> tree.put(String.valueOf(name), value));
                } else {
                    tree.put(WellKnown.VALUE_KEY, content);
                }
                return tree;
            }
        } catch (InvalidProtocolBufferException e) {
            // Told as bytes, as what is unknown
        }
        tree.put(WellKnown.VALUE_KEY, Base64.getEncoder().encodeToString(bytes.toByteArray()));
        return tree;
    }
}
