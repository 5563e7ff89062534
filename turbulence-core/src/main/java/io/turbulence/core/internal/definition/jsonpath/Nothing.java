package io.turbulence.core.internal.definition.jsonpath;

/// The RFC's special result Nothing: no value at all, as opposed to null. Compare with `==`.
public enum Nothing {
    /// The only one.
    NOTHING
}
