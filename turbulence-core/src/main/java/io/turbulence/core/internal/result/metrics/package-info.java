/// Figures for Prometheus while a run goes on.
@NullMarked
package io.turbulence.core.internal.result.metrics;

import org.jspecify.annotations.NullMarked;
