package io.turbulence.core;

import io.turbulence.core.internal.check.InvalidThresholdException;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.template.Environment;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the thresholds of a scenario: a condition, or `{condition: …, abort: true, after: 30s}`. For one thread.
final class ThresholdReader {

    private static final String EXPECTED =
            "a condition such as \"p95_latency_ms < 500\", or one with {condition: ..., abort: true, after: 30s}";

    private final Threshold.Names names;
    private final Problems problems;
    private final Compilation compilation;

    ThresholdReader(Threshold.Names names, Problems problems) {
        this.names = names;
        this.problems = problems;
        this.compilation = new Compilation(new NoEnvironment(), problems);
    }

    Optional<Threshold> read(YamlNode node, String path) {
        if (node instanceof MappingNode mapping) {
            return read(mapping, path);
        }
        if (node instanceof ScalarNode scalar) {
            return condition(scalar, path);
        }
        problems.error(Codes.TYPE, node.location(), path, node.description(), EXPECTED, null);
        return Optional.empty();
    }

    private Optional<Threshold> read(MappingNode mapping, String path) {
        Fields fields = new Fields(mapping, path, compilation);
        Optional<YamlNode> condition = fields.node("condition");
        boolean abort = fields.flag("abort", false);
        Duration after = fields.duration("after").orElse(Duration.ZERO);
        fields.refuseOthers();
        if (condition.isEmpty()) {
            fields.missing("condition", EXPECTED, null);
            return Optional.empty();
        }
        if (!(condition.get() instanceof ScalarNode scalar)) {
            fields.wrongType(condition.get(), "condition", EXPECTED);
            return Optional.empty();
        }
        return condition(scalar, fields.at("condition"))
                .map(threshold -> abort ? threshold.aborting(after) : threshold.lookedAtAfter(after));
    }

    private Optional<Threshold> condition(ScalarNode scalar, String path) {
        try {
            return Optional.of(Threshold.parse(scalar.text(), names));
        } catch (InvalidThresholdException e) {
            Location location = scalar.locationOf(e.position());
            // The message says what is expected
            problems.error(Codes.VALUE, location, path, String.valueOf(e.getMessage()), "", null);
            return Optional.empty();
        }
    }

    /// Templates have been resolved where they may stand.
    private static final class NoEnvironment implements Environment {

        @Override
        public @Nullable String value(String name) {
            return null;
        }
    }
}
