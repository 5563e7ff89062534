@NullMarked
package io.turbulence.core.internal.check;

import org.jspecify.annotations.NullMarked;
