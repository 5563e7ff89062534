package io.turbulence.core.internal.engine.event;

import io.turbulence.core.internal.engine.workload.Shard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a run when it starts.
///
/// @param plugins     version by name
/// @param scenarios   the loaded files
/// @param steps       every step of the run; a step's place in the list is its [StepInfo#index]
/// @param instances   how many instances there will be; null when only the duration is known
/// @param duration    how long instances are started; null when only the number is known
/// @param concurrency most instances at once
/// @param secrets     values that must never be written
/// @param services    the protocol of each service, by name
/// @param shard       which part of a run this is; null for a whole one
/// @param load        the workload of the whole run, as its `load` would be written; one for each scenario that has its
/// own
public record RunInfo(
        String runId,
        long seed,
        Instant startedAt,
        String turbulenceVersion,
        Map<String, String> plugins,
        @Nullable Path system,
        List<ScenarioFile> scenarios,
        @Nullable String profile,
        List<String> flags,
        List<StepInfo> steps,
        @Nullable Long instances,
        @Nullable Duration duration,
        int concurrency,
        Collection<String> secrets,
        Map<String, String> services,
        @Nullable Shard shard,
        List<String> load) {

    public RunInfo {
        load = List.copyOf(load);
    }

    /// A whole run, of which the workload is not told.
    public RunInfo(
            String runId,
            long seed,
            Instant startedAt,
            String turbulenceVersion,
            Map<String, String> plugins,
            @Nullable Path system,
            List<ScenarioFile> scenarios,
            @Nullable String profile,
            List<String> flags,
            List<StepInfo> steps,
            @Nullable Long instances,
            @Nullable Duration duration,
            int concurrency,
            Collection<String> secrets,
            Map<String, String> services) {
        this(
                runId,
                seed,
                startedAt,
                turbulenceVersion,
                plugins,
                system,
                scenarios,
                profile,
                flags,
                steps,
                instances,
                duration,
                concurrency,
                secrets,
                services,
                null,
                List.of());
    }

    /// A loaded scenario.
    public record ScenarioFile(String id, Path file, String sha256) {}
}
