/// Kafka for Turbulence.
@NullMarked
package io.turbulence.kafka;

import org.jspecify.annotations.NullMarked;
