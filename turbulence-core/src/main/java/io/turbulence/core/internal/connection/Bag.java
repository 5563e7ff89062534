package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/*
 * One 64-bit word holds everything that decides who gets what:
 *
 *     version | balance (24 bits, signed) | top
 *
 * top is the index + 1 of the newest full slot (they form a stack through Slot.next), 0 for none. The
 * balance is the number of empty slots when positive, and the number of waiters that are owed a slot when
 * negative; it is never negative while there is a full slot. The version makes a pop fail when the stack
 * changed and changed back in between; it has the bits that the top does not need: 36 for a bag of ten.
 *
 * To take is one compare-and-set, to put is one. When the balance is negative, a put raises it by one and
 * with that owes its slot to the head of the queue of waiters, so that a newcomer cannot overtake.
 *
 * A waiter joins the queue first and lowers the balance second. So the number of live waiters in the queue
 * is always at least the number of slots owed to them, and whoever owes one finds a waiter to give it to.
 * If a slot turns up between the two steps, the waiter takes it and gives it to the head of the queue, which
 * may be somebody else: the order stays that of joining.
 *
 * A waiter that gives up raises the balance first and marks itself cancelled second. If the balance is not
 * negative, all waiters are already owed a slot, and it takes the one that is on its way. If somebody gave it
 * a slot between the two steps, it passes that slot on, since by raising the balance it owes one.
 */

/// A bounded set of slots that are lent one holder at a time: full ones first and the newest of them
/// first, then empty ones; who waits is served in the order of coming.
///
/// A slot is full when the owner put something into it and empty when not; the bag does not look inside.
/// Thread-safe and, apart from parking waiters, without locks.
final class Bag<S extends Bag.Slot> {

    /// The most slots a bag may have.
    static final int LARGEST = 1 << 20;

