package io.turbulence.core.internal.result.files;

/// Which instances leave lines in the files. Statistics count all of them anyway.
public enum RecordPolicy {
    /// The first 10,000 instances whole, then failures as in [#FAILURES].
    DEFAULT,
    /// All, whole.
    ALL,
    /// Failed ones: ten of a kind whole, of the next 100,000 the line in `instances.jsonl`.
    FAILURES,
    /// None.
    NONE
}
