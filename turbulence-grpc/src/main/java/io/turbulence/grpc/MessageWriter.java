package io.turbulence.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ShownText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes messages of trees, by protobuf's JSON mapping: fields by their name or JSON name, enums by name
/// or number, bytes as base64, 64-bit integers as number or text, well-known types in their own forms.
///
/// What is wrong is told with its place, all of it. [Preparation.Later] in place of a value is taken for right.
final class MessageWriter {

    private static final BigInteger MAX_UNSIGNED_INT = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int SHOWN_NAMES = 10;
    private static final int SHOWN_LENGTH = 60;

    private final Types types;
    private final FieldProblem problems;

    MessageWriter(Types types, FieldProblem problems) {
        this.types = types;
        this.problems = problems;
    }

    /// Whether it stands for a value that is known only later.
    static boolean isUnknown(@Nullable Object value) {
        return value instanceof Preparation.Later;
    }

    /// The message that a tree stands for; null stands for an empty one.
    DynamicMessage.Builder message(Descriptor type, @Nullable Object tree, Place path) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        if (tree == null || isUnknown(tree)) {
            return message;
        }
        if (WellKnown.writes(type)) {
            new WellKnown(this).write(type, message, tree, path);
        } else if (tree instanceof Map<?, ?> fields) {
            fields(type, message, fields, path);
        } else {
            tell(path, shown(tree), "a mapping, the fields of '" + type.getFullName() + "'", "");
        }
        return message;
    }

    void fields(Descriptor type, DynamicMessage.Builder message, Map<?, ?> fields, Place path) {
        Fields known = types.fields(type);
        Set<String> oneofs = type.getRealOneofs().isEmpty() ? Set.of() : new LinkedHashSet<>();
        for (Map.Entry<?, ?> entry : fields.entrySet()) {
            String name = String.valueOf(entry.getKey());
            FieldDescriptor field = known.get(name);
            if (field == null) {
                tellOfField(
                        path.field(name),
                        "the unknown field '" + name + "'",
                        "a field of '" + type.getFullName() + "'" + listed(known.names()),
                        Nearest.hint(name, known.names()));
                continue;
            }
            Object value = entry.getValue();
            if (value == null && !takesNull(field)) {
                continue;
            }
            if (!isFirstOfItsOneof(field, oneofs)) {
                tellOfField(
                        path.field(name),
                        "'" + name + "' beside another field of '"
                                + field.getRealContainingOneof().getName() + "'",
                        "at most one of them",
                        "");
                continue;
            }
            field(message, field, value, path.field(name));
        }
    }

    private static boolean isFirstOfItsOneof(FieldDescriptor field, Set<String> seen) {
        return field.getRealContainingOneof() == null
                || seen.add(field.getRealContainingOneof().getName());
    }

    /// Null is a value of `google.protobuf.Value` and of its enum alone; elsewhere it says that a field is
    /// not set.
    private static boolean takesNull(FieldDescriptor field) {
        if (field.isRepeated()) {
            return false;
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName().equals(WellKnown.VALUE);
            case ENUM -> field.getEnumType().getFullName().equals(WellKnown.NULL_VALUE);
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING -> false;
        };
    }

    private void field(DynamicMessage.Builder message, FieldDescriptor field, @Nullable Object value, Place path) {
        if (isUnknown(value)) {
            return;
        }
        if (field.isMapField()) {
            map(message, field, value, path);
        } else if (field.isRepeated()) {
            list(message, field, value, path);
        } else {
            Object converted = value(field, value, path);
            if (converted != null) {
                message.setField(field, converted);
            }
        }
    }

    private void list(DynamicMessage.Builder message, FieldDescriptor field, @Nullable Object value, Place path) {
        if (!(value instanceof List<?> items)) {
            tell(path, shown(value), "a list of " + expected(field), "");
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            Object converted = value(field, items.get(i), path.item(i));
            if (converted != null) {
                message.addRepeatedField(field, converted);
            }
        }
    }

    private void map(DynamicMessage.Builder message, FieldDescriptor field, @Nullable Object value, Place path) {
        if (!(value instanceof Map<?, ?> entries)) {
            tell(path, shown(value), "a mapping", "");
            return;
        }
        FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            Place inner = path.field(String.valueOf(entry.getKey()));
            Object key = value(keys, key(keys, entry.getKey()), inner);
            Object converted = value(values, entry.getValue(), inner);
            if (key != null && converted != null) {
                message.addRepeatedField(
                        field,
                        DynamicMessage.newBuilder(field.getMessageType())
                                .setField(keys, key)
                                .setField(values, converted)
                                .build());
            }
        }
    }

    /// Keys of trees are texts, whatever they are in the message.
    private static @Nullable Object key(FieldDescriptor field, @Nullable Object key) {
        if (field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN && key instanceof String text) {
            return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
        }
        return field.getJavaType() == FieldDescriptor.JavaType.STRING ? String.valueOf(key) : key;
    }

    /// A value as the field takes it; null when it does not fit, which is told, or is unknown.
    @Nullable
    Object value(FieldDescriptor field, @Nullable Object value, Place path) {
        if (isUnknown(value)) {
            return null;
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            return value == null && !field.getMessageType().getFullName().equals(WellKnown.VALUE)
                    ? misfit(field, null, path)
                    : nested(field.getMessageType(), value, path);
        }
        Object converted = switch (field.getJavaType()) {
            case INT -> integer(field, value);
            case LONG -> longInteger(field, value);
            case FLOAT -> toFloat(floating(value));
            case DOUBLE -> floating(value);
            case BOOLEAN -> value instanceof Boolean ? value : null;
            case STRING -> value instanceof String ? value : null;
            case BYTE_STRING -> bytes(value);
            case ENUM -> enumValue(field.getEnumType(), value);
            case MESSAGE -> throw new IllegalStateException(field.getFullName());
        };
        return converted == null ? misfit(field, value, path) : converted;
    }

    private DynamicMessage nested(Descriptor type, @Nullable Object value, Place path) {
        if (value == null) {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
            new WellKnown(this).write(type, message, null, path);
            return message.build();
        }
        return message(type, value, path).buildPartial();
    }

    private @Nullable Object misfit(FieldDescriptor field, @Nullable Object value, Place path) {
        String hint = field.getJavaType() == FieldDescriptor.JavaType.ENUM && value instanceof String name
                ? Nearest.hint(name, names(field.getEnumType()))
                : field.getJavaType() == FieldDescriptor.JavaType.STRING && value != null && !(value instanceof Map)
                        ? "Put it in quotes."
                        : "";
        tell(path, shown(value), expected(field), hint);
        return null;
    }

    private static @Nullable Integer integer(FieldDescriptor field, @Nullable Object value) {
        BigInteger number = whole(value);
        if (number == null) {
            return null;
        }
        boolean unsigned = switch (field.getType()) {
            case UINT32, FIXED32 -> true;
            default -> false;
        };
        if (unsigned) {
            return number.signum() >= 0 && number.compareTo(MAX_UNSIGNED_INT) <= 0 ? (Integer) number.intValue() : null;
        }
        return number.bitLength() < Integer.SIZE ? (Integer) number.intValue() : null;
    }

    private static @Nullable Long longInteger(FieldDescriptor field, @Nullable Object value) {
        if (value instanceof Integer number && number >= 0) {
            return number.longValue();
        }
        BigInteger number = whole(value);
        if (number == null) {
            return null;
        }
        boolean unsigned = switch (field.getType()) {
            case UINT64, FIXED64 -> true;
            default -> false;
        };
        if (unsigned) {
            return number.signum() >= 0 && number.compareTo(MAX_UNSIGNED_LONG) <= 0 ? (Long) number.longValue() : null;
        }
        return number.bitLength() < Long.SIZE ? (Long) number.longValue() : null;
    }

    /// A whole number, also one written as text or with zeros after the point.
    private static @Nullable BigInteger whole(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return switch (value) {
                case Integer number -> BigInteger.valueOf(number);
                case Long number -> BigInteger.valueOf(number);
                case BigInteger number -> number;
                case BigDecimal number -> number.toBigIntegerExact();
                case Double number -> new BigDecimal(number).toBigIntegerExact();
                case String text -> new BigDecimal(text).toBigIntegerExact();
                default -> null;
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Double floating(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (!(value instanceof String text)) {
            return null;
        }
        try {
            return switch (text) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.valueOf(new BigDecimal(text).doubleValue());
            };
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Float toFloat(@Nullable Double number) {
        if (number == null) {
            return null;
        }
        float narrowed = number.floatValue();
        return Float.isInfinite(narrowed) && !number.isInfinite() ? null : (Float) narrowed;
    }

    private static @Nullable ByteString bytes(@Nullable Object value) {
        if (value instanceof byte[] content) {
            return ByteString.copyFrom(content);
        }
        if (!(value instanceof String text)) {
            return null;
        }
        try {
            boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
            return ByteString.copyFrom((urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable EnumValueDescriptor enumValue(EnumDescriptor type, @Nullable Object value) {
        if (value == null) {
            return type.getFullName().equals(WellKnown.NULL_VALUE) ? type.findValueByNumber(0) : null;
        }
        if (value instanceof String name) {
            EnumValueDescriptor found = type.findValueByName(name);
            if (found != null) {
                return found;
            }
        }
        BigInteger number = whole(value);
        if (number == null || number.bitLength() >= Integer.SIZE) {
            return null;
        }
        return type.isClosed()
                ? type.findValueByNumber(number.intValue())
                : type.findValueByNumberCreatingIfUnknown(number.intValue());
    }

    // Words

    private void tellOfField(Place path, String found, String expected, String hint) {
        problems.tellOfField(path.toString(), found, expected, hint);
    }

    void tell(Place path, String found, String expected, String hint) {
        problems.tell(path.toString(), found, expected, hint);
    }

    Types types() {
        return types;
    }

    static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "a mapping";
            case List<?> list -> "a list";
            case String text -> "the text '" + ShownText.shortened(text, SHOWN_LENGTH) + "'";
            case byte[] bytes -> bytes.length + " bytes";
            default -> String.valueOf(value);
        };
    }

    private static String expected(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> "a whole number of 32 bits";
            case UINT32, FIXED32 -> "a whole number of 32 bits, not negative";
            case INT64, SINT64, SFIXED64 -> "a whole number of 64 bits";
            case UINT64, FIXED64 -> "a whole number of 64 bits, not negative";
            case FLOAT, DOUBLE -> "a number";
            case BOOL -> "true or false";
            case STRING -> "a text";
            case BYTES -> "bytes as base64";
            case ENUM -> "a value of '" + field.getEnumType().getFullName() + "'" + listed(names(field.getEnumType()));
            case MESSAGE, GROUP -> "a '" + field.getMessageType().getFullName() + "'";
        };
    }

    private static List<String> names(EnumDescriptor type) {
        return type.getValues().stream().map(EnumValueDescriptor::getName).toList();
    }

    private static String listed(List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        List<String> shown = new ArrayList<>(names.subList(0, Math.min(names.size(), SHOWN_NAMES)));
        if (shown.size() < names.size()) {
            shown.add("…");
        }
        return " (" + String.join(", ", shown) + ")";
    }
}
