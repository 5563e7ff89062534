/// What is printed while a run goes on, and at its end.
@NullMarked
package io.turbulence.core.internal.result.console;

import org.jspecify.annotations.NullMarked;