    private static final int BALANCE_BITS = 24;
    private static final int SWEEP_AFTER = 64;
    private static final VarHandle STATE;
    private static final VarHandle MOST_TAKEN;
    private static final VarHandle MOST_WAITING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Bag.class, "state", long.class);
            MOST_TAKEN = lookup.findVarHandle(Bag.class, "mostTaken", int.class);
            MOST_WAITING = lookup.findVarHandle(Bag.class, "mostWaiting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int max;
    private final int topBits;
    private final long topMask;
    private final IntFunction<S> slotMaker;
    private final ConcurrentLinkedQueue<S> empties = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger aside = new AtomicInteger();
    private final Object growth = new Object();

    private volatile long state;
    private volatile Slot[] slots = new Slot[0];
    private volatile int mostTaken;
    private volatile int mostWaiting;
    private int made;

    /// @param slotMaker makes the slot with this index; called for each index once, when it is first needed
    Bag(int max, IntFunction<S> slotMaker) {
        if (max < 1 || max > LARGEST) {
            throw new IllegalArgumentException("max was " + max + " but it must be from 1 to " + LARGEST);
        }
        this.max = max;
        this.slotMaker = slotMaker;
        this.topBits = 32 - Integer.numberOfLeadingZeros(max);
        this.topMask = (1L << topBits) - 1;
        this.state = (long) max << topBits;
    }

    /// The newest full slot, else an empty one; null when there is neither.
    @Nullable
    S poll() {
        while (true) {
            long seen = state;
            int top = top(seen);
            int balance = balance(seen);
            if (top != 0) {
                S slot = slot(top - 1);
                int depth = slot.depth;
                if (advance(seen, slot.next, balance)) {
                    noteTaken(max - balance - depth + 1);
                    return slot;
                }
            } else if (balance > 0) {
                if (advance(seen, 0, balance - 1)) {
                    noteTaken(max - balance + 1);
                    return emptySlot();
                }
            } else {
                return null;
            }
        }
    }

    /// The newest full slot, for its owner's own ends: it does not count as taken. Null when there is none.
    @Nullable
    S pollFull() {
        aside.incrementAndGet();
        S slot = popFull();
        if (slot == null) {
            aside.decrementAndGet();
        }
        return slot;
    }

    /// Puts back what [#pollFull] or [#pollEmpty] took.
    void putAside(S slot) {
        put(slot);
        aside.decrementAndGet();
    }

    /// Puts a slot back, full or empty.
    void put(S slot) {
        if (slot.isFull()) {
            putFull(slot);
        } else {
            putEmpty(slot);
        }
    }

    private @Nullable S popFull() {
        while (true) {
            long seen = state;
            int top = top(seen);
            if (top == 0) {
                return null;
            }
            S slot = slot(top - 1);
            if (advance(seen, slot.next, balance(seen))) {
                return slot;
            }
        }
    }

    /// An empty slot, for its owner's own ends; null when there is none.
    @Nullable
    S pollEmpty() {
        aside.incrementAndGet();
        S slot = popEmpty();
        if (slot == null) {
            aside.decrementAndGet();
        }
        return slot;
    }

    private @Nullable S popEmpty() {
        while (true) {
            long seen = state;
            int balance = balance(seen);
            if (balance <= 0) {
                return null;
            }
            if (advance(seen, top(seen), balance - 1)) {
                return emptySlot();
            }
        }
    }

    /// As [#take(Deadline, Runnable, boolean)], for who counts.
    @Nullable
    S take(Deadline deadline, Runnable joined) throws InterruptedException {
        return take(deadline, joined, true);
    }

    /// As [#poll], but waits in line for a slot. Asking with a deadline that has passed is a poll.
    ///
    /// @param joined run once this caller stands in line, so that what is done in it cannot be missed
    /// @param measured whether it counts that this caller waits
    /// @return null when the deadline passed first
    /// @throws Refusal when the line was sent away by [#refuse]
    @Nullable
    S take(Deadline deadline, Runnable joined, boolean measured) throws InterruptedException {
        S immediate = poll();
        if (immediate != null) {
            return immediate;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (deadline.expired()) {
            return null;
        }
        Waiter waiter = new Waiter(Thread.currentThread());
        waiters.add(waiter);
        lowerBalance(measured);
        boolean safe = false;
        try {
            joined.run();
            safe = true;
        } finally {
            if (!safe) {
                returnUnused(giveUp(waiter));
            }
        }
        while (true) {
            Object given = waiter.given;
            if (given != null) {
                return received(given);
            }
            long remaining = deadline.remainingNanos();
            if (remaining <= 0) {
                Object late = giveUp(waiter);
                return late == null ? null : received(late);
            }
            LockSupport.parkNanos(this, remaining);
            if (Thread.interrupted()) {
                returnUnused(giveUp(waiter));
                throw new InterruptedException();
            }
        }
    }

    /// Puts back a slot that has something in it.
    void putFull(S slot) {
        while (true) {
            long seen = state;
            int balance = balance(seen);
            if (balance < 0) {
                if (advance(seen, 0, balance + 1)) {
                    give(slot);
                    return;
                }
            } else {
                int top = top(seen);
                slot.next = top;
                slot.depth = top == 0 ? 1 : slot(top - 1).depth + 1;
                if (advance(seen, slot.index + 1, balance)) {
                    return;
                }
            }
        }
    }

    /// Puts back a slot that has nothing in it.
    void putEmpty(S slot) {
        boolean filed = false;
        while (true) {
            long seen = state;
            int balance = balance(seen);
            if (balance < 0) {
                if (advance(seen, 0, balance + 1)) {
                    give(filed ? emptySlot() : slot);
                    return;
                }
            } else {
                if (!filed) {
                    empties.add(slot);
                    filed = true;
                }
                if (advance(seen, top(seen), balance + 1)) {
                    return;
                }
            }
        }
    }

    /// Sends away everybody who waits now.
    void refuse(Object reason) {
        for (int i = waiting(); i > 0; i--) {
            long seen = state;
            int balance = balance(seen);
            if (balance >= 0) {
                return;
            }
            if (advance(seen, 0, balance + 1)) {
                give(new Refusal(reason));
            } else {
                i++;
            }
        }
    }

    /// How many wait now.
    int waiting() {
        return Math.max(0, -balance(state));
    }

    /// Most that waited at once when one came who counts.
    int mostWaiting() {
        return mostWaiting;
    }

    /// Most slots that were with takers at once.
    int mostTaken() {
        return mostTaken;
    }

    int max() {
        return max;
    }

    /// Shows all slots that were ever made, whoever has them now: for figures.
    @SuppressWarnings("unchecked")
    void forEachSlot(Consumer<? super S> visitor) {
        for (Slot slot : slots) {
            if (slot != null) {
                visitor.accept((S) slot);
            }
        }
    }

    private void lowerBalance(boolean measured) {
        while (true) {
            long seen = state;
            int top = top(seen);
            int balance = balance(seen);
            if (top != 0) {
                S slot = slot(top - 1);
                if (advance(seen, slot.next, balance)) {
                    give(slot);
                    return;
                }
            } else if (balance > 0) {
                if (advance(seen, 0, balance - 1)) {
                    give(emptySlot());
                    return;
                }
            } else if (balance == -(1 << (BALANCE_BITS - 1))) {
                throw new IllegalStateException("more than " + -balance + " wait for a connection");
            } else if (advance(seen, 0, balance - 1)) {
                if (measured) {
                    noteWaiting(1 - balance);
                }
                return;
            }
        }
    }

    private void noteTaken(int taken) {
        if (taken > mostTaken) {
            int lent = taken - aside.get();
            int known = mostTaken;
            while (lent > known && !MOST_TAKEN.compareAndSet(this, known, lent)) {
                known = mostTaken;
            }
        }
    }

    private void noteWaiting(int waiting) {
        int known = mostWaiting;
        while (waiting > known && !MOST_WAITING.compareAndSet(this, known, waiting)) {
            known = mostWaiting;
        }
    }

    private void give(Object slotOrRefusal) {
        while (true) {
            Waiter waiter = waiters.poll();
            if (waiter == null) {
                Thread.onSpinWait();
            } else if (waiter.give(slotOrRefusal)) {
                return;
            } else {
                cancelled.decrementAndGet();
            }
        }
    }

    /// @return null when nothing was given and nothing will be
    private @Nullable Object giveUp(Waiter waiter) {
        while (true) {
            long seen = state;
            int balance = balance(seen);
            if (balance >= 0) {
                return awaitOwed(waiter);
            }
            if (advance(seen, 0, balance + 1)) {
                if (waiter.cancel()) {
                    sweepCancelled();
                } else {
                    give(requireNonNull(waiter.given));
                }
                return null;
            }
        }
    }

    private static Object awaitOwed(Waiter waiter) {
        boolean interrupted = false;
        Object given = waiter.given;
        while (given == null) {
            LockSupport.park(waiter);
            interrupted |= Thread.interrupted();
            given = waiter.given;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return given;
    }

    private void sweepCancelled() {
        if (cancelled.incrementAndGet() > SWEEP_AFTER + waiting()) {
            cancelled.set(0);
            waiters.removeIf(Waiter::isCancelled);
        }
    }

    private S received(Object given) {
        if (given instanceof Refusal refusal) {
            throw refusal;
        }
        @SuppressWarnings("unchecked")
        S slot = (S) given;
        return slot;
    }

    private void returnUnused(@Nullable Object given) {
        if (given instanceof Slot) {
            @SuppressWarnings("unchecked")
            S slot = (S) given;
            put(slot);
        }
    }

    private S emptySlot() {
        S slot = empties.poll();
        if (slot != null) {
            return slot;
        }
        synchronized (growth) {
            Slot[] known = slots;
            S fresh = slotMaker.apply(made);
            Slot[] enough = made < known.length ? known : Arrays.copyOf(known, Math.min(max, Math.max(8, made * 2)));
            enough[made] = fresh;
            made++;
            slots = enough;
            return fresh;
        }
    }

    @SuppressWarnings("unchecked")
    private S slot(int index) {
        return (S) slots[index];
    }

    private boolean advance(long seen, int top, int balance) {
        long version = (seen >>> (topBits + BALANCE_BITS)) + 1;
        long next = (version << (topBits + BALANCE_BITS)) | ((balance & ((1L << BALANCE_BITS) - 1)) << topBits) | top;
        return STATE.compareAndSet(this, seen, next);
    }

    private int top(long state) {
        return (int) (state & topMask);
    }

    private int balance(long state) {
        return (int) ((state << (Long.SIZE - BALANCE_BITS - topBits)) >> (Long.SIZE - BALANCE_BITS));
    }

    /// A place for one thing. Between taking and putting it belongs to whoever took it.
    abstract static class Slot {

        final int index;

        // Written before the word is set and read after it was read; a stale value makes the set fail
        int next;

        // How many full slots there are from this one on
        int depth;

        Slot(int index) {
            this.index = index;
        }

        abstract boolean isFull();
    }

    /// Thrown to who was sent away from the line.
    static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Object reason;

        Refusal(Object reason) {
            super("refused", null, false, false);
            this.reason = reason;
        }

        Object reason() {
            return reason;
        }
    }

    private enum Cancelled {
        CANCELLED
    }

    private static final class Waiter {

        private static final VarHandle GIVEN;

        static {
            try {
                GIVEN = MethodHandles.lookup().findVarHandle(Waiter.class, "given", Object.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final Thread thread;
        private volatile @Nullable Object given;

        Waiter(Thread thread) {
            this.thread = thread;
        }

        boolean give(Object slotOrRefusal) {
            if (!GIVEN.compareAndSet(this, null, slotOrRefusal)) {
                return false;
            }
            LockSupport.unpark(thread);
            return true;
        }

        boolean cancel() {
            return GIVEN.compareAndSet(this, null, Cancelled.CANCELLED);
        }

        boolean isCancelled() {
            return given instanceof Cancelled;
        }
    }
}
