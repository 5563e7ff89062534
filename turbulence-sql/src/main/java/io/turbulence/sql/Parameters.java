package io.turbulence.sql;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Binds a step's values to a statement.
final class Parameters {

    private final ParsedStatement statement;
    private final Dialect dialect;
    private final Json json;

    Parameters(ParsedStatement statement, Dialect dialect, Json json) {
        this.statement = statement;
        this.dialect = dialect;
        this.json = json;
    }

    /// @param given a list, a map, or nothing
    /// @param key   where it stands in the step, for messages
    void bind(PreparedStatement prepared, @Nullable Object given, String key) throws SQLException {
        if (statement.named()) {
            bindNamed(prepared, given, key);
        } else {
            bindInOrder(prepared, given, key);
        }
    }

    private void bindNamed(PreparedStatement prepared, @Nullable Object given, String key) throws SQLException {
        if (!(given instanceof Map<?, ?> map)) {
            throw wrong("'%s' is %s, but the statement names its values: %s"
                    .formatted(key, kind(given), String.join(", ", statement.distinctNames())));
        }
        List<String> names = statement.names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!map.containsKey(name)) {
                throw wrong("'%s' has no '%s', which the statement names; it has %s"
                        .formatted(key, name, map.isEmpty() ? "nothing" : keys(map)));
            }
            set(prepared, i + 1, map.get(name));
        }
        if (map.size() > statement.distinctNames().size()) {
            List<?> unused = map.keySet().stream()
                    .filter(name -> !names.contains(String.valueOf(name)))
                    .toList();
            throw wrong("'%s' has %s, which the statement does not name".formatted(key, unused));
        }
    }

    private void bindInOrder(PreparedStatement prepared, @Nullable Object given, String key) throws SQLException {
        if (given == null && statement.values() == 0) {
            return;
        }
        if (given instanceof Map<?, ?>) {
            throw wrong("'%s' is a mapping, but the statement has no ':name' in it".formatted(key));
        }
        if (!(given instanceof List<?> list)) {
            throw wrong("'%s' is %s; it must be a list with %d values".formatted(key, kind(given), statement.values()));
        }
        if (list.size() != statement.values()) {
            throw wrong(
                    "'%s' has %d values, but the statement takes %d".formatted(key, list.size(), statement.values()));
        }
        for (int i = 0; i < list.size(); i++) {
            set(prepared, i + 1, list.get(i));
        }
    }

    private void set(PreparedStatement prepared, int at, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> prepared.setNull(at, Types.NULL);
            case String text -> prepared.setString(at, text);
            case Boolean bool -> prepared.setBoolean(at, bool);
            case Integer number -> prepared.setInt(at, number);
            case Long number -> prepared.setLong(at, number);
            case Double number -> prepared.setDouble(at, number);
            case BigDecimal number -> prepared.setBigDecimal(at, number);
            case BigInteger number -> prepared.setBigDecimal(at, new BigDecimal(number));
            case byte[] bytes -> prepared.setBytes(at, bytes);
            case List<?> list -> setArray(prepared, at, list);
            case Map<?, ?> map -> prepared.setString(at, json.writeText(map));
            default -> prepared.setString(at, String.valueOf(value));
        }
    }

    private void setArray(PreparedStatement prepared, int at, List<?> list) throws SQLException {
        if (!dialect.hasArrays()) {
            throw wrong("value %d is a list, and the database has no arrays".formatted(at));
        }
        String type = elementType(list);
        Object[] elements = list.toArray();
        if (type.equals("varchar")) {
            elements = Arrays.stream(elements)
                    .map(each -> each == null ? null : text(each))
                    .toArray();
        }
        prepared.setArray(at, prepared.getConnection().createArrayOf(type, elements));
    }

    private String text(Object element) {
        return element instanceof Map || element instanceof List ? json.writeText(element) : element.toString();
    }

    private static String elementType(List<?> list) {
        if (all(list, Boolean.class)) {
            return "boolean";
        }
        if (list.stream().allMatch(each -> each == null || each instanceof Integer || each instanceof Long)) {
            return "bigint";
        }
        return all(list, Number.class) ? "numeric" : "varchar";
    }

    private static boolean all(List<?> list, Class<?> type) {
        return !list.isEmpty() && list.stream().allMatch(each -> each == null || type.isInstance(each));
    }

    private static String keys(Map<?, ?> map) {
        return String.join(", ", map.keySet().stream().map(String::valueOf).toList());
    }

    private static String kind(@Nullable Object given) {
        return switch (given) {
            case null -> "missing";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a mapping";
            default -> "'" + given + "'";
        };
    }

    private static FailureException wrong(String message) {
        return new FailureException(Failure.PROTOCOL, message);
    }
}
