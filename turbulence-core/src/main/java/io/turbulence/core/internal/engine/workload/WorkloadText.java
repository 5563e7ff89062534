package io.turbulence.core.internal.engine.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A workload as a scenario's `load` writes it, for people: `{ rate: 20/s, duration: 30s, max_concurrency: 5000 }`.
public final class WorkloadText {

    private static final int RATE_DIGITS = 3;

    private WorkloadText() {}

    /// One; of scenarios with workloads of their own one each, after the scenario's id.
    public static List<String> of(Workload workload) {
        return switch (workload) {
            case Workload.Closed closed -> List.of(text(closed, List.of()));
            case Workload.Open open -> List.of(text(open, List.of()));
            case Workload.Rounds rounds -> List.of();
            case Workload.Several several ->
                several.parts().stream().map(WorkloadText::text).toList();
        };
    }

    private static String text(Workload.Part part) {
        List<String> after = new ArrayList<>();
        if (part.after() != null) {
            after.add("after: " + part.after());
        } else if (!part.delay().isZero()) {
            after.add("after: " + text(part.delay()));
        }
        return part.scenario() + ": "
                + switch (part.workload()) {
                    case Workload.Closed closed -> text(closed, after);
                    case Workload.Open open -> text(open, after);
                    case Workload.Rounds rounds -> rounds.toString();
                    case Workload.Several several -> String.join("; ", of(several));
                };
    }

    private static String text(Workload.Closed closed, List<String> after) {
        List<String> keys = new ArrayList<>();
        if (closed.instances() != null) {
            keys.add("instances: " + closed.instances());
        }
        keys.add("concurrency: " + closed.concurrency());
        if (closed.duration() != null) {
            keys.add("duration: " + text(closed.duration()));
        }
        addPacing(keys, closed.pacing());
        return block(keys, closed.warmUp(), after);
    }

    private static void addPacing(List<String> keys, Workload.@Nullable Pacing pacing) {
        if (pacing != null) {
            keys.add(
                    pacing.least().equals(pacing.most())
                            ? "pacing: " + text(pacing.least())
                            : "pacing: { min: " + text(pacing.least()) + ", max: " + text(pacing.most()) + " }");
        }
    }

    private static String text(Workload.Open open, List<String> after) {
        List<String> keys = new ArrayList<>();
        Workload.Stage first = open.stages().isEmpty() ? null : open.stages().getFirst();
        if (open.stages().size() == 1 && first != null && first.fromPerSecond() == first.toPerSecond()) {
            keys.add("rate: " + rate(first.toPerSecond()));
            keys.add("duration: " + text(first.duration()));
        } else {
            keys.add("stages: ["
                    + String.join(
                            ", ", open.stages().stream().map(WorkloadText::text).toList())
                    + "]");
        }
        keys.add("max_concurrency: " + open.maxConcurrency());
        if (open.spacing() == Workload.Spacing.POISSON) {
            keys.add("arrivals: poisson");
        }
        return block(keys, open.warmUp(), after);
    }

    private static String text(Workload.Stage stage) {
        return "{ " + (stage.fromPerSecond() == stage.toPerSecond() ? "rate: " : "ramp_to: ")
                + rate(stage.toPerSecond()) + ", duration: " + text(stage.duration()) + " }";
    }

    private static String block(List<String> keys, Duration warmUp, List<String> after) {
        List<String> all = new ArrayList<>(keys);
        if (!warmUp.isZero()) {
            all.add("warm_up: " + text(warmUp));
        }
        all.addAll(after);
        return "{ " + String.join(", ", all) + " }";
    }

    /// By the largest unit in which it is whole.
    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    /// By the second, unless another unit has a rounder number.
    private static String rate(double perSecond) {
        if (isWhole(perSecond)) {
            return number(perSecond) + "/s";
        }
        if (isWhole(perSecond * 60)) {
            return number(perSecond * 60) + "/m";
        }
        return isWhole(perSecond * 3600) ? number(perSecond * 3600) + "/h" : number(perSecond) + "/s";
    }

    private static boolean isWhole(double number) {
        return Math.abs(number - Math.rint(number)) < 1e-9;
    }

    private static String number(double number) {
        return BigDecimal.valueOf(number)
                .setScale(RATE_DIGITS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
