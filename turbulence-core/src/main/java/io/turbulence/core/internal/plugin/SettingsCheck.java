package io.turbulence.core.internal.plugin;

import io.turbulence.api.DataSize;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Checks that a settings record can be bound from YAML.
final class SettingsCheck {

    private static final Set<Class<?>> PLAIN = Set.of(
            String.class,
            Object.class,
            boolean.class,
            int.class,
            long.class,
            double.class,
            Boolean.class,
            Integer.class,
            Long.class,
            Double.class,
            BigDecimal.class,
            BigInteger.class,
            Duration.class,
            DataSize.class,
            Path.class,
            Matcher.class);

    private final String subject;
    private final List<PluginProblem> problems;
    private final Set<Class<?>> seen = new HashSet<>();

    SettingsCheck(String subject, List<PluginProblem> problems) {
        this.subject = subject;
        this.problems = problems;
    }

    /// @param reserved keys at the top level that are the host's
    /// @param of       whose keys they are: `step`, `service`
    void check(Class<?> settings, Set<String> reserved, String of) {
        if (!settings.isRecord()) {
            add("settings '" + settings.getName() + "' are no record", "Make the class a record.");
            return;
        }
        for (RecordComponent component : settings.getRecordComponents()) {
            keys(component).stream()
                    .filter(reserved::contains)
                    .forEach(key -> add(
                            "setting '" + key + "' in " + settings.getName() + " is a key that every " + of + " has",
                            "Rename the component, or give it another key with @Setting(key = …)."));
        }
        checkRecord(settings);
    }

    private void checkRecord(Class<?> type) {
        if (!seen.add(type)) {
            return;
        }
        Map<String, String> byKey = new HashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            for (String key : keys(component)) {
                String other = byKey.putIfAbsent(key, component.getName());
                if (other != null) {
                    add(
                            "components '" + other + "' and '" + component.getName() + "' of " + type.getName()
                                    + " both have the key '" + key + "'",
                            "Give one of them another key or alias.");
                }
            }
            checkType(component.getGenericType(), type, component.getName());
        }
        for (OneOf group : type.getAnnotationsByType(OneOf.class)) {
            for (String key : group.value()) {
                if (!byKey.containsKey(key)) {
                    add(
                            "@OneOf on " + type.getName() + " names the key '" + key + "', which no component has",
                            "Correct the key; it is written as in YAML.");
                }
            }
        }
    }

    private void checkType(Type type, Class<?> owner, String component) {
        if (type instanceof Class<?> plain && plain.isRecord()) {
            checkRecord(plain);
            return;
        }
        if (type instanceof Class<?> plain && (PLAIN.contains(plain) || plain.isEnum())) {
            return;
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            checkType(argument(generic, 0), owner, component);
            return;
        }
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == Map.class
                && generic.getActualTypeArguments()[0] == String.class) {
            checkType(argument(generic, 1), owner, component);
            return;
        }
        add(
                "component '" + component + "' of " + owner.getName() + " is a " + type.getTypeName()
                        + ", which cannot be bound from YAML",
                "Use text, a number, a boolean, an enum, Duration, DataSize, Path, Matcher, a record, Object, or a List"
                        + " or a Map<String, …> of these.");
    }

    private static Type argument(ParameterizedType type, int index) {
        Type argument = type.getActualTypeArguments()[index];
        return argument instanceof java.lang.reflect.WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
    }

    private static List<String> keys(RecordComponent component) {
        List<String> keys = new ArrayList<>();
        Setting setting = component.getAnnotation(Setting.class);
        keys.add(setting == null || setting.key().isEmpty() ? snakeCase(component.getName()) : setting.key());
        if (setting != null) {
            keys.addAll(List.of(setting.aliases()));
        }
        return keys;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private void add(String what, String hint) {
        problems.add(PluginProblem.of(
                PluginCode.PLUGIN_INVALID_SETTINGS, subject + " cannot be used: " + what + ". " + hint));
    }
}
