package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;
import org.jspecify.annotations.Nullable;

/// A value in a YAML file, with its place. Immutable.
///
/// Aliases and merge keys are resolved: what they stand for is in their place, and its location says through which
/// alias it was reached.
public sealed interface YamlNode permits MappingNode, SequenceNode, ScalarNode {

    Location location();

    /// The value as Map, List, text, number, boolean or null; read-only.
    @Nullable
    Object toTree();

    /// What it is, for the "found" of a problem: `a mapping`, `text 'ten'`, `the number 10`.
    String description();
}
