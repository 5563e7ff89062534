package io.turbulence.core.internal.definition.expression;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// The whole numbers from one to another, upwards or downwards, both included; nothing is stored.
final class Range extends AbstractList<@Nullable Object> implements RandomAccess {

    private final long first;
    private final int step;
    private final int size;

    Range(long first, long last, int size) {
        this.first = first;
        this.step = first <= last ? 1 : -1;
        this.size = size;
    }

    @Override
    public Object get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return first + (long) index * step;
    }

    @Override
    public int size() {
        return size;
    }

    boolean holds(Number value) {
        Number distance = Numbers.subtract(value, first);
        Number index = step < 0 ? Numbers.negate(distance) : distance;
        Number whole = Numbers.truncate(index);
        return whole != null
                && Numbers.same(whole, index)
                && Numbers.compare(whole, 0L) >= 0
                && Numbers.compare(whole, (long) size) < 0;
    }
}
