package io.turbulence.otel;

import com.google.auto.service.AutoService;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.RunObserver;
import java.util.List;

/// OpenTelemetry: a trace for each instance with a span for each step, and a run's figures as metrics, over OTLP.
///
/// It observes a run when the environment says where to, by the variables that OpenTelemetry gives for that:
/// `OTEL_EXPORTER_OTLP_ENDPOINT`, or `OTEL_TRACES_EXPORTER` and `OTEL_METRICS_EXPORTER`. Without them it does nothing
/// and
/// loads nothing.
@AutoService(ProtocolPlugin.class)
public final class OtelPlugin implements ProtocolPlugin {

    /// Made by [java.util.ServiceLoader].
    public OtelPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("otel", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<RunObserver> observers() {
        return List.of(new OtelObserver());
    }
}
