package io.turbulence.core.internal.check;

import java.util.OptionalDouble;

/// Where a threshold takes its figures from.
@FunctionalInterface
public interface Figures {

    /// Empty when nothing was measured. Times in milliseconds, shares from 0 to 1.
    OptionalDouble figure(Figure figure);
}
