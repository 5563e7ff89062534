/// A step measured at several levels of concurrency.
@NullMarked
package io.turbulence.core.internal.result.benchmark;

import org.jspecify.annotations.NullMarked;
