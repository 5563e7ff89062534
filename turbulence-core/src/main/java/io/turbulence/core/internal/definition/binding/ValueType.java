package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.stream.Collectors;

/// What a setting takes. Immutable.
public sealed interface ValueType {

    /// What to write, for the "expected" of a problem: `a whole number`.
    String description();

    /// Text; a number or boolean is taken as it is written.
    record TextType() implements ValueType {
        @Override
        public String description() {
            return "text";
        }
    }

    /// True or false.
    record BooleanType() implements ValueType {
        @Override
        public String description() {
            return "true or false";
        }
    }

    /// A number.
    ///
    /// @param type the boxed type of the component
    record NumberType(Class<? extends Number> type) implements ValueType {

        public boolean isWhole() {
            return type == Integer.class || type == Long.class || type == BigInteger.class;
        }

        @Override
        public String description() {
            return isWhole() ? "a whole number" : "a number";
        }

        /// The number in the component's type.
        ///
        /// @throws ArithmeticException when it is not whole or too large
        Number convert(BigDecimal value) {
            if (type == Integer.class) {
                return value.intValueExact();
            }
            if (type == Long.class) {
                return value.longValueExact();
            }
            if (type == BigInteger.class) {
                return value.toBigIntegerExact();
            }
            return type == Double.class ? (Number) value.doubleValue() : value;
        }
    }

    /// One of some names.
    ///
    /// @param values the constants by their names in YAML, in order
    record EnumType(Map<String, Enum<?>> values) implements ValueType {
        @Override
        public String description() {
            return values.keySet().stream().collect(Collectors.joining("', '", "one of '", "'"));
        }
    }

    /// A span of time.
    record DurationType() implements ValueType {
        @Override
        public String description() {
            return "a duration such as '500ms', '5s' or '1m30s'";
        }
    }

    /// A number of bytes.
    record SizeType() implements ValueType {
        @Override
        public String description() {
            return "a size such as '64 MiB' or 1024";
        }
    }

    /// A file, relative to the one that names it.
    record PathType() implements ValueType {
        @Override
        public String description() {
            return "a file's path";
        }
    }

    /// Any YAML.
    record TreeType() implements ValueType {
        @Override
        public String description() {
            return "a value";
        }
    }

    /// The node itself, uncompiled: for what the language's own parts compile in their own way.
    ///
    /// @param type the kind of node
    record NodeType(Class<? extends YamlNode> type) implements ValueType {
        @Override
        public String description() {
            return switch (type.getSimpleName()) {
                case "MappingNode" -> "a mapping";
                case "SequenceNode" -> "a list";
                case "ScalarNode" -> "a single value";
                default -> "a value";
            };
        }
    }

    /// What is compiled to a matcher.
    record MatcherType() implements ValueType {
        @Override
        public String description() {
            return "an expectation";
        }
    }

    /// A list.
    ///
    /// @param nullable whether items may be null
    record ListType(ValueType item, boolean nullable) implements ValueType {
        @Override
        public String description() {
            return "a list";
        }
    }

    /// Names and values.
    ///
    /// @param nullable whether values may be null
    record MapType(ValueType value, boolean nullable) implements ValueType {
        @Override
        public String description() {
            return "a mapping";
        }
    }

    /// Settings inside settings.
    record RecordType(SettingsType<?> settings) implements ValueType {
        @Override
        public String description() {
            return "a mapping with keys such as '"
                    + settings.components().stream()
                            .limit(3)
                            .map(SettingComponent::key)
                            .collect(Collectors.joining("', '"))
                    + "'";
        }
    }
}
