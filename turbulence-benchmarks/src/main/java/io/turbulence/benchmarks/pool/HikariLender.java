package io.turbulence.benchmarks.pool;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// HikariCP's bag alone, without the policy that HikariCP puts around it.
final class HikariLender implements Lender {

    private final ConcurrentBag<Entry> bag = new ConcurrentBag<>(waiting -> {});

    HikariLender() {
        for (int i = 0; i < SIZE; i++) {
            bag.add(new Entry());
        }
    }

    @Override
    public Object lend() throws InterruptedException {
        return bag.borrow(1, TimeUnit.HOURS);
    }

    @Override
    public void giveBack(Object lent) {
        bag.requite((Entry) lent);
    }

    @Override
    public void close() {
        bag.close();
    }

    private static final class Entry implements IConcurrentBagEntry {

        private final AtomicInteger state = new AtomicInteger();

        @Override
        public boolean compareAndSet(int expected, int wanted) {
            return state.compareAndSet(expected, wanted);
        }

        @Override
        public void setState(int wanted) {
            state.lazySet(wanted);
        }

        @Override
        public int getState() {
            return state.get();
        }
    }
}
