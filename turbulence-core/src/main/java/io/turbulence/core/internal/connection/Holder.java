package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/// Who holds or waits for a connection, for messages.
///
/// @param who names it; asked when a message is made, from any thread
/// @param how how to find out where it took the connection, a sentence
/// @param measured whether what it asks for counts, as that of a warm-up does not
public record Holder(Supplier<String> who, String how, boolean measured) {

    public Holder {
        requireNonNull(who, "who");
        requireNonNull(how, "how");
    }

    /// A step of a running instance that counts.
    ///
    /// @param step its name; asked when a message is made, from any thread
    public Holder(String instanceId, Supplier<String> step) {
        this(instanceId, step, true);
    }

    /// A step of a running instance.
    ///
    /// @param step its name; asked when a message is made, from any thread
    public Holder(String instanceId, Supplier<String> step, boolean measured) {
        this(
                () -> "instance '" + instanceId + "' in step '" + step.get() + "'",
                "Run with --trace-leases to see who took it.",
                measured);
    }

    /// A thread of a program that uses connections without scenarios.
    public static Holder ofCurrentThread() {
        Thread thread = Thread.currentThread();
        return new Holder(
                () -> "thread '" + (thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName()) + "'",
                "Build the registry with traceLeases(true) to see who took it.",
                true);
    }
}
