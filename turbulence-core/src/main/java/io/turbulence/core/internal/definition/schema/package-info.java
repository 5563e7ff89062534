/// What editors and people read about settings and files: JSON Schemas and pages of documentation.
@NullMarked
package io.turbulence.core.internal.definition.schema;

import org.jspecify.annotations.NullMarked;
