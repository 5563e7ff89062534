package io.turbulence.core.internal.engine.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a run is loaded from.
///
/// @param system     null for a run without services
/// @param profile    null for the file's default
/// @param values     what `{{env.NAME}}` finds: environment, env files and variables, merged
/// @param only       tags or ids: only scenarios with one of them are run; empty for all
/// @param skip       tags or ids: scenarios with one of them are not run
public record Sources(
        @Nullable Source system,
        List<Source> scenarios,
        @Nullable String profile,
        Map<String, String> values,
        Set<String> only,
        Set<String> skip,
        @Nullable Integer defaultPoolMax,
        Duration defaultTimeout) {

    public Sources {
        scenarios = List.copyOf(scenarios);
        values = Map.copyOf(values);
        only = Set.copyOf(only);
        skip = Set.copyOf(skip);
    }
}
