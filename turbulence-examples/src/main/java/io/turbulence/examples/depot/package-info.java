/// A depot that is spoken to over gRPC, with all four kinds of call.
@NullMarked
package io.turbulence.examples.depot;

import org.jspecify.annotations.NullMarked;
