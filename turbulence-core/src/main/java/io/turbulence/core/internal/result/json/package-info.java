/// JSON as result files have it, and the mask that secrets are hidden behind.
@NullMarked
package io.turbulence.core.internal.result.json;

import org.jspecify.annotations.NullMarked;
