package io.turbulence.spi;

import java.util.Optional;

/// A step or a service as it was loaded, for a plugin to check before anything is sent.
///
/// @param <S> the settings' record
public interface Preparation<S extends Record> {

    /// The settings when every one of them is known at load; empty when one holds a template that is
    /// rendered later.
    Optional<S> settings();

    /// One setting's value by its key in the file, when it is known at load and was given or has a
    /// default.
    <T> Optional<T> constant(String key, Class<T> type);

    /// One setting's tree as far as it is known at load, by its key in the file: what a template gives when
    /// the step runs stands as [Later#VALUE]. A record in it that holds templates stands as a map of its keys.
    default Optional<Object> sketch(String key) {
        return constant(key, Object.class);
    }

    /// Whether the file gives this setting, be it as a template.
    boolean has(String key);

    /// The settings of the step's service, or the service's own.
    ///
    /// @throws ClassCastException when the service is of another kind
    <T extends Record> T service(Class<T> type);

    /// The `pool` block of the service.
    PoolSettings pool();

    Json json();

    /// Where to report what is wrong.
    Problems problems();

    /// Stands in a [#sketch] for what is not known yet.
    enum Later {
        VALUE
    }
}
