@NullMarked
package io.turbulence.core.internal.result.files;

import org.jspecify.annotations.NullMarked;
