package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.expression.Values;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes single values of settings from what a file or a template gives.
final class Scalars {

    private static final int LONGEST_NUMBER = 1000;

    private Scalars() {}

    /// Whether a range can be set for it.
    static boolean hasExtent(ValueType type) {
        return type instanceof ValueType.NumberType
                || type instanceof ValueType.DurationType
                || type instanceof ValueType.SizeType
                || type instanceof ValueType.TextType
                || type instanceof ValueType.ListType
                || type instanceof ValueType.MapType;
    }

    /// Converts.
    ///
    /// @throws Misfit when it does not fit
    static Object convert(Given given, ValueType type, Durations.Unit unit) {
        return switch (type) {
            case ValueType.TextType text -> text(given, text);
            case ValueType.BooleanType flag -> flag(given, flag);
            case ValueType.NumberType number -> number(given, number);
            case ValueType.EnumType names -> constant(given, names);
            case ValueType.DurationType duration -> duration(given, duration, unit);
            case ValueType.SizeType size -> size(given, size);
            case ValueType.PathType path -> path(given, path);
            case ValueType.TreeType ignored -> throw given.misfit(type, null);
            case ValueType.NodeType ignored -> throw given.misfit(type, null);
            case ValueType.MatcherType ignored -> throw given.misfit(type, null);
            case ValueType.ListType ignored -> throw given.misfit(type, null);
            case ValueType.MapType ignored -> throw given.misfit(type, null);
            case ValueType.RecordType ignored -> throw given.misfit(type, null);
        };
    }

    /// Checks bounds.
    ///
    /// @throws Misfit when it is outside
    static void check(@Nullable Object value, Range range) {
        String what;
        BigDecimal extent;
        String unit = "";
        switch (value) {
            case Number number -> {
                extent = decimal(number);
                what = "the number " + number;
            }
            case Duration duration -> {
                extent = BigDecimal.valueOf(duration.toNanos(), 9);
                what = Durations.text(duration);
                unit = " seconds";
            }
            case DataSize size -> {
                extent = BigDecimal.valueOf(size.bytes());
                what = size.toString();
                unit = " bytes";
            }
            case String text -> {
                int length = text.codePointCount(0, text.length());
                extent = BigDecimal.valueOf(length);
                what = "text of " + length + (length == 1 ? " character" : " characters");
                unit = " characters";
            }
            case List<?> list -> {
                extent = BigDecimal.valueOf(list.size());
                what = "a list of " + list.size();
            }
            case Map<?, ?> map -> {
                extent = BigDecimal.valueOf(map.size());
                what = "a mapping of " + map.size();
            }
            case null -> {
                return;
            }
            default -> {
                return;
            }
        }
        if (!range.contains(extent)) {
            throw new Misfit(Codes.VALUE, what, range.description(unit), null);
        }
    }

    private static Object text(Given given, ValueType type) {
        if (given.value() == null) {
            throw given.misfit(type, null);
        }
        if (given.isCollection()) {
            throw given.misfit(type, given.lenient() ? "Write {{json(…)}} for its JSON text." : null);
        }
        return given.text();
    }

