package io.turbulence.core.internal.engine.event;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// What one expectation came to.
///
/// @param step     the step's name, of an `assert` step its own
/// @param subject  what was looked at: `$.status`, `status_code`
/// @param expected what should hold, as text
/// @param actual   what was found, shortened
/// @param message  a full sentence; empty when it holds
public record AssertionResult(
        InstanceInfo instance,
        String step,
        String path,
        boolean ok,
        String subject,
        String expected,
        @Nullable String actual,
        String message,
        String file,
        int line,
        Collection<String> secrets) {}
