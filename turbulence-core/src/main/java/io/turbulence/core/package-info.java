/// Placeholder.
@NullMarked
package io.turbulence.core;

import org.jspecify.annotations.NullMarked;
