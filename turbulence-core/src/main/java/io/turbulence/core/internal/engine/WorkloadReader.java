package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the `load` block of a scenario. For one thread.
final class WorkloadReader {

    static final int DEFAULT_CONCURRENCY = 10;

    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(?:/\\s*(s|m|h))?");

    private final Compilation compilation;

    WorkloadReader(Compilation compilation) {
        this.compilation = compilation;
    }

    /// Arrivals per second of a text such as `200/s` or `90/m`; empty when it is none.
    static OptionalDouble rate(String text) {
        Matcher matcher = RATE.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalDouble.empty();
        }
        double number = Double.parseDouble(matcher.group(1));
        return OptionalDouble.of(
                switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                    case "m" -> number / 60;
                    case "h" -> number / 3600;
                    default -> number;
                });
    }

    Optional<Workload> read(MappingNode node) {
        Fields fields = new Fields(node, "load", compilation);
        Duration warmUp = fields.duration("warm_up").orElse(Duration.ZERO);
        Optional<Duration> duration = fields.duration("duration");
        int concurrency = (int) fields.number("concurrency", DEFAULT_CONCURRENCY, 1);
        long instances = fields.number("instances", 0, 1);
        int most = (int) fields.number("max_concurrency", Workload.DEFAULT_MAX_CONCURRENCY, 1);
        Optional<YamlNode> rate = fields.node("rate");
        List<YamlNode> stages = fields.list("stages");
        fields.refuseOthers();
        if (!stages.isEmpty()) {
            return Optional.of(new Workload.Open(stages(stages), most, warmUp));
        }
        if (rate.isPresent()) {
            double perSecond = rate(fields, "rate");
            if (duration.isEmpty()) {
                fields.missing("duration", "how long instances arrive, such as 5m", null);
                return Optional.empty();
            }
            return Optional.of(
                    new Workload.Open(List.of(new Workload.Stage(perSecond, perSecond, duration.get())), most, warmUp));
        }
        if (instances == 0 && duration.isEmpty()) {
            fields.missing("instances", "instances, duration, rate or stages", null);
            return Optional.empty();
        }
        return Optional.of(
                new Workload.Closed(instances == 0 ? null : instances, duration.orElse(null), concurrency, warmUp));
    }

    private List<Workload.Stage> stages(List<YamlNode> nodes) {
        List<Workload.Stage> stages = new ArrayList<>();
        double current = 0;
        for (int i = 0; i < nodes.size(); i++) {
            String path = "load.stages[" + i + "]";
            if (!(nodes.get(i) instanceof MappingNode node)) {
                new Fields(MappingNode.empty(nodes.get(i).location()), "load", compilation)
                        .wrongType(
                                nodes.get(i), "stages[" + i + "]", "a mapping such as {ramp_to: 200/s, duration: 1m}");
                continue;
            }
            Fields fields = new Fields(node, path, compilation);
            if (node.has("hold")) {
                Duration length = fields.duration("hold").orElse(Duration.ZERO);
                double rate = node.has("rate") ? rate(fields, "rate") : current;
                stages.add(new Workload.Stage(rate, rate, length));
                current = rate;
            } else {
                double to = rate(fields, "ramp_to");
                Optional<Duration> length = fields.duration("duration");
                if (length.isEmpty()) {
                    fields.missing("duration", "how long the ramp takes, such as 1m", null);
                }
                stages.add(new Workload.Stage(current, to, length.orElse(Duration.ZERO)));
                current = to;
            }
            fields.refuseOthers();
        }
        return stages;
    }

    private double rate(Fields fields, String key) {
        Optional<String> text = fields.text(key);
        if (text.isEmpty()) {
            if (!fields.mapping().has(key)) {
                fields.missing(key, "a rate such as 200/s", null);
            }
            return 0;
        }
        OptionalDouble rate = rate(text.get());
        if (rate.isEmpty()) {
            fields.wrongType(fields.node(key).orElseThrow(), key, "a rate such as 200/s or 90/m");
        }
        return rate.orElse(0);
    }
}
