/// A service that takes orders over HTTP and tells of them over Kafka, and a broker for it.
@NullMarked
package io.turbulence.examples.orders;

import org.jspecify.annotations.NullMarked;
