/// JSONPath as RFC 9535 has it, and I-Regexp as RFC 9485 has it, on trees of maps and lists.
/// [io.turbulence.core.internal.definition.jsonpath.JsonPath] is the entry.
@NullMarked
package io.turbulence.core.internal.definition.jsonpath;

import org.jspecify.annotations.NullMarked;
