package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.spi.OneOf;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a settings record says about itself: its keys, their types, defaults, bounds and documentation. Made once for
/// a record, by reflection; immutable and thread-safe afterwards.
///
/// @param <S> the record
public final class SettingsType<S extends Record> {

    /// Kept with the record's class, for as long as that one lives.
    private static final ClassValue<SettingsType<?>> ALL = new ClassValue<>() {
        @Override
        protected SettingsType<?> computeValue(Class<?> type) {
            return new SettingsTypeReader().read(type.asSubclass(Record.class));
        }
    };

    private final Class<S> record;
    private List<SettingComponent> components = List.of();
    private List<OneOf> groups = List.of();
    private Map<String, Named> names = Map.of();
    private @Nullable MethodHandle constructor;

    SettingsType(Class<S> record) {
        this.record = record;
    }

    /// Reads the record's declaration.
    ///
    /// @throws UnbindableSettingsException when it cannot be bound from YAML; the message names the component
    @SuppressWarnings("unchecked")
    public static <S extends Record> SettingsType<S> of(Class<S> record) {
        return (SettingsType<S>) ALL.get(record);
    }

    /// Compiles what a file gives for these settings. What is wrong goes to the context's problems.
    public SettingsPlan<S> compile(MappingNode node, BindingContext context) {
        return SettingsPlan.compile(this, node, context);
    }

    public Class<S> record() {
        return record;
    }

    /// In the order of the record.
    public List<SettingComponent> components() {
        return components;
    }

    /// Keys of which at most one may be given.
    public List<OneOf> groups() {
        return groups;
    }

    /// All keys, other names included, in the order of the record.
    public Set<String> keys() {
        return names.keySet();
    }

    /// The component that a plain value stands for; null when a mapping must be given.
    public @Nullable SettingComponent scalarComponent() {
        return components.stream()
                .filter(SettingComponent::whenScalar)
                .findFirst()
                .orElse(null);
    }

    /// Gives every text in these settings that must never be shown to `sink`.
    public void secrets(Record settings, Consumer<String> sink) {
        new SecretTexts(sink).collect(this, settings);
    }

    /// A component by any of its keys.
    @Nullable
    Named lookup(String key) {
        return names.get(key);
    }

    /// Makes the record. What its constructor throws goes through.
    S create(@Nullable Object[] values) {
        MethodHandle handle = constructor;
        if (handle == null) {
            throw new IllegalStateException("'" + record.getName() + "' is still being read");
        }
        try {
            return record.cast((Object) handle.invokeExact(values));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    void complete(List<SettingComponent> all, List<OneOf> oneOf, MethodHandle handle) {
        components = List.copyOf(all);
        groups = List.copyOf(oneOf);
        constructor = handle;
        Map<String, Named> byKey = new LinkedHashMap<>();
        for (SettingComponent component : components) {
            for (String key : component.keys()) {
                byKey.put(key, new Named(component, Durations.Unit.of(key)));
            }
        }
        names = byKey;
    }

    @Override
    public String toString() {
        return record.getSimpleName() + new ArrayList<>(names.keySet());
    }

    /// A component under one of its names.
    ///
    /// @param unit of a number, when it is a duration
    record Named(SettingComponent component, Durations.Unit unit) {}
}
