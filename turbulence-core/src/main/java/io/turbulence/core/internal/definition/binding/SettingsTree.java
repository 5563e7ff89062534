package io.turbulence.core.internal.definition.binding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings of a step as it was executed, as a tree under the keys of its file. What is secret in them and what is
/// nothing to show (null, empty, false, the default) is left out.
public final class SettingsTree {

    private SettingsTree() {}

    public static Map<String, @Nullable Object> of(Record settings) {
        return tree(SettingsType.of(settings.getClass()), settings);
    }

    private static Map<String, @Nullable Object> tree(SettingsType<?> type, Record settings) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        for (SettingComponent component : type.components()) {
            Object value = shown(component.type(), component.read(settings));
            if (component.secret()) {
                value = value == null ? null : "***";
            }
            if (isWorthTelling(value) && !String.valueOf(value).equals(component.defaultText())) {
                tree.put(component.key(), value);
            }
        }
        return tree;
    }

    private static boolean isWorthTelling(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            case String text -> !text.isEmpty();
            case Collection<?> items -> !items.isEmpty();
            case Map<?, ?> entries -> !entries.isEmpty();
            default -> true;
        };
    }

    private static @Nullable Object shown(ValueType type, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Record settings ->
                type instanceof ValueType.RecordType nested ? tree(nested.settings(), settings) : settings.toString();
            case List<?> items -> {
                ValueType item = type instanceof ValueType.ListType list ? list.item() : type;
                List<@Nullable Object> all = new ArrayList<>(items.size());
                items.forEach(one -> all.add(shown(item, one)));
                yield all;
            }
            case Map<?, ?> entries -> {
                ValueType inner = type instanceof ValueType.MapType map ? map.value() : type;
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                entries.forEach((name, one) -> all.put(String.valueOf(name), shown(inner, one)));
                yield all;
            }
            case String text -> text;
            case Number number -> number;
            case Boolean flag -> flag;
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case Duration length -> length.toMillis() + "ms";
            case byte[] bytes -> bytes.length + " bytes";
            default -> value.toString();
        };
    }
}
