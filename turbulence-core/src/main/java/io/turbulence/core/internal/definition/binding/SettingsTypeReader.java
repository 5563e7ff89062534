package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes a [SettingsType] and those of the records in it. Used once.
final class SettingsTypeReader {

    private static final Map<Class<?>, Class<? extends Number>> NUMBERS = Map.ofEntries(
            Map.entry(int.class, Integer.class),
            Map.entry(long.class, Long.class),
            Map.entry(double.class, Double.class),
            Map.entry(Integer.class, Integer.class),
            Map.entry(Long.class, Long.class),
            Map.entry(Double.class, Double.class),
            Map.entry(BigDecimal.class, BigDecimal.class),
            Map.entry(BigInteger.class, BigInteger.class),
            Map.entry(Number.class, BigDecimal.class));
    private static final String BINDABLE =
            "text, int, long, double, boolean, an enum, Duration, DataSize, Path, Matcher, "
                    + "Object, another record, or a List or Map<String, …> of these";

    private static final Pattern WORD_BEGIN = Pattern.compile("([a-z0-9])([A-Z])");
    private static final Expressions EXPRESSIONS = new Expressions();

    private final Map<Class<?>, SettingsType<?>> read = new HashMap<>();

    <S extends Record> SettingsType<S> read(Class<S> record) {
        SettingsType<S> type = new SettingsType<>(record);
        read.put(record, type);
        if (!record.isRecord() || record.getTypeParameters().length > 0) {
            throw unbindable(record, "", "it must be a record without type parameters", null);
        }
        List<SettingComponent> components = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (RecordComponent component : record.getRecordComponents()) {
            SettingComponent read = component(record, component, components.size());
            for (String key : read.keys()) {
                if (!keys.add(key)) {
                    throw unbindable(record, component, "the key '" + key + "' stands for another component too", null);
                }
            }
            components.add(read);
        }
        checkScalarComponent(record, components);
        List<OneOf> groups = List.of(record.getAnnotationsByType(OneOf.class));
        checkGroups(record, groups, keys);
        type.complete(components, groups, constructor(record));
        checkDefaults(record, components);
        return type;
    }

    private SettingComponent component(Class<?> record, RecordComponent component, int index) {
        Setting setting = component.getAnnotation(Setting.class);
        ValueType type = type(record, component, component.getAnnotatedType());
        String defaultText = setting == null ? "" : setting.defaultValue();
        return new SettingComponent(
                component.getName(),
                setting == null || setting.key().isEmpty() ? snakeCase(component.getName()) : setting.key(),
                setting == null ? List.of() : List.of(setting.aliases()),
                type,
                setting == null ? "" : setting.value(),
                isNullable(component.getAnnotatedType()) || isNullable(component),
                defaultText.isEmpty() ? null : defaultNode(record, component, defaultText),
                defaultText,
                setting == null ? "" : setting.example(),
                setting == null || setting.range().isEmpty() ? null : range(record, component, setting.range(), type),
                setting != null && setting.secret(),
                setting == null ? Setting.Templates.STEP : setting.templates(),
                setting == null ? List.of() : List.of(setting.inherits()),
                setting != null && setting.ignoreCase(),
                setting != null && setting.whenScalar(),
                setting == null || setting.fileKey().isEmpty()
                        ? ""
                        : fileKey(record, component, setting.fileKey(), type),
                index,
                accessor(record, component));
    }

    private ValueType type(Class<?> record, RecordComponent component, AnnotatedType annotated) {
        Class<?> raw = rawClass(annotated);
        Class<? extends Number> number = NUMBERS.get(raw);
        if (number != null) {
            return new ValueType.NumberType(number);
        }
        if (raw == String.class) {
            return new ValueType.TextType();
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return new ValueType.BooleanType();
        }
        if (raw == Duration.class) {
            return new ValueType.DurationType();
        }
        if (raw == DataSize.class) {
            return new ValueType.SizeType();
        }
        if (raw == Path.class) {
            return new ValueType.PathType();
        }
        if (raw == Object.class) {
            return new ValueType.TreeType();
        }
        if (raw == Matcher.class) {
            return new ValueType.MatcherType();
        }
        if (YamlNode.class.isAssignableFrom(raw)) {
            return new ValueType.NodeType(raw.asSubclass(YamlNode.class));
        }
        if (raw.isEnum()) {
            return new ValueType.EnumType(enumValues(raw));
        }
        if (raw.isRecord()) {
            return new ValueType.RecordType(nested(raw.asSubclass(Record.class)));
        }
        return collection(record, component, annotated, raw);
    }

