@NullMarked
package io.turbulence.core.internal.result.console;

import org.jspecify.annotations.NullMarked;
