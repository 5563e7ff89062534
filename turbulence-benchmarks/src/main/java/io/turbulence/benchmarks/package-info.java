/// What parts of Turbulence cost, measured by JMH beside their peers.
@NullMarked
package io.turbulence.benchmarks;

import org.jspecify.annotations.NullMarked;
