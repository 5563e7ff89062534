package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.SubscriptionFigures;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run came to. Times in milliseconds; the warm-up is in none of it but `warmUpInstances`.
///
/// @param duration      of the whole run, preparation and warm-up included
/// @param measured      from the first measured instance to the end of the last
/// @param passRate      passed of passed and failed, 0 to 1
/// @param ratePerSecond finished instances
/// @param dropped       arrivals that could not be started
/// @param lag           how late arrivals began
/// @param generator     how the process that made the load did
/// @param errors        the most frequent first
/// @param outages       when services could not be reached
/// @param message       why the run did not go to its end; null when it did
public record RunSummary(
        String runId,
        long seed,
        Path folder,
        Instant startedAt,
        Duration duration,
        Duration measured,
        Validity validity,
        List<String> validityReasons,
        Instances instances,
        double passRate,
        double ratePerSecond,
        long dropped,
        Lag lag,
        GeneratorFigures generator,
        long warmUpInstances,
        Times latency,
        Map<String, Scenario> scenarios,
        List<Step> steps,
        List<ErrorKind> errors,
        List<ThresholdResult> thresholds,
        Map<String, PoolFigures> pools,
        List<SubscriptionFigures> subscriptions,
        List<Outage> outages,
        boolean interrupted,
        ExitCode exitCode,
        @Nullable String message) {

    /// How many instances there were and how they ended.
    public record Instances(long total, long passed, long failed, long aborted) {}

    /// How late the arrivals of an open workload began, in milliseconds.
    ///
    /// @param count arrivals that began; none of a closed workload
    public record Lag(long count, double p50, double p99, double max) {
        public static final Lag NONE = new Lag(0, 0, 0, 0);
    }

    /// Points of a distribution of times.
    public record Times(
            long count,
            double min,
            double mean,
            double p50,
            double p90,
            double p95,
            double p99,
            double p999,
            double max) {

        public static final Times NONE = new Times(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// The instances of one scenario.
    ///
    /// @param dropped arrivals that could not be started
    public record Scenario(Instances instances, Times duration, long dropped) {}

    /// A step over all instances.
    ///
    /// @param count       executed; skipped ones are not in it
    /// @param propagation from the cause to the message, of steps that wait for messages
    /// @param phases      of exchanges whose phases are known, by their names: `dns`, `connect`, `tls`, `transfer`
    public record Step(
            StepInfo info,
            long count,
            long ok,
            long failed,
            long skipped,
            Times latency,
            Times scheduledLatency,
            Times poolWait,
            Times firstByte,
            Times propagation,
            Map<String, Times> phases) {

        /// Of which the phases are not known.
        public Step(
                StepInfo info,
                long count,
                long ok,
                long failed,
                long skipped,
                Times latency,
                Times scheduledLatency,
                Times poolWait,
                Times firstByte,
                Times propagation) {
            this(
                    info,
                    count,
                    ok,
                    failed,
                    skipped,
                    latency,
                    scheduledLatency,
                    poolWait,
                    firstByte,
                    propagation,
                    Map.of());
        }
    }

    /// Failures with the same signature at the same step.
    ///
    /// @param step            null for what is no step's
    /// @param exampleInstance the id of the first instance it happened to
    /// @param message         of that instance, whole
    /// @param more            what else was wrong at the step then
    public record ErrorKind(
            String signature,
            long count,
            @Nullable StepInfo step,
            String exampleInstance,
            String message,
            List<String> more) {

        /// With nothing else wrong.
        public ErrorKind(
                String signature, long count, @Nullable StepInfo step, String exampleInstance, String message) {
            this(signature, count, step, exampleInstance, message, List.of());
        }
    }
}
