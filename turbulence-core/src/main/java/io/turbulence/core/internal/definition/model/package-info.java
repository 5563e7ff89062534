/// System and scenario files as they are written, before plugins give their steps a meaning.
@NullMarked
package io.turbulence.core.internal.definition.model;

import org.jspecify.annotations.NullMarked;
