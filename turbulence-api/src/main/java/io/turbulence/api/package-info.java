/// Placeholder.
@NullMarked
package io.turbulence.api;

import org.jspecify.annotations.NullMarked;
