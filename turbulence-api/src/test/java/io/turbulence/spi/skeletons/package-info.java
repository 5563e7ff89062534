/// Plugins for four hard protocols without their client libraries: they show that the shape of the
/// SPI holds them. What a client library would do stands behind small interfaces.
@NullMarked
package io.turbulence.spi.skeletons;

import org.jspecify.annotations.NullMarked;
