package io.turbulence.core.internal.definition.schema;

import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.definition.binding.Range;
import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.ValueType;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the schemas of settings records. What the binder accepts these accept, and the reverse, apart from what a
/// schema
/// cannot say: whether a template compiles, the range of a duration or size that is written as text, and what a
/// record's own constructor refuses. For one thread.
final class SettingsSchemas {

    private static final String DURATION =
            "^" + Durations.FORM.replace("(?=.)", "(?=.)(?:\\d{1,18}(?:\\.\\d{1,9})?|") + ")$";
    private static final String SIZE = "^\\s*\\d+(?:\\.\\d+)?\\s*[kKmMgGtT]?[iI]?[bB]?\\s*$";
    /// `{{{{` is text, `{{` a template.
    private static final String WITHOUT_TEMPLATE = "^(?:\\{\\{\\{\\{|(?!\\{\\{)[\\s\\S])*$";
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

    private final Map<String, Object> definitions;
    private final Map<String, Class<?>> recordsByName = new LinkedHashMap<>();

    /// @param definitions takes the schemas of records inside
    SettingsSchemas(Map<String, Object> definitions) {
        this.definitions = definitions;
    }

    /// The mapping that a file gives for these settings, with more keys that stand beside them.
    ///
    /// @param others keys that belong to somebody else; they hide settings of the same name
    Map<String, Object> mapping(SettingsType<?> type, Map<String, Object> others, List<String> othersRequired) {
        Map<String, Object> properties = new LinkedHashMap<>(others);
        List<String> required = new ArrayList<>(othersRequired);
        List<Object> conditions = new ArrayList<>();
        for (SettingComponent component : type.components()) {
            List<String> keys = component.keys().stream()
                    .filter(key -> !others.containsKey(key))
                    .toList();
            for (String key : keys) {
                properties.put(key, component(component, key));
            }
            if (component.required() && component.inherits().isEmpty() && keys.size() == 1) {
                required.add(keys.getFirst());
            } else if (component.required() && component.inherits().isEmpty() && keys.size() > 1) {
                conditions.add(
                        Schemas.anyOf(keys.stream().map(Schemas::required).toArray()));
            }
            conditions.addAll(atMostOne(keys));
        }
        for (OneOf group : type.groups()) {
            conditions.add(group(type, group));
        }
        Map<String, Object> schema = Schemas.object(properties, required);
        conditions.forEach(condition -> Schemas.also(schema, condition));
        return schema;
    }

