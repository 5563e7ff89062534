/// Tests of JSONPath.
@NullMarked
package io.turbulence.core.internal.definition.jsonpath;

import org.jspecify.annotations.NullMarked;
