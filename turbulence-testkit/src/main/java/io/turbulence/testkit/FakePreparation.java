package io.turbulence.testkit;

import io.turbulence.spi.Json;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import io.turbulence.spi.Setting;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A step or a service as it is shown to a plugin at load, made of settings that are all known. It
/// writes down what the plugin reports. Not thread-safe.
public final class FakePreparation<S extends Record> implements Preparation<S>, Problems {

    private final S settings;
    private final Record service;
    private final PoolSettings pool;
    private final List<Reported> reported = new ArrayList<>();

    private FakePreparation(S settings, Record service, PoolSettings pool) {
        this.settings = settings;
        this.service = service;
        this.pool = pool;
    }

    public static <S extends Record> FakePreparation<S> ofStep(S settings, Record service) {
        return new FakePreparation<>(settings, service, PoolSettings.defaults());
    }

    public static <S extends Record> FakePreparation<S> ofService(S settings) {
        return new FakePreparation<>(settings, settings, PoolSettings.defaults());
    }

    public FakePreparation<S> withPool(PoolSettings other) {
        return new FakePreparation<>(settings, service, other);
    }

    /// What the plugin reported, in order.
    public List<Reported> reported() {
        return List.copyOf(reported);
    }

    @Override
    public Optional<S> settings() {
        return Optional.of(settings);
    }

    @Override
    public <T> Optional<T> constant(String key, Class<T> type) {
        return Optional.ofNullable(value(key)).map(type::cast);
    }

    /// A value that a key has when nobody gives it counts as not given.
    @Override
    public boolean has(String key) {
        Object value = value(key);
        return switch (value) {
            case null -> false;
            case Collection<?> items -> !items.isEmpty();
            case Map<?, ?> entries -> !entries.isEmpty();
            case Boolean flag -> flag;
            default -> !String.valueOf(value).equals(defaultOf(key));
        };
    }

    @Override
    public <T extends Record> T service(Class<T> type) {
        return type.cast(service);
    }

    @Override
    public PoolSettings pool() {
        return pool;
    }

    @Override
    public Json json() {
        return new SimpleJson();
    }

    @Override
    public Problems problems() {
        return this;
    }

    @Override
    public void error(String key, String found, String expected, @Nullable String hint) {
        reported.add(new Reported(true, key, found, expected, hint));
    }

    @Override
    public void warning(String key, String found, @Nullable String hint) {
        reported.add(new Reported(false, key, found, "", hint));
    }

    private @Nullable Object value(String key) {
        RecordComponent component = component(key);
        if (component == null) {
            return null;
        }
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("'" + key + "' of " + settings + " could not be read", e);
        }
    }

    private @Nullable String defaultOf(String key) {
        RecordComponent component = component(key);
        Setting setting = component == null ? null : component.getAnnotation(Setting.class);
        return setting == null ? null : setting.defaultValue();
    }

    private @Nullable RecordComponent component(String key) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            if (key.equals(keyOf(component))) {
                return component;
            }
        }
        return null;
    }

    private static String keyOf(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        return setting == null || setting.key().isEmpty()
                ? component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT)
                : setting.key();
    }

    /// Something that a plugin reported.
    ///
    /// @param error whether it was an error; a warning otherwise
    public record Reported(
            boolean error,
            String key,
            String found,
            String expected,
            @Nullable String hint) {}
}
