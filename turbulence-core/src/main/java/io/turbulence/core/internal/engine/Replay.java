package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An instance of an earlier run that is to be run again. Immutable.
///
/// @param scenario its scenario; null where it is not known, and then the only one
/// @param instants what `now()` told it, in order, by the path of the step, [#ENTRY] for its beginning
/// @param answers  what it was answered, to be given instead of asking the system; null to ask the system
public record Replay(
        long number,
        @Nullable String scenario,
        Map<String, List<Instant>> instants,
        @Nullable RecordedAnswers answers) {

    /// The path under which an instance's `entry` is rendered.
    public static final String ENTRY = "entry";

    /// What `now()` told a step at its n-th call, from 0; null when it was not called so often.
    @Nullable
    Instant instant(String path, int call) {
        List<Instant> told = instants.getOrDefault(path, List.of());
        return call < told.size() ? told.get(call) : null;
    }
}
