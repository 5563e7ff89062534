package io.turbulence.sql;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/*
 * JDBC's own time limit for statements counts in whole seconds, and costs most drivers a timer for each
 * statement. Here one thread for each pool looks at its few connections every few milliseconds.
 */
/// Ends the statements of one pool that are not done by their deadline. Thread-safe.
final class StatementWatch implements AutoCloseable {

    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(10);

    private final Set<SqlConnection> lent = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    StatementWatch(String service) {
        thread = Thread.ofPlatform()
                .daemon()
                .name("turbulence-sql-" + service + "-deadlines")
                .start(this::watch);
    }

    void add(SqlConnection connection) {
        lent.add(connection);
    }

    void remove(SqlConnection connection) {
        lent.remove(connection);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!closed) {
            for (SqlConnection connection : lent) {
                RunningCall call = connection.running();
                if (call != null) {
                    call.look();
                }
            }
            LockSupport.parkNanos(this, ROUND);
        }
    }
}
