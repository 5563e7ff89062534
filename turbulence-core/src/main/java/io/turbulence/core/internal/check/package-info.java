/// What must hold: of one answer, and of a whole run.
@NullMarked
package io.turbulence.core.internal.check;

import org.jspecify.annotations.NullMarked;
