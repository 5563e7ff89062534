package io.turbulence.spi;

import io.turbulence.api.Frame;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the user wrote in a setting such as `match`, `until` or a conversation's `expect`: compiled
/// by the host, rendered for the step, called by the plugin. Made by the host only.
public interface Matcher extends Predicate<Frame> {

    /// Whether the message matches. What cannot be evaluated on it does not match.
    boolean matches(Frame frame);

    /// The same, where a bound is asked for.
    @Override
    default boolean test(Frame frame) {
        return matches(frame);
    }

    /// What the user wrote, with values rendered: for messages.
    String describe();

    /// When the match is the equality of one part of the message with one value: that part and that value,
    /// so that a waiter can be found by looking it up.
    default Optional<Key> key() {
        return Optional.empty();
    }

    /// Why it does not match, with what was found; empty when it does.
    default String explain(Frame frame) {
        return matches(frame) ? "" : describe() + " does not hold";
    }

    /// One part of a message and the value it must have.
    ///
    /// @param selector takes the part out
    /// @param value    what it must equal; compared as [Selector#select] answers it
    record Key(Selector selector, Object value) {}

    /// Takes one part out of a message. Two selectors for the same part are equal, so that a hub keeps one
    /// index for both.
    interface Selector {

        /// The part in a form fit for a map's key; null when the message has none.
        @Nullable
        Object select(Frame frame);
    }
}
