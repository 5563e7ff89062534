package io.turbulence.testkit;

import io.turbulence.api.Frame;
import io.turbulence.spi.Matcher;
import java.util.function.Predicate;

/// A matcher made of a predicate, in place of what a user wrote.
public record FakeMatcher(String describe, Predicate<Frame> predicate) implements Matcher {

    /// Matches every message.
    public static FakeMatcher any() {
        return new FakeMatcher("any message", frame -> true);
    }

    /// Matches no message.
    public static FakeMatcher none() {
        return new FakeMatcher("no message", frame -> false);
    }

    public static FakeMatcher of(String describe, Predicate<Frame> predicate) {
        return new FakeMatcher(describe, predicate);
    }

    @Override
    public boolean matches(Frame frame) {
        return predicate.test(frame);
    }
}
