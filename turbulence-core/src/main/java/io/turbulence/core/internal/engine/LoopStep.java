package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.engine.workload.Randomness;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Steps that are repeated: for each item, a number of times, or while a condition holds.
public final class LoopStep extends ContainerStep {

    /// What decides how often.
    public sealed interface Count {

        /// @param items a list or map; null when the value given is neither
        record ForEach(Rendered items, String as) implements Count {}

        record Times(Rendered times) implements Count {}

        record While(Expression condition) implements Count {}
    }

    /// A value that is rendered for each execution.
    public interface Rendered {
        @Nullable
        Object render(Scope scope);
    }

    private static final String INDEX = "loop_index";

    private final Count count;
    private final List<Step> steps;

    public LoopStep(Common common, Count count, List<Step> steps) {
        super(common);
        this.count = count;
        this.steps = List.copyOf(steps);
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Execution body = execution.inside(path, inner, deadline(execution));
        Variables variables = execution.variables();
        Object outerIndex = variables.has(INDEX) ? variables.get(INDEX) : null;
        boolean nested = variables.has(INDEX);
        try {
            switch (count) {
                case Count.ForEach forEach -> forEach(forEach, execution, body);
                case Count.Times times -> times(times, execution, body);
                case Count.While loop -> whileHolds(loop, execution, path, body);
            }
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, String.valueOf(e.getMessage()));
            return;
        } finally {
            if (nested) {
                variables.set(INDEX, outerIndex);
            } else {
                variables.remove(INDEX);
            }
        }
        settle(execution, path, body, startedAt, start);
    }

    private void forEach(Count.ForEach forEach, Execution execution, Execution body) {
        List<?> items = items(forEach.items().render(execution));
        Variables variables = execution.variables();
        boolean shadows = variables.has(forEach.as());
        Object shadowed = shadows ? variables.get(forEach.as()) : null;
        for (int i = 0; i < items.size() && goesOn(body); i++) {
            variables.set(forEach.as(), items.get(i));
            iterate(body, i);
        }
        if (shadows) {
            variables.set(forEach.as(), shadowed);
        } else {
            variables.remove(forEach.as());
        }
    }

    private void times(Count.Times times, Execution execution, Execution body) {
        long count = wholeNumber(times.times().render(execution));
        for (long i = 0; i < count && goesOn(body); i++) {
            iterate(body, i);
        }
    }

    /// Whether a value is one of `times`.
    public static boolean isCount(@Nullable Object value) {
        try {
            return wholeNumber(value) >= 0;
        } catch (EvaluationException e) {
            return false;
        }
    }

    // Text too: what comes from the environment is always text
    private static long wholeNumber(@Nullable Object value) {
        try {
            long count = new BigDecimal(String.valueOf(value).strip()).longValueExact();
            if (count >= 0) {
                return count;
            }
        } catch (ArithmeticException | NumberFormatException notWhole) {
            // told below
        }
        throw new EvaluationException("times was %s but it must be a whole number from 0".formatted(value));
    }

    private void whileHolds(Count.While loop, Execution execution, String path, Execution body) {
        for (long i = 0; goesOn(body); i++) {
            execution.variables().set(INDEX, i);
            execution.begin(info().name(), Randomness.key(execution.pathKey(this, path), i), 1);
            if (!loop.condition().test(execution)) {
                return;
            }
            iterate(body, i);
        }
    }

    private void iterate(Execution body, long index) {
        body.variables().set(INDEX, index);
        runAll(steps, body.iteration(index));
    }

    private static boolean goesOn(Execution body) {
        return !body.stop().stopped() && !body.limit().expired() && !body.lane().cancelled();
    }

    private static List<?> items(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> list;
            case Map<?, ?> map -> entries(map);
            case null -> throw noItems(null);
            default -> throw noItems(value);
        };
    }

    private static EvaluationException noItems(@Nullable Object value) {
        return new EvaluationException("for_each was %s but it must be a list or a map".formatted(value));
    }

    private static List<Object> entries(Map<?, ?> map) {
        List<Object> entries = new ArrayList<>(map.size());
        map.forEach((key, value) -> {
            Map<String, @Nullable Object> entry = new java.util.LinkedHashMap<>();
            entry.put("key", key);
            entry.put("value", value);
            entries.add(entry);
        });
        return entries;
    }
}
