package io.turbulence.core.internal.definition.binding;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A read-only map whose keys are shared with all maps of its kind, so that making one is making one array.
final class FixedKeysMap extends AbstractMap<String, @Nullable Object> {

    private final Keys keys;
    private final @Nullable Object[] values;

    FixedKeysMap(Keys keys, @Nullable Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        Integer index = keys.index.get(key);
        return index == null ? null : values[index];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return keys.index.containsKey(key);
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<Entry<String, @Nullable Object>> iterator() {
                return new Entries();
            }
        };
    }

    /// The keys, in order.
    static final class Keys {

        private final List<String> names;
        private final Map<String, Integer> index = new HashMap<>();

        Keys(List<String> names) {
            this.names = List.copyOf(names);
            for (int i = 0; i < names.size(); i++) {
                index.put(names.get(i), i);
            }
        }
    }

    private final class Entries implements Iterator<Entry<String, @Nullable Object>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public Entry<String, @Nullable Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int at = next++;
            return new SimpleImmutableEntry<>(keys.names.get(at), values[at]);
        }
    }
}
