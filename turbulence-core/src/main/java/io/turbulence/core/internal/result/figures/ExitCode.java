package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.check.ThresholdResult;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What the program tells its caller. In the order in which they win where several apply.
public enum ExitCode {
    USAGE(64),
    PLUGIN(5),
    DEFINITION(3),
    START(6),
    INTERRUPTED(130),
    INTERNAL(70),
    NOT_VALID(4),
    THRESHOLD(2),
    INSTANCES_FAILED(1),
    GOOD(0);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// The one that wins; good when there is none.
    public static ExitCode of(Set<ExitCode> applying) {
        for (ExitCode code : values()) {
            if (applying.contains(code)) {
                return code;
            }
        }
        return GOOD;
    }

    /// What a run's results come to.
    ///
    /// @param failed instances that failed, those of the warm-up left out
    /// @param part   whether they are those of a part of a run, whose thresholds are judged when all parts are together
    public static ExitCode of(
            RunEnd end,
            RunEnd.Validity validity,
            long failed,
            List<ThresholdResult> thresholds,
            boolean broken,
            boolean part) {
        Set<ExitCode> applying = EnumSet.noneOf(ExitCode.class);
        if (end.stopped() != null) {
            applying.add(end.stopped().code());
        }
        if (end.interrupted()) {
            applying.add(INTERRUPTED);
        }
        if (broken) {
            // Nobody's fault here: as when the folder for the results cannot be made
            applying.add(START);
        }
        if (end.requireValid() && validity != RunEnd.Validity.VALID) {
            applying.add(NOT_VALID);
        }
        boolean decided = false;
        for (ThresholdResult result : thresholds) {
            decided |= result.threshold().decidesFailures();
            if (!result.holds() && !part) {
                applying.add(THRESHOLD);
            }
        }
        if (failed > 0 && !decided) {
            applying.add(INSTANCES_FAILED);
        }
        return of(applying);
    }
}
