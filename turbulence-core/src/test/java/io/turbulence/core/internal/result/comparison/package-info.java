@NullMarked
package io.turbulence.core.internal.result.comparison;

import org.jspecify.annotations.NullMarked;
