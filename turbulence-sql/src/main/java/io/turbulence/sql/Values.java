package io.turbulence.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a driver answers as a JSON-like tree: numbers with all their digits, times in ISO 8601, bytes in
/// base64, everything else that has no counterpart as its text.
final class Values {

    private Values() {}

    static @Nullable Object tree(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean bool -> bool;
            case Integer number -> number;
            case Long number -> number;
            case Short number -> number.intValue();
            case Byte number -> number.intValue();
            case BigDecimal number -> number;
            case BigInteger number -> number;
            case Double number -> finite(number);
            case Float number -> finite(number);
            case byte[] bytes -> base64(bytes);
            case Object[] array -> list(array);
            case Map<?, ?> map -> map(map);
            case List<?> list -> list(list.toArray());
            case Array array -> array(array);
            case Struct struct -> list(struct.getAttributes());
            case Blob blob -> base64(blob.getBytes(1, Math.toIntExact(blob.length())));
            case Clob clob -> clob.getSubString(1, Math.toIntExact(clob.length()));
            case SQLXML xml -> xml.getString();
            default -> time(value);
        };
    }

    static String time(LocalDateTime time) {
        if (time.equals(LocalDateTime.MAX)) {
            return "infinity";
        }
        return time.equals(LocalDateTime.MIN) ? "-infinity" : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    static String time(OffsetDateTime time) {
        if (time.equals(OffsetDateTime.MAX)) {
            return "infinity";
        }
        return time.equals(OffsetDateTime.MIN)
                ? "-infinity"
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
    }

    static String time(LocalDate date) {
        if (date.equals(LocalDate.MAX)) {
            return "infinity";
        }
        return date.equals(LocalDate.MIN) ? "-infinity" : date.toString();
    }

    private static String time(Object value) {
        return switch (value) {
            case LocalDateTime time -> time(time);
            case OffsetDateTime time -> time(time);
            case LocalDate date -> time(date);
            case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
            case OffsetTime time -> DateTimeFormatter.ISO_OFFSET_TIME.format(time);
            case ZonedDateTime time -> time(time.toOffsetDateTime());
            case Instant time -> time(time.atOffset(ZoneOffset.UTC));
            case java.sql.Timestamp time -> time(time.toLocalDateTime());
            case java.sql.Date date -> time(date.toLocalDate());
            case java.sql.Time time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time.toLocalTime());
            default -> String.valueOf(value);
        };
    }

    private static Object finite(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        // A float's own digits, not those of the double next to it
        return number instanceof Float ? Double.parseDouble(number.toString()) : number;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static List<@Nullable Object> list(@Nullable Object[] array) throws SQLException {
        List<@Nullable Object> list = new ArrayList<>(array.length);
        for (Object each : array) {
            list.add(tree(each));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> map) throws SQLException {
        Map<String, @Nullable Object> tree = LinkedHashMap.newLinkedHashMap(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            tree.put(String.valueOf(entry.getKey()), tree(entry.getValue()));
        }
        return tree;
    }

    private static @Nullable Object array(Array array) throws SQLException {
        try {
            Object content = array.getArray();
            return content instanceof Object[] objects ? list(objects) : String.valueOf(array);
        } finally {
            array.free();
        }
    }
}
