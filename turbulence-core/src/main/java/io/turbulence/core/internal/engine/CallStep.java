package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flow of another scenario as one step. It sees what `with` gives it and nothing of its caller;
/// `returns` names what comes back.
final class CallStep extends ContainerStep {

    private final ScenarioPlan called;
    private final LoopStep.Rendered with;
    private final List<String> returns;

    CallStep(Common common, ScenarioPlan called, LoopStep.Rendered with, List<String> returns) {
        super(common);
        this.called = called;
        this.with = with;
        this.returns = List.copyOf(returns);
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.now();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Variables own;
        try {
            own = Variables.root(entry(execution), execution.variables().data());
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, String.valueOf(e.getMessage()));
            return;
        }
        Execution body = execution.called(path + ".call:" + called.id(), own, inner, deadline(execution));
        runAll(called.flow(), body);
        runAll(called.assertions(), body);
        Execution cleanup = execution.called(path + ".call:" + called.id(), own, Stop.outermost(), body.limit());
        runAll(called.cleanup(), cleanup);
        Map<String, @Nullable Object> returned = new LinkedHashMap<>();
        if (!inner.isSet()) {
            for (String name : returns) {
                if (!own.has(name)) {
                    fail(execution, path, FailureKind.ACTION, missing(name, own));
                    return;
                }
                returned.put(name, own.get(name));
            }
        }
        returned.forEach(execution.variables()::set);
        settle(execution, path, inner, startedAt, start, returned);
    }

    private String missing(String name, Variables own) {
        return "'%s' did not extract '%s', which the call returns; it extracted %s"
                .formatted(called.id(), name, own.names());
    }

    private @Nullable Object entry(Execution execution) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        Map<String, @Nullable Object> seed = new LinkedHashMap<>();
        if (called.entry().render(execution) instanceof Map<?, ?> given) {
            given.forEach((key, value) -> entry.put(String.valueOf(key), value));
            if (given.get("seed_data") instanceof Map<?, ?> data) {
                data.forEach((key, value) -> seed.put(String.valueOf(key), value));
            }
        }
        if (with.render(execution) instanceof Map<?, ?> overlay) {
            overlay.forEach((key, value) -> seed.put(String.valueOf(key), value));
        }
        entry.put("seed_data", seed);
        return entry;
    }
}
