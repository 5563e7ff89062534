package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonLines;
import io.turbulence.core.internal.result.json.SecretMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `manifest.json`: what was run, with what. Written when the run starts, so that a killed run has one,
/// and again at its end.
public final class Manifest {

    private static final String FILE = "manifest.json";

    private Manifest() {}

    /// @param end     null while the run goes on
    /// @param summary null while the run goes on
    public static void write(Path folder, RunInfo run, @Nullable RunEnd end, @Nullable RunSummary summary)
            throws IOException {
        SecretMask mask = new SecretMask(run.secrets());
        Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
        manifest.put("run_id", run.runId());
        manifest.put("seed", run.seed());
        manifest.put("started_at", JsonLines.time(run.startedAt()));
        manifest.put("ended_at", end == null ? null : JsonLines.time(end.endedAt()));
        manifest.put("turbulence_version", run.turbulenceVersion());
        manifest.put("java_version", Runtime.version().toString());
        manifest.put("plugins", run.plugins());
        manifest.put("system", run.system() == null ? null : run.system().toString());
        manifest.put("scenarios", scenarios(run));
        manifest.put("profile", run.profile());
        manifest.put("flags", flags(run, mask));
        manifest.put("exit_code", summary == null ? null : summary.exitCode().number());
        manifest.put("interrupted", end != null && end.interrupted());
        manifest.put("message", summary == null ? null : summary.message());
        manifest.put("load", run.load());
        manifest.put("instances", run.instances());
        manifest.put(
                "duration_ms", run.duration() == null ? null : run.duration().toMillis());
        manifest.put("concurrency", run.concurrency());
        manifest.put("services", run.services());
        if (run.shard() != null) {
            manifest.put(
                    "shard",
                    Map.of("index", run.shard().index(), "count", run.shard().count()));
        }
        JsonFile.write(folder.resolve(FILE), manifest);
    }

    private static List<Map<String, String>> scenarios(RunInfo run) {
        List<Map<String, String>> scenarios = new ArrayList<>();
        for (RunInfo.ScenarioFile scenario : run.scenarios()) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("id", scenario.id());
            one.put("file", scenario.file().toString());
            one.put("sha256", scenario.sha256());
            scenarios.add(one);
        }
        return scenarios;
    }

    private static List<String> flags(RunInfo run, SecretMask mask) {
        return run.flags().stream().map(mask::text).toList();
    }
}