    private static Object flag(Given given, ValueType type) {
        if (given.value() instanceof Boolean flag) {
            return flag;
        }
        if (given.lenient() && given.value() instanceof String text) {
            switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> {
                    return true;
                }
                case "false" -> {
                    return false;
                }
                default -> {}
            }
        }
        throw given.misfit(type, given.quotesHint("true", "false"));
    }

    private static Object number(Given given, ValueType.NumberType type) {
        BigDecimal value = switch (given.value()) {
            case Number number -> finite(number).orElseThrow(() -> given.misfit(type, null));
            case String text -> written(given, text, type);
            case null -> throw given.misfit(type, null);
            default -> throw given.misfit(type, null);
        };
        if (value.precision() - (long) value.scale() > LONGEST_NUMBER) {
            throw given.misfit(type, null);
        }
        try {
            return type.convert(value);
        } catch (ArithmeticException e) {
            throw value.stripTrailingZeros().scale() > 0
                    ? given.misfit(type, null)
                    : new Misfit(
                            Codes.VALUE,
                            "the number " + given.text(),
                            type.type() == Integer.class
                                    ? "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                                    : "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE,
                            null);
        }
    }

    private static BigDecimal written(Given given, String text, ValueType type) {
        Optional<BigDecimal> number = parse(text.strip());
        if (given.lenient() && number.isPresent()) {
            return number.get();
        }
        throw given.misfit(type, number.isPresent() ? "Take the quotes away." : null);
    }

    private static Optional<BigDecimal> finite(Number number) {
        boolean infinite = number instanceof Double value && !Double.isFinite(value);
        return infinite ? Optional.empty() : Optional.of(decimal(number));
    }

    private static Optional<BigDecimal> parse(String text) {
        try {
            return text.length() > LONGEST_NUMBER ? Optional.empty() : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case Integer value -> BigDecimal.valueOf(value);
            case Long value -> BigDecimal.valueOf(value);
            case BigDecimal value -> value;
            case BigInteger value -> new BigDecimal(value);
            default -> BigDecimal.valueOf(number.doubleValue());
        };
    }

    private static Object constant(Given given, ValueType.EnumType type) {
        if (given.value() == null || given.isCollection()) {
            throw given.misfit(type, null);
        }
        String text = given.lenient() ? given.text().strip().toLowerCase(Locale.ROOT) : given.text();
        Enum<?> constant = type.values().get(text);
        if (constant == null) {
            throw new Misfit(
                    Codes.VALUE,
                    given.description(),
                    type.description(),
                    Nearest.hint(given.text(), type.values().keySet()).orElse(null));
        }
        return constant;
    }

    private static Object duration(Given given, ValueType type, Durations.Unit unit) {
        Optional<Duration> duration = switch (given.value()) {
            case Number number -> finite(number).flatMap(seconds -> Durations.of(seconds, unit));
            case String text -> Durations.parse(given.lenient() ? text.strip() : text, unit);
            case null -> Optional.empty();
            default -> Optional.empty();
        };
        return duration.orElseThrow(() -> given.misfit(type, null));
    }

    private static Object size(Given given, ValueType type) {
        try {
            return switch (given.value()) {
                case Number number -> DataSize.ofBytes(decimal(number).longValueExact());
                case String text -> DataSize.parse(text);
                case null -> throw given.misfit(type, null);
                default -> throw given.misfit(type, null);
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw given.misfit(type, null);
        }
    }

    private static Object path(Given given, ValueType type) {
        if (given.value() == null || given.isCollection() || given.text().isEmpty()) {
            throw given.misfit(type, null);
        }
        try {
            return given.file().resolveSibling(given.text()).normalize();
        } catch (InvalidPathException e) {
            throw given.misfit(type, null);
        }
    }

    /// A single value and where it is from.
    ///
    /// @param text    as it is written, or the value's text
    /// @param lenient whether a text stands for a number, boolean or name too: it came from a template
    /// @param file    that names it
    record Given(@Nullable Object value, String text, boolean lenient, Path file) {

        static Given of(ScalarNode node, boolean lenient) {
            return new Given(node.value(), node.text(), lenient, node.location().file());
        }

        static Given rendered(@Nullable Object value, Path file) {
            return new Given(value, Values.text(value), true, file);
        }

        boolean isCollection() {
            return value instanceof Map || value instanceof List;
        }

        String description() {
            return ScalarNode.describe(value, text);
        }

        Misfit misfit(ValueType type, @Nullable String hint) {
            return new Misfit(Codes.TYPE, description(), type.description(), hint);
        }

        @Nullable
        String quotesHint(String... unquoted) {
            return value instanceof String && List.of(unquoted).contains(text) ? "Take the quotes away." : null;
        }
    }
}