    private ValueType collection(Class<?> record, RecordComponent component, AnnotatedType annotated, Class<?> raw) {
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            if (raw == List.class) {
                return new ValueType.ListType(type(record, component, arguments[0]), isNullable(arguments[0]));
            }
            if (raw == Map.class && rawClass(arguments[0]) == String.class) {
                return new ValueType.MapType(type(record, component, arguments[1]), isNullable(arguments[1]));
            }
        }
        throw unbindable(
                record,
                component,
                "its type is '" + annotated.getType().getTypeName() + "' but it must be " + BINDABLE,
                null);
    }

    private <R extends Record> SettingsType<?> nested(Class<R> record) {
        SettingsType<?> known = read.get(record);
        return known == null ? read(record) : known;
    }

    private static Map<String, Enum<?>> enumValues(Class<?> type) {
        Map<String, Enum<?>> values = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            Enum<?> value = (Enum<?>) constant;
            values.put(value.name().toLowerCase(Locale.ROOT), value);
        }
        return Collections.unmodifiableMap(values);
    }

    private static YamlNode defaultNode(Class<?> record, RecordComponent component, String text) {
        Problems problems = new Problems();
        Optional<YamlNode> node = new YamlReader(problems).read(Path.of(record.getSimpleName()), text);
        if (problems.hasErrors() || node.isEmpty()) {
            Problem first = problems.errors().getFirst();
            throw unbindable(record, component, "its default '" + text + "' is no YAML: " + first.found(), null);
        }
        return node.get();
    }

    private static Range range(Class<?> record, RecordComponent component, String text, ValueType type) {
        try {
            Range range = Range.parse(text);
            if (!Scalars.hasExtent(type)) {
                throw unbindable(record, component, "it has a range, but its type is " + type.description(), null);
            }
            return range;
        } catch (IllegalArgumentException e) {
            throw unbindable(record, component, "its " + e.getMessage(), e);
        }
    }

    private static String fileKey(Class<?> record, RecordComponent component, String key, ValueType type) {
        if (!(type instanceof ValueType.TreeType)) {
            throw unbindable(record, component, "it has a 'fileKey', but its type is no 'Object'", null);
        }
        return key;
    }

    private static void checkScalarComponent(Class<?> record, List<SettingComponent> components) {
        List<String> scalars = components.stream()
                .filter(SettingComponent::whenScalar)
                .map(SettingComponent::name)
                .toList();
        if (scalars.size() > 1) {
            throw unbindable(
                    record,
                    "",
                    "a plain value can mean one component only, but " + scalars + " have 'whenScalar'",
                    null);
        }
    }

    private static void checkGroups(Class<?> record, List<OneOf> groups, Set<String> keys) {
        for (OneOf group : groups) {
            for (String key : group.value()) {
                if (!keys.contains(key)) {
                    throw unbindable(record, "", "'@OneOf' names '" + key + "', which is none of its keys", null);
                }
            }
        }
    }

    /// A default must be what a file may give.
    private static void checkDefaults(Class<?> record, List<SettingComponent> components) {
        for (SettingComponent component : components) {
            YamlNode given = component.defaultNode();
            if (given == null || component.defaultText().contains("{{")) {
                continue;
            }
            Problems problems = new Problems();
            MatcherCompiler anything = (node, context) -> scope -> {
                throw new IllegalStateException("a default is not rendered");
            };
            BindingContext context = BindingContext.of(problems, EXPRESSIONS, name -> null, anything);
            ValueCompiler.of(context).defaultValue(component, given);
            if (problems.hasErrors()) {
                Problem first = problems.errors().getFirst();
                throw unbindable(
                        record,
                        "component '" + component.name() + "'",
                        "its default '" + component.defaultText() + "' does not fit: " + first.found() + "; expected "
                                + first.expected(),
                        null);
            }
        }
    }

    private static MethodHandle constructor(Class<?> record) {
        Class<?>[] types = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asFixedArity()
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (NoSuchMethodException | IllegalAccessException | InaccessibleObjectException e) {
            throw unbindable(record, "", "its constructor cannot be called", e);
        }
    }

    private static MethodHandle accessor(Class<?> record, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw unbindable(record, component, "it cannot be read", e);
        }
    }

    private static Class<?> rawClass(AnnotatedType type) {
        return rawClass(type.getType());
    }

    private static Class<?> rawClass(Type type) {
        return switch (type) {
            case Class<?> raw -> raw;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            case WildcardType wildcard -> rawClass(wildcard.getUpperBounds()[0]);
            default -> Void.class;
        };
    }

    private static boolean isNullable(AnnotatedElement element) {
        // By name: a plugin may bring its own copy of the annotation
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }

    /// `maxBody` is `max_body`, `baseURL` is `base_url`.
    private static String snakeCase(String name) {
        return WORD_BEGIN.matcher(name).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }

    private static UnbindableSettingsException unbindable(
            Class<?> record, @Nullable RecordComponent component, String why, @Nullable Throwable cause) {
        String part = component == null ? "" : "component '" + component.getName() + "'";
        return unbindable(record, part, why, cause);
    }

    private static UnbindableSettingsException unbindable(
            Class<?> record, String part, String why, @Nullable Throwable cause) {
        String subject = (part.isEmpty() ? "" : part + " of ") + "settings record '" + record.getName() + "'";
        return new UnbindableSettingsException(subject + " cannot be bound from YAML: " + why, cause);
    }
}
