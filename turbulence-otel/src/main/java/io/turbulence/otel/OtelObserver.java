package io.turbulence.otel;

import io.turbulence.spi.ObservedRun;
import io.turbulence.spi.RunObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Observes a run when its environment asks for it. Loads no class of the SDK otherwise.
final class OtelObserver implements RunObserver {

    /// One of these says that somebody wants it.
    private static final List<String> ASKS = List.of(
            "otel.exporter.otlp.endpoint",
            "otel.exporter.otlp.traces.endpoint",
            "otel.exporter.otlp.metrics.endpoint",
            "otel.traces.exporter",
            "otel.metrics.exporter");

    @Override
    public String name() {
        return "OpenTelemetry";
    }

    @Override
    public Optional<Session> observe(ObservedRun run) {
        Map<String, String> settings = settings(run.environment());
        boolean asked = ASKS.stream().anyMatch(settings::containsKey);
        boolean disabled = "true".equalsIgnoreCase(settings.get("otel.sdk.disabled"));
        return asked && !disabled ? Optional.of(OtelSession.open(run, settings)) : Optional.empty();
    }

    /// `OTEL_SERVICE_NAME` is `otel.service.name` to the SDK. Of the run's environment, which has more than the
    /// process's: files of variables and `--var`.
    private static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                settings.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value.strip());
            }
        });
        return settings;
    }
}
