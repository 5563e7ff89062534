@NullMarked
package io.turbulence.core.internal.result.benchmark;

import org.jspecify.annotations.NullMarked;
