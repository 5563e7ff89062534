package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One thing that is opened by whoever needs it first, while the others wait for it. Thread-safe.
final class OpenOnce<T> {

    private final Host<T> host;
    private final Line line = new Line();
    private volatile @Nullable Connection<T> opened;
    private volatile boolean opening;
    private volatile boolean stopped;

    OpenOnce(Host<T> host) {
        this.host = host;
    }

    /// The open one; null before.
    @Nullable
    Connection<T> opened() {
        return opened;
    }

    /// The open one, opened here or by somebody else within the deadline.
    ///
    /// @param measured whether it counts that somebody waits
    Connection<T> get(Deadline deadline, boolean measured) throws InterruptedException {
        Connection<T> known = opened;
        return known != null ? known : await(deadline, measured);
    }

    void stop() {
        stopped = true;
        line.refuse(Host.CLOSED);
    }

    Line line() {
        return line;
    }

    boolean opening() {
        return opening;
    }

    private Connection<T> await(Deadline deadline, boolean measured) throws InterruptedException {
        long from = host.environment().now();
        Deadline limit = host.acquireDeadline(deadline);
        Line.Place place = line.join(measured);
        try {
            while (true) {
                Connection<T> known = opened;
                if (known != null) {
                    return known;
                }
                if (stopped) {
                    throw host.closed();
                }
                Object refused = place.refused();
                if (refused != null) {
                    throw host.refusal(refused, from);
                }
                Deadline pause = limit;
                if (line.isFirst(place)) {
                    long now = host.environment().now();
                    long backOff = host.backOffNanos(now);
                    if (backOff <= 0) {
                        return open(deadline, place.paused() ? now - from : 0);
                    }
                    pause = limit.within(Duration.ofNanos(backOff), "back-off");
                }
                if (limit.expired()) {
                    long waited = host.environment().now() - from;
                    throw host.timeout(limit, waited, 1, opening ? 1 : 0, 0, line.length());
                }
                place.pause(pause);
            }
        } finally {
            line.leave(place);
        }
    }

    /// Called by the first in line alone.
    private Connection<T> open(Deadline deadline, long waitNanos) throws InterruptedException {
        opening = true;
        try {
            Connection<T> fresh = host.open(deadline, waitNanos);
            opened = fresh;
            if (stopped) {
                host.close(fresh, Host.Reason.DONE);
                throw host.closed();
            }
            return fresh;
        } catch (OpenFailedException e) {
            if (!e.cutShort()) {
                line.refuse(e.outcome());
            }
            throw e;
        } finally {
            opening = false;
        }
    }
}
