package io.turbulence.core.internal.result;

import io.turbulence.core.internal.result.RunEnd.Validity;
import java.util.ArrayList;
import java.util.List;

/// Whether a run's figures can be believed.
///
/// @param reasons a sentence each, the worst first; empty when valid
record Soundness(Validity validity, List<String> reasons) {

    Soundness {
        reasons = List.copyOf(reasons);
    }

    /// Both together: the worse of the two.
    Soundness and(Soundness other) {
        boolean mine = validity.compareTo(other.validity) >= 0;
        List<String> all = new ArrayList<>(mine ? reasons : other.reasons);
        all.addAll(mine ? other.reasons : reasons);
        return new Soundness(mine ? validity : other.validity, all);
    }
}
