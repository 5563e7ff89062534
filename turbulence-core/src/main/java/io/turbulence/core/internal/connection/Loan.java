package io.turbulence.core.internal.connection;

import org.jspecify.annotations.Nullable;

/// A lease as the watch for leaks sees it.
interface Loan {

    InstanceConnections holder();

    long since();

    long connectionNumber();

    /// Where it was taken; null unless leases are traced.
    @Nullable
    Throwable taken();
}
