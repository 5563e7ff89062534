package io.turbulence.core.internal.connection;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A time during which no connection to a place could be opened.
///
/// @param host     `host:port`
/// @param from     when the first attempt failed
/// @param until    when one succeeded again; null while it lasts
/// @param attempts attempts that failed
/// @param message  why the last one failed
public record Outage(
        String service, String host, Instant from, @Nullable Instant until, long attempts, String message) {

    /// How long it lasted; zero while it lasts.
    public Duration length() {
        return until == null ? Duration.ZERO : Duration.between(from, until);
    }

    /// The same with another message.
    public Outage withMessage(String other) {
        return new Outage(service, host, from, until, attempts, other);
    }

    /// A sentence for a person.
    @Override
    public String toString() {
        String attempted = attempts == 1 ? "1 attempt" : attempts + " attempts";
        return "'" + service + "': " + host + " could not be reached from " + from
                + (until == null ? " on" : " to " + until + " (" + Durations.text(length()) + ")")
                + ", " + attempted + "; the last: " + message;
    }
}
