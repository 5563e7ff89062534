package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The comparisons of an expectation. Each says whether it holds of what was found.
enum Operator {
    EQUALS {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return Values.equal(found, expected);
        }
    },
    NOT_EQUALS {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return !Values.equal(found, expected);
        }
    },
    IN {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return list(expected, "in").stream().anyMatch(one -> Values.equal(found, one));
        }
    },
    CONTAINS {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return contains(found, expected);
        }
    },
    NOT_CONTAINS {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return !contains(found, expected);
        }
    },
    MATCHES {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return found instanceof String text && GuardedRegex.find(pattern(expected), text);
        }
    },
    EXISTS {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return true;
        }
    },
    GT {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return ordered(found, expected) && order(found, expected) > 0;
        }
    },
    GTE {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return ordered(found, expected) && order(found, expected) >= 0;
        }
    },
    LT {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return ordered(found, expected) && order(found, expected) < 0;
        }
    },
    LTE {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return ordered(found, expected) && order(found, expected) <= 0;
        }
    },
    SIZE {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            Integer size = size(found);
            return size != null && Values.equal(size, expected);
        }
    },
    TYPE {
        @Override
        boolean holds(@Nullable Object found, @Nullable Object expected) {
            return typeNames(found).contains(String.valueOf(expected).toLowerCase(Locale.ROOT));
        }
    };

    /// What `type` may name.
    static final List<String> TYPE_NAMES = List.of(
            "null", "text", "string", "boolean", "bool", "number", "integer", "int", "float", "list", "array", "map",
            "object", "dict", "bytes", "none", "nothing", "str");

    abstract boolean holds(@Nullable Object found, @Nullable Object expected);

    /// The key in YAML.
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As it reads in a message: `equals "paid"`.
    String phrase(@Nullable Object expected) {
        return words() + " " + Values.show(expected);
    }

    /// The comparison in a sentence: `not equals`.
    String words() {
        return key().replace('_', ' ');
    }

    static @Nullable Integer size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case byte[] bytes -> bytes.length;
            case null -> null;
            default -> null;
        };
    }

    private static boolean contains(@Nullable Object found, @Nullable Object expected) {
        return switch (found) {
            case String text -> text.contains(expected instanceof String part ? part : Values.show(expected));
            case List<?> list -> list.stream().anyMatch(one -> Values.equal(one, expected));
            case Map<?, ?> map ->
                expected instanceof Map<?, ?> entries
                        ? entries.entrySet().stream()
                                .allMatch(entry -> map.containsKey(entry.getKey())
                                        && Values.equal(map.get(entry.getKey()), entry.getValue()))
                        : map.containsKey(expected);
            case byte[] bytes ->
                expected instanceof String part
                        && new String(bytes, StandardCharsets.ISO_8859_1)
                                .contains(
                                        new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            case null -> false;
            default -> false;
        };
    }

    private static boolean ordered(@Nullable Object found, @Nullable Object expected) {
        return (found instanceof Number && expected instanceof Number)
                || (found instanceof String && expected instanceof String);
    }

    private static int order(@Nullable Object found, @Nullable Object expected) {
        if (found instanceof Number a && expected instanceof Number b) {
            return Values.compare(a, b);
        }
        return String.valueOf(found).compareTo(String.valueOf(expected));
    }

    private static List<?> list(@Nullable Object expected, String key) {
        if (expected instanceof List<?> list) {
            return list;
        }
        throw new EvaluationException("%s was %s but it must be a list".formatted(key, Values.show(expected)));
    }

    private static Pattern pattern(@Nullable Object expected) {
        return expected instanceof Pattern pattern ? pattern : GuardedRegex.compile(String.valueOf(expected));
    }

    private static List<String> typeNames(@Nullable Object value) {
        return switch (value) {
            case null -> List.of("null", "none", "nothing");
            case String text -> List.of("text", "string", "str");
            case Boolean bool -> List.of("boolean", "bool");
            case Number number ->
                number.doubleValue() == Math.rint(number.doubleValue())
                        ? List.of("number", "integer", "int")
                        : List.of("number", "float");
            case List<?> list -> List.of("list", "array");
            case Map<?, ?> map -> List.of("map", "object", "dict");
            case byte[] bytes -> List.of("bytes");
            default -> List.of();
        };
    }
}
