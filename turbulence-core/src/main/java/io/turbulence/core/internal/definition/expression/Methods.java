package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The methods an expression may call on a value. They are ours, not the value's: no method of a Java class can be
/// reached, and none changes anything.
final class Methods {

    enum Method {
        SIZE(0, 0, "size", "length"),
        IS_EMPTY(0, 0, "isEmpty", "empty"),
        CONTAINS(1, 1, "contains"),
        STARTS_WITH(1, 1, "startsWith", "startswith"),
        ENDS_WITH(1, 1, "endsWith", "endswith"),
        UPPER(0, 0, "toUpperCase", "upper"),
        LOWER(0, 0, "toLowerCase", "lower"),
        TRIM(0, 0, "trim", "strip"),
        MATCHES(1, 1, "matches"),
        REPLACE(2, 2, "replace"),
        SUBSTRING(1, 2, "substring"),
        INDEX_OF(1, 1, "indexOf"),
        SPLIT(1, 1, "split"),
        JOIN(1, 1, "join"),
        COUNT(1, 1, "count"),
        EQUALS(1, 1, "equals"),
        EQUALS_IGNORE_CASE(1, 1, "equalsIgnoreCase"),
        GET(1, 2, "get", "getOrDefault"),
        CONTAINS_KEY(1, 1, "containsKey"),
        CONTAINS_VALUE(1, 1, "containsValue"),
        KEYS(0, 0, "keys", "keySet"),
        VALUES(0, 0, "values"),
        TO_STRING(0, 0, "toString");

        private final int least;
        private final int most;

        @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
        private final List<String> names;

        Method(int least, int most, String... names) {
            this.least = least;
            this.most = most;
            this.names = List.of(names);
        }

        int least() {
            return least;
        }

        int most() {
            return most;
        }
    }

    private static final Map<String, Method> BY_NAME = byName();

    private Methods() {}

    private static Map<String, Method> byName() {
        Map<String, Method> byName = new TreeMap<>();
        for (Method method : Method.values()) {
            method.names.forEach(name -> byName.put(name, method));
        }
        return Collections.unmodifiableMap(byName);
    }

    static @Nullable Method named(String name) {
        return BY_NAME.get(name);
    }

    static Collection<String> names() {
        return BY_NAME.keySet();
    }

    /// A call of a method, `target.name(arguments)`.
    static final class Call extends Node {
        private final Node target;
        private final Method method;
        private final String name;
        private final List<Node> arguments;
        private final boolean safe;
        private final @Nullable Pattern pattern;

        /// @param pattern of a constant argument of `matches`, compiled
        Call(
                String source,
                Node target,
                Method method,
                String name,
                List<Node> arguments,
                boolean safe,
                @Nullable Pattern pattern) {
            super(source);
            this.target = target;
            this.method = method;
            this.name = name;
            this.arguments = List.copyOf(arguments);
            this.safe = safe;
            this.pattern = pattern;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return call(evaluation, target.value(evaluation), safe);
        }

        @Override
        @Nullable
        Object valueIfThere(Evaluation evaluation) {
            return call(evaluation, target.valueIfThere(evaluation), true);
        }

        private @Nullable Object call(Evaluation evaluation, @Nullable Object value, boolean mayBeNull) {
            if (value == null) {
                if (mayBeNull) {
                    return null;
                }
                throw new EvaluationException("\"%s\" is null and has no %s(). Write ?. where it may be null."
                        .formatted(target.source(), name));
            }
            if (method == Method.SIZE) {
                Long size = Functions.size(value);
                if (size != null) {
                    return size;
                }
            }
            Object first = arguments.isEmpty() ? null : arguments.getFirst().value(evaluation);
            Object second = arguments.size() < 2 ? null : arguments.get(1).value(evaluation);
            return switch (value) {
                case CharSequence text -> text(evaluation, text.toString(), first, second);
                case Map<?, ?> map -> map(evaluation, map, first, second);
                case Collection<?> list -> list(evaluation, list, first, second);
                default -> any(evaluation, value, first);
            };
        }

