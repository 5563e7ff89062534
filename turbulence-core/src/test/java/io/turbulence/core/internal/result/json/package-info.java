@NullMarked
package io.turbulence.core.internal.result.json;

import org.jspecify.annotations.NullMarked;
