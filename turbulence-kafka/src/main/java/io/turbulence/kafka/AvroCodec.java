package io.turbulence.kafka;

import io.turbulence.kafka.SchemaCodec.MisfitException;
import io.turbulence.spi.ShownText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/// Values of an Avro schema. Times are ISO 8601, decimals numbers, bytes base64 in trees.
final class AvroCodec implements ValueCodec {

    private static final long MILLION = 1_000_000L;
    private static final long BILLION = 1_000_000_000L;

    private final Schema schema;

    AvroCodec(String text, Map<String, String> references) {
        Schema.Parser parser = new Schema.Parser();
        for (String reference : references.values()) {
            parser.parse(reference);
        }
        schema = parser.parse(text);
    }

    @Override
    public String name() {
        return schema.getFullName();
    }

    @Override
    public @Nullable Object decode(ByteBuffer value) throws IOException {
        Object datum = new GenericDatumReader<>(schema)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(
                                        value.array(),
                                        value.arrayOffset() + value.position(),
                                        value.remaining(),
                                        null));
        return tree(schema, datum);
    }

    @Override
    public byte[] encode(Object tree, @Nullable String ignored) throws MisfitException {
        Object datum = datum(schema, tree, "$");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(datum, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new MisfitException("$: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    private static @Nullable Object tree(Schema schema, @Nullable Object datum) {
        return datum == null ? null : present(schema, datum);
    }

    private static @Nullable Object present(Schema schema, Object datum) {
        return switch (schema.getType()) {
            case RECORD -> {
                IndexedRecord whole = (IndexedRecord) datum;
                Map<String, @Nullable Object> fields =
                        LinkedHashMap.newLinkedHashMap(schema.getFields().size());
                for (Schema.Field field : schema.getFields()) {
                    fields.put(field.name(), tree(field.schema(), whole.get(field.pos())));
                }
                yield fields;
            }
            case ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : (Collection<?>) datum) {
                    items.add(tree(schema.getElementType(), item));
                }
                yield items;
            }
            case MAP -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                ((Map<?, ?>) datum)
                        .forEach((key, value) -> entries.put(key.toString(), tree(schema.getValueType(), value)));
                yield entries;
            }
            case UNION -> tree(schema.getTypes().get(GenericData.get().resolveUnion(schema, datum)), datum);
            case ENUM -> datum.toString();
            case STRING -> datum.toString();
            case FIXED -> bytes(schema, ((GenericFixed) datum).bytes());
            case BYTES -> bytes(schema, array((ByteBuffer) datum));
            case INT, LONG -> number(schema, ((Number) datum).longValue());
            case FLOAT -> Double.valueOf(datum.toString());
            case DOUBLE -> datum;
            case BOOLEAN -> datum;
            case NULL -> null;
        };
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static Object bytes(Schema schema, byte[] bytes) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return new BigDecimal(new BigInteger(bytes), decimal.getScale());
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Object number(Schema schema, long value) {
        return switch (logical(schema)) {
            case "date" -> LocalDate.ofEpochDay(value).toString();
            case "time-millis" -> LocalTime.ofNanoOfDay(value * MILLION).toString();
            case "time-micros" -> LocalTime.ofNanoOfDay(value * 1000).toString();
            case "timestamp-millis" -> Instant.ofEpochMilli(value).toString();
            case "timestamp-micros" -> instant(value, MILLION).toString();
            case "timestamp-nanos" -> instant(value, BILLION).toString();
            case "local-timestamp-millis" -> local(value, 1000).toString();
            case "local-timestamp-micros" -> local(value, MILLION).toString();
            case "local-timestamp-nanos" -> local(value, BILLION).toString();
            default -> schema.getType() == Schema.Type.INT ? (Object) (int) value : (Object) value;
        };
    }

    private static Instant instant(long value, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (BILLION / perSecond));
    }

    private static LocalDateTime local(long value, long perSecond) {
        return LocalDateTime.ofInstant(instant(value, perSecond), ZoneOffset.UTC);
    }

    private static String logical(Schema schema) {
        return schema.getLogicalType() == null ? "" : schema.getLogicalType().getName();
    }

    private static @Nullable Object datum(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        try {
            return switch (schema.getType()) {
                case RECORD -> record(schema, tree, path);
                case ARRAY -> array(schema, tree, path);
                case MAP -> map(schema, tree, path);
                case UNION -> union(schema, tree, path);
                case ENUM -> symbol(schema, tree, path);
                case STRING -> text(schema, tree, path);
                case FIXED -> new GenericData.Fixed(schema, fixed(schema, tree, path));
                case BYTES -> ByteBuffer.wrap(bytes(schema, tree, path));
                case INT -> Math.toIntExact(integer(schema, tree, path));
                case LONG -> integer(schema, tree, path);
                case FLOAT -> number(schema, tree, path).floatValue();
                case DOUBLE -> number(schema, tree, path).doubleValue();
                case BOOLEAN -> {
                    if (tree instanceof Boolean) {
                        yield tree;
                    }
                    throw misfit(schema, tree, path);
                }
                case NULL -> {
                    if (tree == null) {
                        yield null;
                    }
                    throw misfit(schema, tree, path);
                }
            };
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw new MisfitException(path, show(tree) + ": " + e.getMessage());
        }
    }

    private static Object record(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (!(tree instanceof Map<?, ?> map)) {
            throw misfit(schema, tree, path);
        }
        for (Object key : map.keySet()) {
            if (schema.getField(String.valueOf(key)) == null) {
                throw new MisfitException(
                        path + "." + key,
                        "unknown field; '" + schema.getFullName() + "' has "
                                + schema.getFields().stream()
                                        .map(Schema.Field::name)
                                        .toList());
            }
        }
        GenericData.Record whole = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            if (map.containsKey(field.name())) {
                whole.put(field.pos(), datum(field.schema(), map.get(field.name()), path + "." + field.name()));
            } else if (field.hasDefaultValue()) {
                whole.put(field.pos(), GenericData.get().getDefaultValue(field));
            } else {
                throw new MisfitException(path + "." + field.name(), "missing, and it has no default");
            }
        }
        return whole;
    }

    private static Object array(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (!(tree instanceof List<?> list)) {
            throw misfit(schema, tree, path);
        }
        List<@Nullable Object> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(datum(schema.getElementType(), list.get(i), path + "[" + i + "]"));
        }
        return items;
    }

    private static Object map(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (!(tree instanceof Map<?, ?> map)) {
            throw misfit(schema, tree, path);
        }
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            entries.put(key, datum(schema.getValueType(), entry.getValue(), path + "." + key));
        }
        return entries;
    }

    /// The first branch that takes it; Avro's own JSON form, `{string: x}`, names one.
    private static @Nullable Object union(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (tree instanceof Map<?, ?> map && map.size() == 1) {
            String only = String.valueOf(map.keySet().iterator().next());
            for (Schema branch : schema.getTypes()) {
                if (branch.getFullName().equals(only)) {
                    return datum(branch, map.get(only), path);
                }
            }
        }
        List<String> refused = new ArrayList<>();
        for (Schema branch : schema.getTypes()) {
            try {
                return datum(branch, tree, path);
            } catch (MisfitException e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }
        throw new MisfitException(path, "no branch of the union takes " + show(tree) + ": " + refused);
    }

    private static Object symbol(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (tree instanceof String text && schema.hasEnumSymbol(text)) {
            return new GenericData.EnumSymbol(schema, text);
        }
        throw new MisfitException(path, show(tree) + " is not one of " + schema.getEnumSymbols());
    }

    private static Object text(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (!(tree instanceof String text)) {
            throw misfit(schema, tree, path);
        }
        return logical(schema).equals("uuid") ? UUID.fromString(text).toString() : text;
    }

    private static byte[] fixed(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        byte[] bytes = bytes(schema, tree, path);
        if (bytes.length == schema.getFixedSize()) {
            return bytes;
        }
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal && bytes.length < schema.getFixedSize()) {
            byte[] padded = new byte[schema.getFixedSize()];
            java.util.Arrays.fill(padded, (byte) (bytes[0] < 0 ? -1 : 0));
            System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
            return padded;
        }
        throw new MisfitException(path, bytes.length + " bytes; expected " + schema.getFixedSize());
    }

    private static byte[] bytes(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal logical) {
            return decimal(tree, path)
                    .setScale(logical.getScale(), RoundingMode.UNNECESSARY)
                    .unscaledValue()
                    .toByteArray();
        }
        return switch (tree) {
            case byte[] bytes -> bytes;
            case String text -> Base64.getDecoder().decode(text);
            case null -> throw misfit(schema, null, path);
            default -> throw misfit(schema, tree, path);
        };
    }

    private static long integer(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (tree instanceof Number) {
            return decimal(tree, path).longValueExact();
        }
        if (!(tree instanceof String text)) {
            throw misfit(schema, tree, path);
        }
        return switch (logical(schema)) {
            case "date" -> LocalDate.parse(text).toEpochDay();
            case "time-millis" -> LocalTime.parse(text).toNanoOfDay() / MILLION;
            case "time-micros" -> LocalTime.parse(text).toNanoOfDay() / 1000;
            case "timestamp-millis" -> Instant.parse(text).toEpochMilli();
            case "timestamp-micros" -> units(Instant.parse(text), MILLION);
            case "timestamp-nanos" -> units(Instant.parse(text), BILLION);
            case "local-timestamp-millis" -> units(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC), 1000);
            case "local-timestamp-micros" -> units(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC), MILLION);
            case "local-timestamp-nanos" -> units(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC), BILLION);
            default -> throw misfit(schema, tree, path);
        };
    }

    private static long units(Instant instant, long perSecond) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), perSecond), instant.getNano() / (BILLION / perSecond));
    }

    private static Number number(Schema schema, @Nullable Object tree, String path) throws MisfitException {
        if (tree instanceof Number number) {
            return number;
        }
        throw misfit(schema, tree, path);
    }

    private static BigDecimal decimal(@Nullable Object tree, String path) throws MisfitException {
        if (tree instanceof Number || tree instanceof String) {
            return new BigDecimal(tree.toString());
        }
        throw new MisfitException(path, show(tree) + " is no number");
    }

    private static MisfitException misfit(Schema schema, @Nullable Object tree, String path) {
        String name = logical(schema).isEmpty() ? schema.getFullName() : logical(schema);
        return new MisfitException(path, show(tree) + "; expected " + name);
    }

    private static String show(@Nullable Object tree) {
        String text = tree instanceof String given ? "'" + given + "'" : String.valueOf(tree);
        return ShownText.shortened(text, 80);
    }
}
