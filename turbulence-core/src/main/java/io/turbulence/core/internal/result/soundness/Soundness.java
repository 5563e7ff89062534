package io.turbulence.core.internal.result.soundness;

import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import java.util.ArrayList;
import java.util.List;

/// Whether a run's figures can be believed.
///
/// @param reasons a sentence each, the worst first; empty when valid
public record Soundness(Validity validity, List<String> reasons) {

    public Soundness {
        reasons = List.copyOf(reasons);
    }

    /// Both together: the worse of the two.
    public Soundness and(Soundness other) {
        boolean mine = validity.compareTo(other.validity) >= 0;
        List<String> all = new ArrayList<>(mine ? reasons : other.reasons);
        all.addAll(mine ? other.reasons : reasons);
        return new Soundness(mine ? validity : other.validity, all);
    }
}
