/// What tests of plugins need: a clock moved by hand, fakes of the host, small servers that behave
/// well or badly, and a TCP proxy that injects faults.
///
/// Nothing here needs a test framework. Everything listens on 127.0.0.1 only, on ports that the
/// system picks, and is closed with `close()`.
@NullMarked
package io.turbulence.testkit;

import org.jspecify.annotations.NullMarked;
