package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/// Who holds or waits for a connection, for messages.
///
/// @param instanceId the running instance
/// @param step       the name of the step that it is at; asked when a message is made, from any thread
public record Holder(String instanceId, Supplier<String> step) {

    public Holder {
        requireNonNull(instanceId, "instanceId");
        requireNonNull(step, "step");
    }
}
