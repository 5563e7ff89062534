package io.turbulence.core.internal.plugin;

import java.util.Set;

/// Names in scenario and system files that belong to the host.
public final class ReservedNames {

    /// Types of the built-in steps.
    public static final Set<String> ACTIONS =
            Set.of("sleep", "assert", "wait", "job", "branch", "loop", "parallel", "group", "call", "decide");

    /// Keys that every step may have.
    public static final Set<String> STEP_KEYS = Set.of(
            "name",
            "type",
            "service",
            "condition",
            "timeout",
            "timeout_seconds",
            "retry",
            "extract",
            "expect",
            "on_failure",
            "tags",
            "description");

    /// Keys that every service may have.
    public static final Set<String> SERVICE_KEYS = Set.of("protocol", "pool");

    private ReservedNames() {}
}