        private Object any(Evaluation evaluation, Object value, @Nullable Object first) {
            return switch (method) {
                case EQUALS -> Values.same(value, first);
                case TO_STRING -> evaluation.text(value);
                case SIZE,
                        IS_EMPTY,
                        CONTAINS,
                        STARTS_WITH,
                        ENDS_WITH,
                        UPPER,
                        LOWER,
                        TRIM,
                        MATCHES,
                        REPLACE,
                        SUBSTRING,
                        INDEX_OF,
                        SPLIT,
                        JOIN,
                        COUNT,
                        EQUALS_IGNORE_CASE,
                        GET,
                        CONTAINS_KEY,
                        CONTAINS_VALUE,
                        KEYS,
                        VALUES ->
                    throw new EvaluationException(
                            "\"%s\" is %s and has no %s().".formatted(target.source(), Values.typeName(value), name));
            };
        }

        private Object text(Evaluation evaluation, String text, @Nullable Object first, @Nullable Object second) {
            return switch (method) {
                case IS_EMPTY -> text.isEmpty();
                case CONTAINS -> text.contains(text(first, 0));
                case STARTS_WITH -> text.startsWith(text(first, 0));
                case ENDS_WITH -> text.endsWith(text(first, 0));
                case UPPER -> text.toUpperCase(Locale.ROOT);
                case LOWER -> text.toLowerCase(Locale.ROOT);
                case TRIM -> text.strip();
                case MATCHES ->
                    TimedText.matches(pattern != null ? pattern : TimedText.pattern(text(first, 0)), text, evaluation);
                case REPLACE -> replace(evaluation, text, text(first, 0), text(second, 1));
                case SUBSTRING -> substring(text, first, second);
                case INDEX_OF -> (long) text.indexOf(text(first, 0));
                case SPLIT -> split(evaluation, text, text(first, 0));
                case JOIN -> join(evaluation, first, text);
                case COUNT -> (long) occurrences(text, text(first, 0));
                case EQUALS_IGNORE_CASE -> text.equalsIgnoreCase(text(first, 0));
                case SIZE, EQUALS, GET, CONTAINS_KEY, CONTAINS_VALUE, KEYS, VALUES, TO_STRING ->
                    any(evaluation, text, first);
            };
        }

        private @Nullable Object list(
                Evaluation evaluation, Collection<?> list, @Nullable Object first, @Nullable Object second) {
            return switch (method) {
                case IS_EMPTY -> list.isEmpty();
                case CONTAINS -> Boolean.TRUE.equals(Values.holds(list, first));
                case INDEX_OF -> (long) Values.position(list, first);
                case COUNT ->
                    list.stream().filter(member -> Values.same(member, first)).count();
                case JOIN -> join(evaluation, list, text(first, 0));
                case GET -> get(list, first, second);
                case SIZE,
                        STARTS_WITH,
                        ENDS_WITH,
                        UPPER,
                        LOWER,
                        TRIM,
                        MATCHES,
                        REPLACE,
                        SUBSTRING,
                        SPLIT,
                        EQUALS,
                        EQUALS_IGNORE_CASE,
                        CONTAINS_KEY,
                        CONTAINS_VALUE,
                        KEYS,
                        VALUES,
                        TO_STRING -> any(evaluation, list, first);
            };
        }

        private @Nullable Object map(
                Evaluation evaluation, Map<?, ?> map, @Nullable Object first, @Nullable Object second) {
            return switch (method) {
                case IS_EMPTY -> map.isEmpty();
                case CONTAINS, CONTAINS_KEY -> first != null && map.containsKey(Values.key(first));
                case CONTAINS_VALUE -> Values.position(map.values(), first) >= 0;
                case GET -> {
                    Object value = first == null ? null : map.get(Values.key(first));
                    yield value == null && (first == null || !map.containsKey(Values.key(first))) ? second : value;
                }
                case KEYS -> Collections.unmodifiableList(new ArrayList<>(map.keySet()));
                case VALUES -> Collections.unmodifiableList(new ArrayList<>(map.values()));
                case SIZE,
                        STARTS_WITH,
                        ENDS_WITH,
                        UPPER,
                        LOWER,
                        TRIM,
                        MATCHES,
                        REPLACE,
                        SUBSTRING,
                        INDEX_OF,
                        SPLIT,
                        JOIN,
                        COUNT,
                        EQUALS,
                        EQUALS_IGNORE_CASE,
                        TO_STRING -> any(evaluation, map, first);
            };
        }

