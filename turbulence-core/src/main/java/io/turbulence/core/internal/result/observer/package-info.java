/// Feeds observers that plugins bring.
@NullMarked
package io.turbulence.core.internal.result.observer;

import org.jspecify.annotations.NullMarked;
