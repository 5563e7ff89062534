/// Placeholder.
@NullMarked
package io.turbulence.testkit;

import org.jspecify.annotations.NullMarked;
