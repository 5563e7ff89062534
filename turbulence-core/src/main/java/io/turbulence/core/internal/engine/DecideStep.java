package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.engine.workload.Randomness;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A weighted choice from the seed, left in a variable.
public final class DecideStep extends Step {

    private static final int PLACE = 0;

    private final List<String> names;
    private final double[] cumulated;
    private final String outputVariable;

    public DecideStep(Common common, Map<String, Double> weights, String outputVariable) {
        super(common);
        this.names = List.copyOf(weights.keySet());
        this.cumulated = new double[weights.size()];
        this.outputVariable = outputVariable;
        double sum = 0;
        int i = 0;
        for (double weight : weights.values()) {
            sum += weight;
            cumulated[i++] = sum;
        }
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        double point = Randomness.fraction(execution.random(PLACE)) * cumulated[cumulated.length - 1];
        int chosen = 0;
        while (chosen < cumulated.length - 1 && point >= cumulated[chosen]) {
            chosen++;
        }
        execution.variables().set(outputVariable, names.get(chosen));
        Map<String, @Nullable Object> extracted = new LinkedHashMap<>();
        extracted.put(outputVariable, names.get(chosen));
        record(execution, path, startedAt, extracted, local(0), FailureKind.ACTION, List.of());
    }
}
