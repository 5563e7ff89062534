package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// What one exchange with a peer came to, told the same way for every protocol.
///
/// An action returns one for everything that the peer does, a closed port included; it throws only
/// for what is our fault. Times are not part of it: the host measures them.
///
/// @param transport which kind of exchange it was
/// @param outcome   whether the peer answered, and how
/// @param metadata  the protocol's facts, such as a status code, headers, a topic or a row count
/// @param payload   what the peer sent
public record Observation(Transport transport, Outcome outcome, Metadata metadata, Payload payload) {

    public Observation {
        requireNonNull(transport, "transport");
        requireNonNull(outcome, "outcome");
        requireNonNull(metadata, "metadata");
        requireNonNull(payload, "payload");
    }

    /// The peer answered by its own rules.
    ///
    /// @param success the protocol's own verdict
    /// @param status  the protocol's own status as people write it: `200`, `NOT_FOUND`, `23505`
    public static Observation answered(
            Transport transport, boolean success, String status, Metadata metadata, Payload payload) {
        return new Observation(transport, new Outcome.Completed(success, status), metadata, payload);
    }

    /// There was no valid answer.
    public static Observation failed(Transport transport, Failure failure, String message, @Nullable Throwable cause) {
        return failed(transport, new Outcome.Failed(failure, message, cause));
    }

    /// There was no valid answer.
    public static Observation failed(Transport transport, Outcome.Failed outcome) {
        return new Observation(transport, outcome, Metadata.empty(), Payload.empty());
    }

    /// The same observation with other metadata.
    public Observation withMetadata(Metadata other) {
        return new Observation(transport, outcome, other, payload);
    }

    /// The same observation with another payload.
    public Observation withPayload(Payload other) {
        return new Observation(transport, outcome, metadata, other);
    }
}
