@NullMarked
package io.turbulence.core.internal.result.soundness;

import org.jspecify.annotations.NullMarked;
