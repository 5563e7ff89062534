@NullMarked
package io.turbulence.core.internal.result;

import org.jspecify.annotations.NullMarked;
