package io.turbulence.benchmarks.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import stormpot.Allocator;
import stormpot.Expiration;
import stormpot.Pool;
import stormpot.PoolTap;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/// stormpot by its tap for virtual threads.
final class StormpotLender implements Lender {

    private static final Timeout HOUR = new Timeout(1, TimeUnit.HOURS);

    private final Pool<Connection> pool;
    private final PoolTap<Connection> tap;

    StormpotLender() throws InterruptedException {
        this.pool = Pool.from(new Connections())
                .setSize(SIZE)
                .setExpiration(Expiration.never())
                .build();
        this.tap = pool.getVirtualThreadSafeTap();
        for (int i = 0; i < SIZE; i++) {
            giveBack(lend());
        }
    }

    @Override
    public Object lend() throws InterruptedException {
        Connection connection = tap.claim(HOUR);
        if (connection == null) {
            throw new IllegalStateException("none within an hour");
        }
        return connection;
    }

    @Override
    public void giveBack(Object lent) {
        ((Connection) lent).release();
    }

    @Override
    public void close() throws InterruptedException {
        pool.shutdown().await(new Timeout(Duration.ofSeconds(10)));
    }

    private record Connection(Slot slot) implements Poolable {

        @Override
        public void release() {
            slot.release(this);
        }
    }

    private static final class Connections implements Allocator<Connection> {

        @Override
        public Connection allocate(Slot slot) {
            return new Connection(slot);
        }

        @Override
        public void deallocate(Connection connection) {}
    }
}
