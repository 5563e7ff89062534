package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// How an exchange ended. Closed for good: no third case will ever be added, so a `switch` over it
/// stays exhaustive.
public sealed interface Outcome {

    /// The peer answered by its own rules, with success or without.
    ///
    /// @param success the protocol's own verdict: an HTTP status below 400, gRPC `OK`, no SQL error
    /// @param status  the protocol's own status as people write it
    record Completed(boolean success, String status) implements Outcome {
        public Completed {
            requireNonNull(status, "status");
        }
    }

    /// There was no valid answer.
    ///
    /// @param message a full sentence for the user: what happened, with numbers
    /// @param cause   what was thrown, where something was
    record Failed(Failure failure, String message, @Nullable Throwable cause) implements Outcome {
        public Failed {
            requireNonNull(failure, "failure");
            requireNonNull(message, "message");
        }

        /// The outcome that a thrown exception stands for, by the JDK's own exception types and
        /// [FailureException]. Causes are searched from the outside in.
        public static Failed of(Throwable thrown) {
            return Failures.classify(thrown);
        }
    }

    /// Whether the peer answered with success by its protocol's own rule.
    default boolean success() {
        return this instanceof Completed completed && completed.success();
    }
}
