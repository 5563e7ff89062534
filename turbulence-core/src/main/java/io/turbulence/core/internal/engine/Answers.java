package io.turbulence.core.internal.engine;

import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ShownText;

/// What a peer answered without success, in words.
///
/// Two facts of an answer are for people: `message`, what the peer said with its status, and `hint`, what
/// the plugin knows of why an expectation may never hold.
final class Answers {

    private static final int MOST_SHOWN = 500;

    private Answers() {}

    static String text(Outcome.Completed completed, Metadata metadata) {
        return "the answer was " + completed.status() + message(metadata);
    }

    /// What the peer said, to be put after another sentence; empty when it said nothing.
    static String message(Metadata metadata) {
        return metadata.get("message") instanceof String message && !message.isBlank() ? ": " + shortened(message) : "";
    }

    /// To be put after another sentence; empty when there is none.
    static String hint(Metadata metadata) {
        return metadata.get("hint") instanceof String hint && !hint.isBlank() ? "; " + shortened(hint) : "";
    }

    private static String shortened(String text) {
        return ShownText.shortened(text, MOST_SHOWN);
    }
}
