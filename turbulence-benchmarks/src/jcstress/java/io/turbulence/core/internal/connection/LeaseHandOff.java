package io.turbulence.core.internal.connection;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.turbulence.api.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two take the only slot of a bag and put it back.
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "each had it alone")
@Outcome(
        id = {"2, 1", "1, 2", "2, 2"},
        expect = FORBIDDEN,
        desc = "both had it at once")
@Outcome(expect = FORBIDDEN, desc = "one that waited was lost")
@State
public class LeaseHandOff {

    private final Bag<Place> bag = new Bag<>(1, Place::new);
    private final AtomicInteger holders = new AtomicInteger();

    @Actor
    public void first(II_Result result) {
        result.r1 = takeAndPut();
    }

    @Actor
    public void second(II_Result result) {
        result.r2 = takeAndPut();
    }

    private int takeAndPut() {
        try {
            Place place = bag.take(Deadline.after(Duration.ofSeconds(5), "test"), () -> {});
            if (place == null) {
                return -1;
            }
            int at = holders.incrementAndGet();
            holders.decrementAndGet();
            place.full = true;
            bag.put(place);
            return at;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -2;
        }
    }

    private static final class Place extends Bag.Slot {

        private boolean full;

        Place(int index) {
            super(index);
        }

        @Override
        boolean isFull() {
            return full;
        }
    }
}
