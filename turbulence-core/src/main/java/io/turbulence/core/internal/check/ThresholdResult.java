package io.turbulence.core.internal.check;

import java.util.OptionalDouble;

/// What a threshold came to.
///
/// @param holds  true is always good
/// @param actual empty when nothing was measured, which never holds
public record ThresholdResult(Threshold threshold, boolean holds, OptionalDouble actual) {

    /// The figure as people read it, `99.7%`, `31.2 ms` or `12`; `nothing measured` when there is none.
    public String actualText() {
        return actual.isEmpty() ? "nothing measured" : threshold.text(actual.getAsDouble());
    }
}
