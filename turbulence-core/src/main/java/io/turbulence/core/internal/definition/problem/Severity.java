package io.turbulence.core.internal.definition.problem;

/// Whether a problem stops the run.
public enum Severity {
    /// Must be mended before anything is run.
    ERROR,
    /// Allowed, but likely not meant.
    WARNING
}
