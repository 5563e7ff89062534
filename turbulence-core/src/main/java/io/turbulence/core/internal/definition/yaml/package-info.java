/// YAML 1.2 files as trees whose every node knows its place.
@NullMarked
package io.turbulence.core.internal.definition.yaml;

import org.jspecify.annotations.NullMarked;
