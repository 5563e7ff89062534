package io.turbulence.benchmarks.pool;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Lending to one thread, which has the pool for itself.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class PoolAloneBenchmark {

    /// Whose pool it is.
    @Param
    PoolKind pool;

    private Lender lender;

    @Setup
    public void open() throws Exception {
        lender = pool.open();
    }

    @TearDown
    public void close() throws Exception {
        lender.close();
    }

    /// A lease and its return.
    @Benchmark
    public Object lease() throws Exception {
        Object lent = lender.lend();
        lender.giveBack(lent);
        return lent;
    }
}
