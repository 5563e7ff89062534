package io.turbulence.core.internal.definition.expression;

import java.time.Duration;

/// What an expression may use.
///
/// @param length of its text, in characters
/// @param depth of nested brackets
/// @param time for the regular expressions, ranges and element conditions of one evaluation, together
/// @param rangeSize most members of a range
/// @param textLength most characters of a text that an evaluation makes
public record Limits(int length, int depth, Duration time, int rangeSize, int textLength) {

    public static final Limits DEFAULT = new Limits(4_000, 40, Duration.ofMillis(250), 1_000_000, 64 * 1024 * 1024);
}
