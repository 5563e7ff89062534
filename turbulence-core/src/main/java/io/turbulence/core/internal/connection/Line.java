package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// People who wait for something that cannot be handed over: the first of them is woken to try, and whoever
/// comes while somebody waits joins behind. Thread-safe, without locks.
final class Line {

    private final ConcurrentLinkedQueue<Place> places = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger longest = new AtomicInteger();

    boolean isEmpty() {
        return places.isEmpty();
    }

    int length() {
        return length.get();
    }

    /// Most that had to wait at once when one came who counts; who comes first and finds what it wants does not.
    int longest() {
        return longest.get();
    }

    /// @param measured whether it counts that this one waits
    Place join(boolean measured) {
        Place place = new Place(this, Thread.currentThread(), measured);
        places.add(place);
        length.incrementAndGet();
        return place;
    }

    /// Leaves the line, with or without what was waited for; the next one is woken. Leaving twice is fine.
    void leave(Place place) {
        if (places.remove(place)) {
            length.decrementAndGet();
            if (place.paused) {
                waiting.decrementAndGet();
            }
        }
        wakeFirst();
    }

    boolean isFirst(Place place) {
        return places.peek() == place;
    }

    /// Has the first one try again.
    void wakeFirst() {
        Place first = places.peek();
        if (first != null) {
            LockSupport.unpark(first.thread);
        }
    }

    /// Sends away everybody who waits now.
    void refuse(Object reason) {
        for (Place place : places) {
            place.refused = reason;
            LockSupport.unpark(place.thread);
        }
    }

    /// A waiter's place.
    static final class Place {

        private final Line line;
        private final Thread thread;
        private final boolean measured;
        private volatile @Nullable Object refused;
        private boolean paused;

        Place(Line line, Thread thread, boolean measured) {
            this.line = line;
            this.thread = thread;
            this.measured = measured;
        }

        /// Why this one was sent away; null when it was not.
        @Nullable
        Object refused() {
            return refused;
        }

        /// Whether its owner had to wait.
        boolean paused() {
            return paused;
        }

        /// Waits until woken or until the deadline; may end early.
        void pause(Deadline deadline) throws InterruptedException {
            long nanos = deadline.remainingNanos();
            if (nanos > 0) {
                if (!paused) {
                    paused = true;
                    int waiting = line.waiting.incrementAndGet();
                    if (measured) {
                        line.longest.accumulateAndGet(waiting, Math::max);
                    }
                }
                LockSupport.parkNanos(this, nanos);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
