package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `benchmark-results-<timestamp>.json`, as it is read again for comparison.
///
/// @param machine     what it was measured on
/// @param definitions the digests of the scenarios
public record BenchmarkFile(Path path, List<BenchmarkLevel> levels, String machine, List<String> definitions) {

    private static final String SCHEMA = "turbulence-benchmark/1";

    public BenchmarkFile {
        levels = List.copyOf(levels);
        definitions = List.copyOf(definitions);
    }

    /// @throws IOException              when it cannot be read
    /// @throws IllegalArgumentException when it is something else
    public static BenchmarkFile read(Path path) throws IOException {
        try {
            Map<?, ?> content = map(JsonCodec.INSTANCE.read(Files.readString(path)));
            if (!SCHEMA.equals(content.get("schema"))) {
                throw new IllegalArgumentException("its 'schema' is not '" + SCHEMA + "'");
            }
            List<BenchmarkLevel> levels = new ArrayList<>();
            list(content.get("levels")).forEach(level -> levels.add(level(map(level))));
            List<String> definitions = new ArrayList<>();
            list(content.get("scenarios"))
                    .forEach(scenario ->
                            definitions.add(String.valueOf(map(scenario).get("sha256"))));
            return new BenchmarkFile(path, levels, String.valueOf(content.get("machine")), definitions);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + path + "' is no result of 'turbulence bench': " + e.getMessage(), e);
        }
    }

    public static void write(BenchmarkReport report) throws IOException {
        RunInfo run = report.run();
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("schema", SCHEMA);
        content.put("started_at", JsonLines.time(run.startedAt()));
        content.put("turbulence_version", run.turbulenceVersion());
        content.put("java_version", Runtime.version().toString());
        content.put("machine", currentMachine());
        content.put("system", run.system() == null ? null : run.system().toString());
        content.put(
                "scenarios",
                run.scenarios().stream()
                        .map(scenario -> Map.of("id", scenario.id(), "sha256", scenario.sha256()))
                        .toList());
        content.put("profile", run.profile());
        content.put("seed", run.seed());
        content.put(
                "levels",
                report.levels().stream().map(level -> content(level, report)).toList());
        content.put("targets_held", report.held());
        content.put("targets_missed", report.missed());
        content.put("recommendations", report.advice());
        content.put("valid", report.soundness().validity().name().toLowerCase(Locale.ROOT));
        content.put("validity_reasons", report.soundness().reasons());
        if (report.comparison() != null) {
            content.put("baseline", String.valueOf(report.baselineFile()));
            content.put("comparison", comparison(report.comparison()));
            content.put("changed", report.changed());
        }
        content.put("exit_code", report.exitCode().number());
        JsonFile.write(report.file(), content);
    }

    /// What is not as it was when this was measured, in sentences.
    List<String> changes(RunInfo run) {
        List<String> changes = new ArrayList<>();
        if (!machine.equals(currentMachine())) {
            changes.add("The baseline was measured on another machine (" + machine + "; here: " + currentMachine()
                    + "), so differences may be the machine's.");
        }
        if (!definitions.equals(
                run.scenarios().stream().map(RunInfo.ScenarioFile::sha256).toList())) {
            changes.add("The scenario was changed since the baseline was measured.");
        }
        return changes;
    }

    private static String currentMachine() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, Java "
                + Runtime.version().feature();
    }

    private static Map<String, @Nullable Object> content(BenchmarkLevel level, BenchmarkReport report) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("concurrency", level.concurrency());
        content.put("instances", level.instances());
        content.put("passed", level.passed());
        content.put("failed", level.failed());
        content.put("error_rate", level.errorRate());
        content.put("seconds", level.seconds());
        content.put("throughput", level.throughput());
        Map<String, @Nullable Object> latency = new LinkedHashMap<>();
        latency.put("min", level.latency().min());
        latency.put("mean", level.latency().mean());
        latency.put("p50", level.latency().p50());
        latency.put("p95", level.latency().p95());
        latency.put("p99", level.latency().p99());
        latency.put("max", level.latency().max());
        content.put("latency_ms", latency);
        content.put("noise", keyed(level.noise()));
        content.put(
                "rounds",
                level.rounds().stream().map(round -> keyed(round.figures())).toList());
        List<Map<String, Object>> targets = new ArrayList<>();
        for (BenchmarkTarget target : report.targets()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("target", target.text());
            one.put("holds", target.holds(level));
            one.put("actual", level.figure(target.figure()));
            targets.add(one);
        }
        content.put("targets", targets);
        return content;
    }

    private static List<Map<String, Object>> comparison(BenchmarkComparison comparison) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (BenchmarkComparison.Row row : comparison.rows()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("concurrency", row.concurrency());
            one.put("figure", row.figure().key());
            one.put("before", row.before());
            one.put("now", row.now());
            one.put("noise", row.noise());
            one.put("verdict", row.verdict().name().toLowerCase(Locale.ROOT));
            rows.add(one);
        }
        return rows;
    }

    private static Map<String, Object> keyed(Map<Figure, Double> figures) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        for (Figure figure : Figure.values()) {
            keyed.put(figure.key(), figures.getOrDefault(figure, 0.0));
        }
        return keyed;
    }

    private static BenchmarkLevel level(Map<?, ?> content) {
        List<BenchmarkLevel.Round> rounds = new ArrayList<>();
        for (Object round : list(content.get("rounds"))) {
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            for (Figure figure : Figure.values()) {
                figures.put(figure, number(map(round).get(figure.key())).doubleValue());
            }
            rounds.add(new BenchmarkLevel.Round(figures));
        }
        // Of the whole only the rounds are compared
        return new BenchmarkLevel(
                number(content.get("concurrency")).intValue(),
                number(content.get("passed")).longValue(),
                number(content.get("failed")).longValue(),
                number(content.get("seconds")).doubleValue(),
                Times.NONE,
                rounds,
                null,
                0,
                null,
                0,
                null);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(value, "a mapping");
    }

    private static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(value, "a list");
    }

    private static Number number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw wrong(value, "a number");
    }

    private static IllegalArgumentException wrong(@Nullable Object value, String expected) {
        return new IllegalArgumentException("'" + value + "' stands where " + expected + " was expected");
    }
}
