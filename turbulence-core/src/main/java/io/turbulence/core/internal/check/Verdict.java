package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.problem.Location;
import org.jspecify.annotations.Nullable;

/// What one expectation came to on one observation.
///
/// @param subject  what was looked at: `$.status`, `status_code`
/// @param expected what should hold, as text
/// @param actual   what was found, shortened; null when nothing was
/// @param message  a full sentence; empty when it holds
/// @param ofStatus whether it is about the protocol's status
/// @param location where the expectation stands
public record Verdict(
        boolean ok,
        String subject,
        String expected,
        @Nullable String actual,
        String message,
        boolean ofStatus,
        Location location) {

    /// Whether it does not hold because there was nothing to look at, where that was not the question.
    boolean lacksSubject() {
        return !ok && actual == null && !expected.equals("exists");
    }

    /// The message with the place of the expectation: `$.status was "new" … (checkout.yaml:12)`.
    public String located() {
        return message + " (" + location.file() + ":" + location.line() + ")";
    }
}
