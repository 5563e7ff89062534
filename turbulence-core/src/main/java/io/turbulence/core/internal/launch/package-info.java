/// Programs that are started for a run and stopped after it.
@NullMarked
package io.turbulence.core.internal.launch;

import org.jspecify.annotations.NullMarked;
