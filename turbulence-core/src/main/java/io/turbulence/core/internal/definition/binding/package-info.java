/// Settings records and the compiled form in which a file gives their values.
@NullMarked
package io.turbulence.core.internal.definition.binding;

import org.jspecify.annotations.NullMarked;