        private @Nullable Object get(Collection<?> list, @Nullable Object index, @Nullable Object otherwise) {
            if (!(list instanceof List<?> indexed) || !(index instanceof Number number)) {
                throw wrong(0, "a whole number", index);
            }
            int position = Values.index(indexed, number);
            if (position >= 0) {
                return indexed.get(position);
            }
            if (arguments.size() == 2) {
                return otherwise;
            }
            return Reads.Index.read(this, target, indexed, number, false);
        }

        private String replace(Evaluation evaluation, String text, String part, String replacement) {
            if (part.isEmpty()) {
                throw new EvaluationException("\"%s\" replaces an empty text.".formatted(source()));
            }
            long growth = (long) replacement.length() - part.length();
            if (growth > 0
                    && text.length() + growth * occurrences(text, part)
                            > evaluation.limits().textLength()) {
                throw evaluation.tooLong();
            }
            return text.replace(part, replacement);
        }

        private static int occurrences(String text, String part) {
            if (part.isEmpty()) {
                return 0;
            }
            int count = 0;
            for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
                count++;
            }
            return count;
        }

        private String substring(String text, @Nullable Object first, @Nullable Object second) {
            int from = bound(text, first, 0, 0);
            int to = arguments.size() < 2 ? text.length() : bound(text, second, 1, from);
            return text.substring(from, to);
        }

        private int bound(String text, @Nullable Object value, int argument, int least) {
            if (!(value instanceof Number number) || !Numbers.isLong(number)) {
                throw wrong(argument, "a whole number", value);
            }
            long bound = number.longValue();
            if (bound < least || bound > text.length()) {
                throw new EvaluationException("\"%s\" has %d characters; \"%s\" reaches to %d."
                        .formatted(target.source(), text.length(), source(), bound));
            }
            return (int) bound;
        }

        private List<String> split(Evaluation evaluation, String text, String separator) {
            if (separator.isEmpty()) {
                throw new EvaluationException("\"%s\" splits at an empty text.".formatted(source()));
            }
            List<String> parts = new ArrayList<>();
            int from = 0;
            for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
                evaluation.tick();
                parts.add(text.substring(from, at));
                from = at + separator.length();
            }
            parts.add(text.substring(from));
            return Collections.unmodifiableList(parts);
        }

        private String join(Evaluation evaluation, @Nullable Object members, String separator) {
            if (!(members instanceof Collection<?> list)) {
                throw wrong(0, "a list", members);
            }
            StringBuilder text = new StringBuilder();
            boolean first = true;
            for (Object member : list) {
                evaluation.tick();
                text.append(first ? "" : separator).append(evaluation.text(member));
                first = false;
                if (text.length() > evaluation.limits().textLength()) {
                    throw evaluation.tooLong();
                }
            }
            return text.toString();
        }

        private String text(@Nullable Object value, int argument) {
            if (value instanceof CharSequence text) {
                return text.toString();
            }
            throw wrong(argument, "a text", value);
        }

        private EvaluationException wrong(int argument, String expected, @Nullable Object value) {
            return new EvaluationException("\"%s\" needs %s; \"%s\" is %s."
                    .formatted(source(), expected, arguments.get(argument).source(), Values.typeName(value)));
        }
    }

    static String known() {
        return String.join(
                ", ",
                Arrays.stream(Method.values())
                        .map(method -> method.names.getFirst())
                        .toList());
    }
}
