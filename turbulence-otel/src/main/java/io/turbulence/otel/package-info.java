/// OpenTelemetry for Turbulence: traces and metrics of runs over OTLP.
@NullMarked
package io.turbulence.otel;

import org.jspecify.annotations.NullMarked;
