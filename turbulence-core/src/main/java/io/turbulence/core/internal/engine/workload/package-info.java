/// When instances start, which part of a run they are, and the rows and random values that they are given.
@NullMarked
package io.turbulence.core.internal.engine.workload;

import org.jspecify.annotations.NullMarked;
