/// Placeholder.
@NullMarked
package io.turbulence.tck;

import org.jspecify.annotations.NullMarked;
