package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The summary of a run that wrote none, for it was killed or goes on: what its lines still tell.
public final class UnendedRun {

    private static final String WHY = "The run has no end: it was killed, or it still goes on."
            + " Only the instances whose lines were written are counted, and figures of steps and pools are missing.";

    private long passed;
    private long failed;
    private long aborted;
    private final Set<String> scenarios = new TreeSet<>();

    private UnendedRun() {}

    /// A tree like that of `summary.json`, of what is known.
    public static JsonView summary(JsonView manifest, Path instances) throws IOException {
        UnendedRun run = new UnendedRun();
        if (Files.exists(instances)) {
            run.read(instances);
        }
        return new JsonView(run.content(manifest));
    }

    private void read(Path instances) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(instances)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonView instance = parsed(line);
                if (instance.get("warm_up").isTrue() || !instance.get("phase").isNull()) {
                    continue;
                }
                switch (instance.get("status").text()) {
                    case "passed" -> passed++;
                    case "failed" -> failed++;
                    case "aborted" -> aborted++;
                    default -> {
                        continue;
                    }
                }
                scenarios.add(instance.get("scenario").text());
            }
        }
    }

    /// The last line of a killed run may be half a line: then null.
    private static JsonView parsed(String line) {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(line));
        } catch (IllegalArgumentException e) {
            return new JsonView(null);
        }
    }

    private Map<String, @Nullable Object> content(JsonView manifest) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("run_id", manifest.get("run_id").text());
        content.put("seed", manifest.get("seed").value());
        content.put("started_at", manifest.get("started_at").text());
        content.put(
                "instances",
                Map.of("total", passed + failed + aborted, "passed", passed, "failed", failed, "aborted", aborted));
        content.put("pass_rate", passed + failed == 0 ? 0.0 : (double) passed / (passed + failed));
        Map<String, Object> steps = new LinkedHashMap<>();
        scenarios.forEach(scenario -> steps.put(scenario, Map.of()));
        content.put("steps", steps);
        content.put("valid", "invalid");
        content.put("exit_code", ExitCode.INTERRUPTED.number());
        content.put("message", WHY);
        return content;
    }
}
