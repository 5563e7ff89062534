/// WebSocket for Turbulence.
@NullMarked
package io.turbulence.websocket;

import org.jspecify.annotations.NullMarked;
