/// Texts with `{{ expression }}` in them, compiled once.
@NullMarked
package io.turbulence.core.internal.definition.template;

import org.jspecify.annotations.NullMarked;
