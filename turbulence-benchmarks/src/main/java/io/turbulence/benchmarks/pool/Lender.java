package io.turbulence.benchmarks.pool;

/// A pool of ten connections, whoever made it. Thread-safe.
interface Lender extends AutoCloseable {

    /// How many connections there are.
    int SIZE = 10;

    /// Waits for a connection.
    ///
    /// @return what to give back
    Object lend() throws Exception;

    void giveBack(Object lent) throws Exception;

    @Override
    void close() throws Exception;
}
