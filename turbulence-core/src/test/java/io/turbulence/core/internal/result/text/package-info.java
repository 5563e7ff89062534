@NullMarked
package io.turbulence.core.internal.result.text;

import org.jspecify.annotations.NullMarked;
