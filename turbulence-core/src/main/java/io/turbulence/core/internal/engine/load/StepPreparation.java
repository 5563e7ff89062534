package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.binding.SettingsPlan;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.Json;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.util.Optional;

/// A loaded step or service as its plugin checks it.
///
/// @param service the settings of the step's service, or the service's own
record StepPreparation<S extends Record>(SettingsPlan<S> plan, Record service, PoolSettings pool)
        implements Preparation<S> {

    @Override
    public Optional<S> settings() {
        return plan.settings();
    }

    @Override
    public <T> Optional<T> constant(String key, Class<T> type) {
        return plan.constant(key, type);
    }

    @Override
    public Optional<Object> sketch(String key) {
        return plan.sketch(key, Later.VALUE);
    }

    @Override
    public boolean has(String key) {
        return plan.has(key);
    }

    @Override
    public <T extends Record> T service(Class<T> type) {
        return type.cast(service);
    }

    @Override
    public Json json() {
        return JsonCodec.INSTANCE;
    }

    @Override
    public Problems problems() {
        return plan.problems();
    }
}
