package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.engine.event.Cause;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Performs an action again and again until somebody is content or the time is up.
final class Polling {

    /// Looks at a poll's observation.
    interface Look {

        /// @return whether polling is over
        boolean over(ObservationView observation);
    }

    /// What the last poll is given at least, when less than an interval is left for it.
    private static final long LEAST_FOR_LAST_NANOS = Duration.ofMillis(50).toNanos();

    private final ActionCall<?, ?> call;
    private final Duration interval;
    private final Duration attemptTimeout;
    private final Deque<Exchange.Attempt> attempts = new ArrayDeque<>();
    private int polls;
    private @Nullable ObservationView newest;

    /// @param attemptTimeout bounds each poll; one that hangs must not use up the time of all
    Polling(ActionCall<?, ?> call, Duration interval, Duration attemptTimeout) {
        this.attemptTimeout = attemptTimeout;
        this.call = call;
        this.interval = interval;
    }

    /// Polls at least once, and a last time shortly before the deadline where that is less than an interval away.
    ///
    /// @return whether the look was content before the deadline
    /// @throws InterruptedException when the instance is cancelled
    boolean run(Execution execution, Step step, String path, Deadline deadline, Look look) throws InterruptedException {
        boolean last = false;
        while (true) {
            long started = System.nanoTime();
            execution.begin(step.info().name(), execution.pathKey(step, path), ++polls);
            Deadline attempt = deadline.within(
                    attemptTimeout,
                    "timeout of %s of one poll of '%s'"
                            .formatted(
                                    Durations.text(attemptTimeout), step.info().name()));
            // A look causes nothing: what came before it stays the cause of messages
            Cause cause = execution.instance().cause(execution.lane());
            ObservationView observation =
                    new ObservationView(call.perform(execution, attempt, started), true, List.of());
            execution.instance().caused(execution.lane(), cause);
            newest = observation;
            remember(Attempts.of(polls, observation.exchange(), execution.clock()));
            execution.variables().last(observation);
            if (look.over(observation)) {
                return true;
            }
            if (execution.answers() != null) {
                return false;
            }
            long took = System.nanoTime() - started;
            long pause = interval.toNanos() - took;
            long left = deadline.remainingNanos();
            if (left <= Math.max(0, pause)) {
                pause = left - Math.max(LEAST_FOR_LAST_NANOS, 2 * took);
                if (last || pause <= 0) {
                    return false;
                }
                last = true;
            }
            if (pause > 0) {
                execution.lane().pause(Duration.ofNanos(pause));
            }
        }
    }

    List<Exchange.Attempt> attempts() {
        return new ArrayList<>(attempts);
    }

    int polls() {
        return polls;
    }

    ObservationView newest() {
        return java.util.Objects.requireNonNull(newest, "no poll yet");
    }

    private void remember(Exchange.Attempt attempt) {
        if (attempts.size() == Attempts.MOST_KEPT) {
            attempts.removeFirst();
        }
        attempts.addLast(attempt);
    }
}
