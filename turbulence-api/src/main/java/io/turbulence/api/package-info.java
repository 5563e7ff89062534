/// What was observed: the protocol-agnostic model of one exchange with a system under test.
///
/// Everything here is immutable unless its documentation says otherwise, and depends on nothing but
/// the JDK and JSpecify.
@NullMarked
package io.turbulence.api;

import org.jspecify.annotations.NullMarked;
