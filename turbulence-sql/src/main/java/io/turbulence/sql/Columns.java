package io.turbulence.sql;

import io.turbulence.spi.Json;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The columns of one result and how each is read. Immutable.
final class Columns {

    private final List<String> told;
    private final int[] types;
    private final List<String> labels;
    private final Kind[] kinds;

    private Columns(List<String> told, int[] types, List<String> labels, Kind[] kinds) {
        this.told = told;
        this.types = types;
        this.labels = labels;
        this.kinds = kinds;
    }

    private enum Kind {
        PLAIN,
        TEXT,
        JSON,
        INTEGER,
        DATE,
        TIME,
        TIME_WITH_ZONE,
        TIMESTAMP,
        TIMESTAMP_WITH_ZONE
    }

    static Columns of(ResultSetMetaData told, Dialect dialect) throws SQLException {
        int count = told.getColumnCount();
        List<String> labels = new ArrayList<>(count);
        int[] types = new int[count];
        Kind[] kinds = new Kind[count];
        for (int i = 0; i < count; i++) {
            labels.add(told.getColumnLabel(i + 1));
            types[i] = told.getColumnType(i + 1);
            kinds[i] = kind(types[i], told.getColumnTypeName(i + 1), dialect);
        }
        return new Columns(labels, types, distinct(labels), kinds);
    }

    /// Whether a later result of the same statement has the same columns. What a table is made of may change.
    boolean fit(ResultSetMetaData later) throws SQLException {
        if (later.getColumnCount() != types.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (later.getColumnType(i + 1) != types[i] || !told.get(i).equals(later.getColumnLabel(i + 1))) {
                return false;
            }
        }
        return true;
    }

    /// In order; a label that occurs again has its count appended, as in `id_2`.
    List<String> labels() {
        return labels;
    }

    /// The row where the result stands.
    Map<String, @Nullable Object> row(ResultSet rows, Json json) throws SQLException {
        Map<String, @Nullable Object> row = LinkedHashMap.newLinkedHashMap(kinds.length);
        for (int i = 0; i < kinds.length; i++) {
            row.put(labels.get(i), value(rows, i + 1, kinds[i], json));
        }
        return row;
    }

    private static @Nullable Object value(ResultSet rows, int column, Kind kind, Json json) throws SQLException {
        return switch (kind) {
            case PLAIN -> Values.tree(rows.getObject(column));
            case TEXT -> rows.getString(column);
            case JSON -> json(rows.getString(column), json);
            case INTEGER -> {
                int value = rows.getInt(column);
                yield rows.wasNull() ? null : value;
            }
            case DATE -> Values.tree(rows.getObject(column, LocalDate.class));
            case TIME -> Values.tree(rows.getObject(column, LocalTime.class));
            case TIME_WITH_ZONE -> Values.tree(rows.getObject(column, OffsetTime.class));
            case TIMESTAMP -> Values.tree(rows.getObject(column, LocalDateTime.class));
            case TIMESTAMP_WITH_ZONE -> Values.tree(rows.getObject(column, OffsetDateTime.class));
        };
    }

    private static @Nullable Object json(@Nullable String text, Json json) {
        if (text == null) {
            return null;
        }
        try {
            return json.read(text);
        } catch (IllegalArgumentException e) {
            // SQLite and MariaDB call any text JSON
            return text;
        }
    }

    private static Kind kind(int type, @Nullable String toldName, Dialect dialect) {
        String name = toldName == null ? "" : toldName.toLowerCase(Locale.ROOT);
        Kind byName = byName(name, dialect);
        if (byName != null) {
            return byName;
        }
        if (!dialect.readsJavaTime()) {
            return Kind.PLAIN;
        }
        return switch (type) {
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> name.equals("timetz") ? Kind.TIME_WITH_ZONE : Kind.TIME;
            case Types.TIME_WITH_TIMEZONE -> Kind.TIME_WITH_ZONE;
            case Types.TIMESTAMP -> name.equals("timestamptz") ? Kind.TIMESTAMP_WITH_ZONE : Kind.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.TIMESTAMP_WITH_ZONE;
            case Types.SQLXML, Types.STRUCT -> Kind.TEXT;
            case Types.OTHER -> dialect == Dialect.POSTGRESQL || dialect == Dialect.H2 ? Kind.TEXT : Kind.PLAIN;
            default -> Kind.PLAIN;
        };
    }

    private static @Nullable Kind byName(String name, Dialect dialect) {
        return switch (name) {
            case "json", "jsonb" -> Kind.JSON;
            case "uuid", "money", "bit", "varbit" ->
                name.equals("bit") && dialect != Dialect.POSTGRESQL ? null : Kind.TEXT;
            case "hstore" -> Kind.PLAIN;
            case "year" -> Kind.INTEGER;
            default -> name.startsWith("interval") || name.startsWith("geometry") ? Kind.TEXT : null;
        };
    }

    private static List<String> distinct(List<String> labels) {
        Set<String> seen = new HashSet<>();
        List<String> distinct = new ArrayList<>(labels.size());
        for (String label : labels) {
            String free = label;
            for (int count = 2; !seen.add(free); count++) {
                free = label + "_" + count;
            }
            distinct.add(free);
        }
        return Collections.unmodifiableList(distinct);
    }
}
