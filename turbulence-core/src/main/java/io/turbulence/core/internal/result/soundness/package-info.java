/// Whether a run's figures can be believed: what the generator did meanwhile, and the verdict.
@NullMarked
package io.turbulence.core.internal.result.soundness;

import org.jspecify.annotations.NullMarked;
