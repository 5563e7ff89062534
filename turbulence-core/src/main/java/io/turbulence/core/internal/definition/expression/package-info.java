/// The expressions of the scenario language: JEXL's grammar, strict values, nothing else reachable.
@NullMarked
package io.turbulence.core.internal.definition.expression;

import org.jspecify.annotations.NullMarked;
