package io.turbulence.core.internal.engine.workload;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the `load` block of a scenario. For one thread.
public final class WorkloadReader {

    static final int DEFAULT_CONCURRENCY = 10;

    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(?:/\\s*(s|m|h))?");

    private final Compilation compilation;

    public WorkloadReader(Compilation compilation) {
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

    /// What a scenario's `load` asks for.
    ///
    /// @param delay before it begins
    /// @param after the scenario whose workload ends first; null for none
    public record Load(
            Workload workload, Duration delay, @Nullable String after) {

        /// Whether it concerns this scenario and no other.
        public boolean isOwn() {
            return after != null || !delay.isZero();
        }
    }

    public Optional<Load> read(MappingNode node) {
        Fields fields = new Fields(node, "load", compilation);
        Optional<Workload> workload = workload(fields);
        Optional<YamlNode> after = fields.node("after");
        Duration delay = Duration.ZERO;
        String scenario = null;
        if (after.isPresent()) {
            Optional<String> text = fields.text("after");
            Optional<Duration> length = text.flatMap(Durations::parse);
            delay = length.orElse(Duration.ZERO);
            scenario = length.isPresent() ? null : text.orElse(null);
        }
        fields.refuseOthers();
        String other = scenario;
        Duration wait = delay;
        return workload.map(read -> new Load(read, wait, other));
    }

    private Optional<Workload> workload(Fields fields) {
        Duration warmUp = fields.duration("warm_up").orElse(Duration.ZERO);
        Optional<Duration> duration = fields.duration("duration");
        int concurrency = (int) fields.number("concurrency", DEFAULT_CONCURRENCY, 1);
        long instances = fields.number("instances", 0, 1);
        int most = (int) fields.number("max_concurrency", Workload.DEFAULT_MAX_CONCURRENCY, 1);
        Workload.Spacing spacing = fields.choice("arrivals", Workload.Spacing.class, Workload.Spacing.EVEN);
        Workload.Pacing pacing = pacing(fields);
        Optional<YamlNode> rate = fields.node("rate");
        List<YamlNode> stages = fields.list("stages");
        if (!stages.isEmpty()) {
            refuse(fields, "stages", "rate", "duration", "instances", "concurrency", "pacing");
            return Optional.of(new Workload.Open(stages(stages), most, warmUp, spacing));
        }
        if (rate.isPresent()) {
            refuse(fields, "rate", "instances", "concurrency", "pacing");
            double perSecond = rate(fields, "rate");
            if (duration.isEmpty() && !fields.mapping().has("duration")) {
                fields.missing("duration", "how long instances arrive, such as 5m", null);
            }
            if (duration.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Workload.Open(
                    List.of(new Workload.Stage(perSecond, perSecond, duration.get())), most, warmUp, spacing));
        }
        if (instances == 0 && duration.isEmpty()) {
            // A wrong one is told already
            if (!fields.mapping().has("instances")
                    && !fields.mapping().has("duration")
                    && !fields.mapping().has("stages")) {
                fields.missing("instances", "instances, duration, rate or stages", null);
            }
            return Optional.empty();
        }
        refuse(fields, instances == 0 ? "duration" : "instances", "max_concurrency", "arrivals");
        return Optional.of(new Workload.Closed(
                instances == 0 ? null : instances, duration.orElse(null), concurrency, warmUp, pacing));
    }

    /// Arrivals at a rate have no slots, and slots have no arrivals.
    private void refuse(Fields fields, String given, String... others) {
        for (String other : others) {
            MappingNode.Entry entry = fields.mapping().entry(other);
            if (entry != null) {
                compilation
                        .problems()
                        .error(
                                Codes.CONFLICT,
                                entry.keyLocation(),
                                fields.at(other),
                                "'" + other + "' beside '" + given + "'",
                                "instances, concurrency, duration and pacing; or rate, duration, max_concurrency and"
                                        + " arrivals; or stages in the place of rate and duration",
                                null);
            }
        }
    }

    private Workload.@Nullable Pacing pacing(Fields fields) {
        Optional<YamlNode> node = fields.node("pacing");
        if (node.isEmpty()) {
            return null;
        }
        if (node.get() instanceof MappingNode range) {
            Fields inner = new Fields(range, fields.at("pacing"), compilation);
            Duration least = inner.duration("min").orElse(Duration.ZERO);
            Optional<Duration> most = inner.duration("max");
            inner.refuseOthers();
            if (most.isEmpty() || most.get().compareTo(least) < 0) {
                fields.wrongType(node.get(), "pacing", "a duration such as 2s, or one with {min: 1s, max: 3s}");
                return null;
            }
            return new Workload.Pacing(least, most.get());
        }
        return fields.duration("pacing")
                .map(length -> new Workload.Pacing(length, length))
                .orElse(null);
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
            } else if (node.has("rate") && !node.has("ramp_to")) {
                double rate = rate(fields, "rate");
                stages.add(new Workload.Stage(rate, rate, length(fields, "how long the rate is kept, such as 1m")));
                current = rate;
            } else {
                double to = rate(fields, "ramp_to");
                stages.add(new Workload.Stage(current, to, length(fields, "how long the ramp takes, such as 1m")));
                current = to;
            }
            fields.refuseOthers();
        }
        return stages;
    }

    private static Duration length(Fields fields, String expected) {
        Optional<Duration> length = fields.duration("duration");
        if (length.isEmpty() && !fields.mapping().has("duration")) {
            fields.missing("duration", expected, null);
        }
        return length.orElse(Duration.ZERO);
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
