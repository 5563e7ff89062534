/// What is wrong with a definition, where, and how it is told.
@NullMarked
package io.turbulence.core.internal.definition.problem;

import org.jspecify.annotations.NullMarked;
