package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.result.json.JsonView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How one execution of a step ended.
///
/// @param path  where it stood
/// @param error the first thing that was wrong with it; null when nothing was
public record StepOutcome(
        String step, String path, Status status, @Nullable String error) {

    private static final Pattern PLACE = Pattern.compile(" \\([^()]*:\\d+\\)");

    /// How a step ends.
    public enum Status {
        OK,
        FAILED,
        SKIPPED
    }

    /// The same step in two runs of an instance.
    ///
    /// @param before null when it was not there
    /// @param after  null when it is not there
    public record Pair(
            @Nullable StepOutcome before, @Nullable StepOutcome after) {

        /// Whether it ended otherwise, or for another reason.
        public boolean differs() {
            return before == null
                    || after == null
                    || before.status() != after.status()
                    || !withoutPlace(before.error()).equals(withoutPlace(after.error()));
        }

        /// An expectation is the same when it stands in another line.
        private static String withoutPlace(@Nullable String error) {
            return error == null ? "" : PLACE.matcher(error).replaceAll("");
        }

        public StepOutcome newest() {
            return after != null ? after : Objects.requireNonNull(before);
        }
    }

    /// @param line of `steps.jsonl`
    public static StepOutcome of(JsonView line) {
        Status status =
                line.get("skipped").isTrue() ? Status.SKIPPED : line.get("ok").isTrue() ? Status.OK : Status.FAILED;
        return new StepOutcome(
                line.get("step").text(),
                line.get("path").text(),
                status,
                line.get("errors").list().stream()
                        .findFirst()
                        .map(JsonView::text)
                        .orElse(null));
    }

    /// Finds the same steps in both: at the same place, else of the same name and turn.
    public static List<Pair> pairs(List<StepOutcome> before, List<StepOutcome> after) {
        List<StepOutcome> left = new ArrayList<>(before);
        List<Pair> pairs = new ArrayList<>();
        for (StepOutcome now : after) {
            StepOutcome then = left.stream()
                    .filter(one -> one.step().equals(now.step()) && one.path().equals(now.path()))
                    .findFirst()
                    .or(() -> left.stream()
                            .filter(one -> one.step().equals(now.step())
                                    && RecordedInstance.turn(one.path()).equals(RecordedInstance.turn(now.path())))
                            .findFirst())
                    .orElse(null);
            if (then != null) {
                left.remove(then);
            }
            pairs.add(new Pair(then, now));
        }
        left.forEach(gone -> pairs.add(new Pair(gone, null)));
        return pairs;
    }
}
