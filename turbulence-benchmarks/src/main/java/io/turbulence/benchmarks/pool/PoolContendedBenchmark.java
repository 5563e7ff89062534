package io.turbulence.benchmarks.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Lending ten connections to virtual threads, each of which holds one for as long as it takes to be put off its
/// carrier: so others come meanwhile, and with more than ten threads some wait.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class PoolContendedBenchmark {

    private static final int LEASES = 200_000;

    /// Whose pool it is.
    @Param
    PoolKind pool;

    /// How many virtual threads there are.
    @Param({"2", "64", "10000"})
    int threads;

    private Lender lender;

    @Setup
    public void open() throws Exception {
        lender = pool.open();
    }

    @TearDown
    public void close() throws Exception {
        lender.close();
    }

    /// A lease and its return, by any of the threads; making the threads is in it, for all pools alike.
    @Benchmark
    @OperationsPerInvocation(LEASES)
    @SuppressWarnings("ThreadPriorityCheck") // the yield is what lets others come while one is held
    public int lease() throws Exception {
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        List<Thread> started = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            started.add(Thread.startVirtualThread(() -> {
                try {
                    for (int lease = 0; lease < LEASES / threads; lease++) {
                        Object lent = lender.lend();
                        Thread.yield();
                        lender.giveBack(lent);
                    }
                } catch (Exception e) {
                    failed.set(e);
                }
            }));
        }
        for (Thread thread : started) {
            thread.join();
        }
        Exception failure = failed.get();
        if (failure != null) {
            throw failure;
        }
        return started.size();
    }
}
