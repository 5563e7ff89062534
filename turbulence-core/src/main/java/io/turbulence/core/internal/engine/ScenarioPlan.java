package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.engine.workload.Feeder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A compiled scenario. Immutable and shared by all instances.
///
/// @param entry    rendered once for each instance
/// @param data     null where there is no feeder
/// @param cleanup  the steps of `finally`
/// @param defines  names that its steps define, which a call may return
/// @param maxSteps steps that one instance may execute
public record ScenarioPlan(
        String id,
        double weight,
        boolean callable,
        TreeTemplate entry,
        @Nullable Feeder data,
        List<Step> flow,
        List<Step> assertions,
        List<Step> cleanup,
        boolean stopsOnAction,
        boolean stopsOnAssertion,
        int maxSteps,
        Set<String> defines) {

    boolean stopsOn(Step.FailureKind kind) {
        return switch (kind) {
            case ACTION -> stopsOnAction;
            case ASSERTION -> stopsOnAssertion;
        };
    }

    boolean hasData() {
        return data != null;
    }
}
