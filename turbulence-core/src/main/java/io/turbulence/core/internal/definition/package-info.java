/// Reads and compiles what users write: YAML with places, templates, expressions, JSONPaths, settings.
@NullMarked
package io.turbulence.core.internal.definition;

import org.jspecify.annotations.NullMarked;
