package io.turbulence.spi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a [RunObserver] sees of the run as a whole. Thread-safe; valid until its session is closed.
public interface ObservedRun {

    String runId();

    long seed();

    Instant startedAt();

    /// Of Turbulence.
    String version();

    /// The ids of the scenarios.
    List<String> scenarios();

    Optional<String> profile();

    /// Which part of a run this is, from 1, as `2/5`; empty for a whole one.
    Optional<String> shard();

    /// What `env` finds in scenarios: environment variables, files of them, and what `--var` gives.
    Map<String, String> environment();

    /// How the run stands now. Exact, whatever was dropped of what was told. May be asked at any time.
    RunFigures figures();

    /// A line for who started the run, told among the run's own unless it runs quietly. Secrets are masked.
    void tell(String line);

    /// As [#tell], of something that somebody should know: told in any case.
    void warn(String line);
}
