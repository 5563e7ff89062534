/// What a plugin writes, and what it receives from the host.
///
/// A plugin is one [io.turbulence.spi.ProtocolPlugin], found through [java.util.ServiceLoader]. It
/// brings actions ([io.turbulence.spi.ProtocolAction]) and the ways to connect that they use
/// ([io.turbulence.spi.ConnectionFactory]). It opens and closes connections; the host owns every pool,
/// every wait, every clock and every file.
@NullMarked
package io.turbulence.spi;

import org.jspecify.annotations.NullMarked;
