package io.turbulence.sql;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Where the calls of a pool's driver run: on the caller's own thread, or, for a driver with native code, on
/// as many platform threads as there are connections. Native code would hold on to the few threads that
/// carry all virtual ones. Thread-safe.
final class Workers implements AutoCloseable {

    private final @Nullable ExecutorService threads;

    private Workers(@Nullable ExecutorService threads) {
        this.threads = threads;
    }

    /// @param max connections
    static Workers of(String service, JdbcUrl url, int max) {
        if (!url.nativeCode()) {
            return new Workers(null);
        }
        AtomicInteger number = new AtomicInteger();
        return new Workers(Executors.newFixedThreadPool(
                max,
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("turbulence-sql-" + service + "-" + number.incrementAndGet())
                        .unstarted(task)));
    }

    /// Runs it and answers what it answers.
    ///
    /// @throws InterruptedException when the caller is interrupted; what runs goes on until it is cancelled
    <T> T call(Callable<T> work) throws Exception {
        if (threads == null) {
            return work.call();
        }
        Future<T> future = threads.submit(work);
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
    }
}
