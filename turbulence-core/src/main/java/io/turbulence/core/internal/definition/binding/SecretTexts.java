package io.turbulence.core.internal.definition.binding;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds what is secret in a settings record.
final class SecretTexts {

    private final Consumer<String> sink;

    SecretTexts(Consumer<String> sink) {
        this.sink = sink;
    }

    void collect(SettingsType<?> type, Record settings) {
        for (SettingComponent component : type.components()) {
            Object value = component.read(settings);
            if (component.secret()) {
                all(value);
            } else {
                inside(component.type(), value);
            }
        }
    }

    private void inside(ValueType type, @Nullable Object value) {
        if (type instanceof ValueType.RecordType nested && value instanceof Record settings) {
            collect(nested.settings(), settings);
        } else if (type instanceof ValueType.ListType list && value instanceof List<?> items) {
            items.forEach(item -> inside(list.item(), item));
        } else if (type instanceof ValueType.MapType map && value instanceof Map<?, ?> entries) {
            entries.values().forEach(entry -> inside(map.value(), entry));
        }
    }

    private void all(@Nullable Object value) {
        switch (value) {
            case null -> {}
            case Map<?, ?> entries -> entries.values().forEach(this::all);
            case List<?> items -> items.forEach(this::all);
            case Record ignored -> {}
            default -> sink.accept(value.toString());
        }
    }
}
