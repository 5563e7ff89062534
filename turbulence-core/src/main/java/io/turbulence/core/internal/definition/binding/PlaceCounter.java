package io.turbulence.core.internal.definition.binding;

/// Numbers the places of a step at which values are drawn, in the order in which they are compiled. For one thread.
public final class PlaceCounter {

    private int next;

    public int next() {
        return next++;
    }
}
