/// gRPC for Turbulence.
@NullMarked
package io.turbulence.grpc;

import org.jspecify.annotations.NullMarked;
