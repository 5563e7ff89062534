package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The bag behaves, whatever threads do side by side, as if they had done it one after the other: as a stack
/// of full slots above a bounded number of empty ones.
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "mark", gen = IntGen.class, conf = "1:5")
public class BagLinearizabilityTest {

    private static final int THREADS = 4;
    private static final int NONE = -1;
    private static final int EMPTY = 0;
    private static final int FIRST_MARK = 100;

    private final Bag<Marked> bag = new Bag<>(3, Marked::new);
    private final ThreadSlots[] taken = new ThreadSlots[THREADS];

    private static final class ThreadSlots {
        private final Deque<Marked> slots = new ArrayDeque<>();
    }

    private static final class Marked extends Bag.Slot {

        private int mark;

        Marked(int index) {
            super(index);
        }

        @Override
        boolean isFull() {
            return mark != EMPTY;
        }
    }

    public BagLinearizabilityTest() {
        for (int i = 0; i < THREADS; i++) {
            taken[i] = new ThreadSlots();
        }
        for (int mark = FIRST_MARK; mark < FIRST_MARK + 2; mark++) {
            Marked slot = requireNonNull(bag.pollEmpty());
            slot.mark = mark;
            bag.putAside(slot);
        }
    }

    /// @return the mark of a full slot, 0 for an empty one, -1 for none
    @Operation
    public int take(@Param(name = "thread") int thread) {
        return keep(thread, bag.poll());
    }

    /// @return whether there was something to put back
    @Operation
    public boolean putFull(@Param(name = "thread") int thread, @Param(name = "mark") int mark) {
        Marked slot = own(thread).poll();
        if (slot == null) {
            return false;
        }
        slot.mark = mark;
        bag.putFull(slot);
        return true;
    }

    @Operation
    public boolean putEmpty(@Param(name = "thread") int thread) {
        Marked slot = own(thread).poll();
        if (slot == null) {
            return false;
        }
        slot.mark = EMPTY;
        bag.putEmpty(slot);
        return true;
    }

    private int keep(int thread, @Nullable Marked slot) {
        if (slot == null) {
            return NONE;
        }
        own(thread).add(slot);
        return slot.mark;
    }

    private Deque<Marked> own(int thread) {
        return taken[thread % THREADS].slots;
    }

    @Test
    void isLinearizableInEveryInterleavingThatIsTried() {
        check(new ModelCheckingOptions().iterations(12).invocationsPerIteration(200), 2, 4);
    }

    @Test
    @Tag("stress")
    void isLinearizableUnderStress() {
        check(new StressOptions().iterations(100).invocationsPerIteration(2_000), 3, 4);
    }

    private static void check(Options<?, ?> options, int threads, int actors) {
        options.threads(threads).actorsPerThread(actors).actorsBefore(0).actorsAfter(2);
        options.check(BagLinearizabilityTest.class);
    }
}
