/// Placeholder.
@NullMarked
package io.turbulence.cli;

import org.jspecify.annotations.NullMarked;
