/// Runs scenarios: one virtual thread for each instance, steps from start to end on it.
@NullMarked
package io.turbulence.core.internal.engine;

import org.jspecify.annotations.NullMarked;
