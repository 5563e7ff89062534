package io.turbulence.api;

import static java.util.Objects.requireNonNull;

/// One message of a stream or a subscription.
///
/// @param metadata the message's own facts: headers, key, partition, event name
/// @param payload  never a [Payload.Stream]
public record Frame(Metadata metadata, Payload payload) {

    public Frame {
        requireNonNull(metadata, "metadata");
        requireNonNull(payload, "payload");
        if (payload instanceof Payload.Stream) {
            throw new IllegalArgumentException("the payload of a frame was a stream but it must be one message");
        }
    }

    public static Frame of(Payload payload) {
        return new Frame(Metadata.empty(), payload);
    }

    public static Frame of(Metadata metadata, Payload payload) {
        return new Frame(metadata, payload);
    }
}
