package io.turbulence.grpc;

import io.turbulence.tck.PluginTestKit;
import java.util.Map;

/// Runs scenarios of a step or two.
final class Steps {

    private Steps() {}

    /// The step `call` of a scenario whose only step has these settings.
    static Map<String, Object> run(String system, String settings) throws Exception {
        return run(
                system,
                "id: one\nflow:\n  - name: call\n    type: grpc\n"
                        + settings.strip().indent(4),
                "call");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> run(String system, String scenario, String step) throws Exception {
        PluginTestKit.Result result = PluginTestKit.scenario(scenario)
                .system(system)
                .with(new GrpcPlugin())
                .run();
        return (Map<String, Object>) (Map<String, ?>) result.observations(step).getFirst();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> metadata(Map<String, Object> step) {
        return (Map<String, Object>) step.get("metadata");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> payload(Map<String, Object> step) {
        return (Map<String, Object>) step.get("payload");
    }
}
