package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.engine.workload.Feeder;
import io.turbulence.core.internal.engine.workload.Randomness;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flow of another scenario as one step. It sees what `with` gives it and nothing of its caller;
/// `returns` names what comes back.
public final class CallStep extends ContainerStep {

    private final ScenarioPlan called;
    private final LoopStep.Rendered with;
    private final List<String> returns;

    public CallStep(Common common, ScenarioPlan called, LoopStep.Rendered with, List<String> returns) {
        super(common);
        this.called = called;
        this.with = with;
        this.returns = List.copyOf(returns);
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Variables own;
        try {
            own = variables(execution, path);
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, String.valueOf(e.getMessage()));
            return;
        }
        Execution body = execution.called(called, path + ".call:" + called.id(), path, own, inner, deadline(execution));
        runAll(called.flow(), body);
        runAll(called.assertions(), body);
        execution.instance().cleaning(execution, cleaner -> {
            Execution cleanup =
                    cleaner.called(called, path + ".call:" + called.id(), path, own, Stop.outermost(), cleaner.limit());
            runEach(called.cleanup(), cleanup);
        });
        Map<String, @Nullable Object> returned = new LinkedHashMap<>();
        if (!inner.isSet() && !execution.lane().cancelled()) {
            for (String name : returns) {
                if (!own.has(name)) {
                    fail(execution, path, FailureKind.ACTION, missing(name, own));
                    return;
                }
                returned.put(name, own.get(name));
            }
        }
        returned.forEach(execution.variables()::set);
        settle(execution, path, body, startedAt, start, returned);
    }

    private String missing(String name, Variables own) {
        return "'%s' did not extract '%s', which the call returns; it extracted %s"
                .formatted(called.id(), name, own.names());
    }

    /// What the called scenario begins with. What its own file says draws apart from this step's `with`.
    private Variables variables(Execution execution, String path) {
        Object overlay = with.render(execution);
        Object row = null;
        Feeder feeder = called.data();
        if (feeder != null) {
            Instance instance = execution.instance();
            row = feeder.row(instance.run().info().seed(), instance.info().number());
        }
        Execution early =
                execution.called(called, path, path, Variables.root(null, row), execution.stop(), execution.limit());
        early.enterAs(execution);
        early.begin(info().name(), Randomness.key(execution.pathKey(this, path), "entry"), 1);
        Object own = called.entry().render(early);
        execution.enterAs(early);
        return Variables.root(entry(own, overlay), row);
    }

    private static Object entry(@Nullable Object own, @Nullable Object with) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        Map<String, @Nullable Object> seed = new LinkedHashMap<>();
        if (own instanceof Map<?, ?> given) {
            given.forEach((key, value) -> entry.put(String.valueOf(key), value));
            if (given.get("seed_data") instanceof Map<?, ?> data) {
                data.forEach((key, value) -> seed.put(String.valueOf(key), value));
            }
        }
        if (with instanceof Map<?, ?> overlay) {
            overlay.forEach((key, value) -> seed.put(String.valueOf(key), value));
        }
        entry.put("seed_data", seed);
        return entry;
    }
}
