/// Fetches plugins from Maven repositories.
@NullMarked
package io.turbulence.install;

import org.jspecify.annotations.NullMarked;