    /// Two names of one setting are not given at once.
    private static List<Object> atMostOne(List<String> keys) {
        List<Object> conditions = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            for (int j = i + 1; j < keys.size(); j++) {
                conditions.add(Schemas.not(Schemas.required(keys.get(i), keys.get(j))));
            }
        }
        return conditions;
    }

    private static Object group(SettingsType<?> type, OneOf group) {
        List<Object> alternatives = new ArrayList<>();
        for (String key : group.value()) {
            List<Object> given = new ArrayList<>();
            for (String name : names(type, key)) {
                given.add(Schemas.schema(
                        "required",
                        List.of(name),
                        "properties",
                        Schemas.schema(name, Schemas.not(Schemas.schema("type", "null")))));
            }
            alternatives.add(given.size() == 1 ? given.getFirst() : Schemas.anyOf(given.toArray()));
        }
        if (!group.required()) {
            alternatives.add(Schemas.not(Schemas.anyOf(alternatives.toArray())));
        }
        return Schemas.schema("oneOf", alternatives);
    }

    private static List<String> names(SettingsType<?> type, String key) {
        return type.components().stream()
                .map(SettingComponent::keys)
                .filter(keys -> keys.contains(key))
                .findFirst()
                .orElse(List.of(key));
    }

    private Map<String, Object> component(SettingComponent component, String key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        String documentation = component.documentation();
        schema.put(
                "description",
                key.equals(component.key())
                        ? documentation
                        : "Another name of `" + component.key() + "`. " + documentation);
        yaml(component.defaultText()).ifPresent(tree -> schema.put("default", tree));
        yaml(component.example()).ifPresent(tree -> schema.put("examples", List.of(tree)));
        boolean nothing = !component.required() || component.type() instanceof ValueType.TreeType;
        Map<String, Object> value = value(
                component.type(),
                component.range(),
                key.endsWith("_ms") || key.endsWith("_millis"),
                component.templates());
        schema.putAll(nothing ? Schemas.orNull(value) : value);
        return schema;
    }

    private static Optional<Object> yaml(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : new YamlReader(new Problems()).read(Path.of("example"), text).map(YamlNode::toTree);
    }

    // Values

    private Map<String, Object> value(
            ValueType type, @Nullable Range range, boolean millis, Setting.Templates templates) {
        Map<String, Object> plain = plain(type, range, millis, templates);
        boolean holdsAnything = type instanceof ValueType.TreeType
                || type instanceof ValueType.NodeType
                || type instanceof ValueType.MatcherType
                || (type instanceof ValueType.RecordType settings
                        && settings.settings().scalarComponent() != null);
        if (templates == Setting.Templates.FORBIDDEN || holdsAnything) {
            return plain;
        }
        return Schemas.anyOf(plain, Schemas.TEMPLATE);
    }

    private Map<String, Object> plain(
            ValueType type, @Nullable Range range, boolean millis, Setting.Templates templates) {
        return switch (type) {
            case ValueType.TextType ignored -> text(range, templates);
            case ValueType.BooleanType ignored -> Schemas.schema("type", "boolean");
            case ValueType.NumberType number -> number(number, range);
            case ValueType.EnumType names ->
                Schemas.schema("enum", List.copyOf(names.values().keySet()));
            case ValueType.DurationType ignored ->
                Schemas.anyOf(
                        bounded(
                                Schemas.schema("type", "number", "minimum", 0),
                                range,
                                millis ? MILLIS : BigDecimal.ONE),
                        Schemas.schema("type", "string", "pattern", DURATION));
            case ValueType.SizeType ignored ->
                Schemas.anyOf(
                        bounded(Schemas.schema("type", "integer", "minimum", 0), range, BigDecimal.ONE),
                        Schemas.schema("type", "string", "pattern", SIZE));
            case ValueType.PathType ignored ->
                Schemas.schema("type", List.of("string", "number", "boolean"), "minLength", 1);
            case ValueType.TreeType ignored -> Schemas.schema();
            case ValueType.NodeType node -> node(node);
            case ValueType.MatcherType ignored -> Schemas.ref(LanguageSchemas.EXPECTATIONS);
            case ValueType.ListType list -> list(list, range, millis, templates);
            case ValueType.MapType map -> map(map, range, millis, templates);
            case ValueType.RecordType settings -> record(settings);
        };
    }

    private static Map<String, Object> text(@Nullable Range range, Setting.Templates templates) {
        Map<String, Object> schema = Schemas.schema("type", List.of("string", "number", "boolean"));
        if (templates == Setting.Templates.FORBIDDEN) {
            schema.put("pattern", WITHOUT_TEMPLATE);
        }
        return sized(schema, range, "minLength", "maxLength");
    }

    private static Map<String, Object> number(ValueType.NumberType type, @Nullable Range range) {
        Map<String, Object> schema = Schemas.schema("type", type.isWhole() ? "integer" : "number");
        if (type.type() == Integer.class) {
            schema.put("minimum", Integer.MIN_VALUE);
            schema.put("maximum", Integer.MAX_VALUE);
        } else if (type.type() == Long.class) {
            schema.put("minimum", Long.MIN_VALUE);
            schema.put("maximum", Long.MAX_VALUE);
        }
        return bounded(schema, range, BigDecimal.ONE);
    }

    private static Map<String, Object> bounded(Map<String, Object> schema, @Nullable Range range, BigDecimal unit) {
        if (range != null && range.from() != null) {
            schema.put("minimum", plain(range.from().multiply(unit)));
        }
        if (range != null && range.to() != null) {
            schema.put("maximum", plain(range.to().multiply(unit)));
        }
        return schema;
    }

    private static Map<String, Object> sized(
            Map<String, Object> schema, @Nullable Range range, String least, String most) {
        if (range != null && range.from() != null) {
            schema.put(least, Math.max(0, range.from().intValue()));
        }
        if (range != null && range.to() != null) {
            schema.put(most, range.to().intValue());
        }
        return schema;
    }

    private static Object plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() <= 0 ? (Object) stripped.toBigIntegerExact() : stripped;
    }

    private static Map<String, Object> node(ValueType.NodeType type) {
        return switch (type.type().getSimpleName()) {
            case "MappingNode" -> Schemas.schema("type", "object");
            case "SequenceNode" -> Schemas.schema("type", "array");
            default -> Schemas.schema();
        };
    }

    private Map<String, Object> list(
            ValueType.ListType type, @Nullable Range range, boolean millis, Setting.Templates templates) {
        Map<String, Object> item = value(type.item(), null, millis, templates);
        return sized(Schemas.array(type.nullable() ? Schemas.orNull(item) : item), range, "minItems", "maxItems");
    }

    private Map<String, Object> map(
            ValueType.MapType type, @Nullable Range range, boolean millis, Setting.Templates templates) {
        Map<String, Object> schema = Schemas.schema(
                "type", "object", "additionalProperties", Schemas.orNull(value(type.value(), null, millis, templates)));
        return sized(schema, range, "minProperties", "maxProperties");
    }

    private Map<String, Object> record(ValueType.RecordType type) {
        SettingsType<?> settings = type.settings();
        Map<String, Object> reference = Schemas.ref(define(settings));
        SettingComponent meant = settings.scalarComponent();
        if (meant == null) {
            return reference;
        }
        Map<String, Object> scalar = Schemas.schema(
                "allOf",
                List.of(
                        Schemas.schema("type", List.of("string", "number", "boolean")),
                        value(meant.type(), meant.range(), false, meant.templates())));
        return Schemas.anyOf(reference, scalar);
    }

    /// Puts a record's schema among the definitions, once, and answers its name there.
    private String define(SettingsType<?> type) {
        String name = type.record()
                .getName()
                .substring(type.record().getPackageName().length() + 1)
                .replace('$', '.');
        while (recordsByName.getOrDefault(name, type.record()) != type.record()) {
            name += "_";
        }
        if (recordsByName.put(name, type.record()) == null) {
            definitions.put(name, mapping(type, Map.of(), List.of()));
        }
        return name;
    }

    /// A record's schema by reference.
    Map<String, Object> reference(SettingsType<?> type) {
        return Schemas.ref(define(type));
    }

    /// One setting alone, as it stands at another place than its record.
    Map<String, Object> setting(SettingComponent component) {
        return component(component, component.key());
    }
}
