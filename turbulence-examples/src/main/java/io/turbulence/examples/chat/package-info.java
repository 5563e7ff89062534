/// The server of `examples/chat`.
@NullMarked
package io.turbulence.examples.chat;

import org.jspecify.annotations.NullMarked;
