@NullMarked
package io.turbulence.core.internal.result.figures;

import org.jspecify.annotations.NullMarked;
