@NullMarked
package io.turbulence.core.internal.result.metrics;

import org.jspecify.annotations.NullMarked;
