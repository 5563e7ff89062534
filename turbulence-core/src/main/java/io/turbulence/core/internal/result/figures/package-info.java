/// What is counted while a run goes on, and what its end makes of it.
@NullMarked
package io.turbulence.core.internal.result.figures;

import org.jspecify.annotations.NullMarked;
