/// Two runs side by side, step by step, with a stated confidence.
@NullMarked
package io.turbulence.core.internal.result.comparison;

import org.jspecify.annotations.NullMarked;
