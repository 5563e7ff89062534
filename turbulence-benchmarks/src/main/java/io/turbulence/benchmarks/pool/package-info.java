/// Lending connections, beside other pools.
@NullMarked
package io.turbulence.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
