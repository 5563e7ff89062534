/// Placeholder.
@NullMarked
package io.turbulence.http;

import org.jspecify.annotations.NullMarked;
