package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Header fields: a read-only map whose names are found whatever their case, in the order they were
/// sent.
///
/// A field that was sent several times stands once: its values joined with `, ` (RFC 9110 §5.3),
/// or as a list where joining would change the meaning (`set-cookie`).
public final class Headers extends AbstractMap<String, Object> {

    private static final Headers EMPTY = new Headers(new Object[0]);
    private static final String NEVER_JOINED = "set-cookie";

    /// Name, value, name, value, …
    private final Object[] entries;

    private Headers(Object[] entries) {
        this.entries = entries;
    }

    public static Headers empty() {
        return EMPTY;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        int index = key instanceof String name ? index(name) : -1;
        return index < 0 ? null : entries[index + 1];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && index(name) >= 0;
    }

    @Override
    public int size() {
        return entries.length / 2;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return entries.length / 2;
            }

            @Override
            public Iterator<Entry<String, Object>> iterator() {
                return new Fields();
            }
        };
    }

    private int index(String name) {
        for (int i = 0; i < entries.length; i += 2) {
            if (name.equalsIgnoreCase((String) entries[i])) {
                return i;
            }
        }
        return -1;
    }

    /// Collects fields as they arrive. Not thread-safe.
    public static final class Builder {

        private final List<Object> entries = new ArrayList<>();

        private Builder() {}

        /// Adds a field; a second one of the same name joins the first.
        public Builder add(String name, String value) {
            requireNonNull(name, "name");
            requireNonNull(value, "value");
            for (int i = 0; i < entries.size(); i += 2) {
                if (name.equalsIgnoreCase((String) entries.get(i))) {
                    entries.set(i + 1, join(name, entries.get(i + 1), value));
                    return this;
                }
            }
            entries.add(name);
            entries.add(value);
            return this;
        }

        public Headers build() {
            return entries.isEmpty() ? EMPTY : new Headers(entries.toArray());
        }

        private static Object join(String name, Object earlier, String value) {
            if (!name.equalsIgnoreCase(NEVER_JOINED)) {
                return earlier + ", " + value;
            }
            List<Object> values = new ArrayList<>();
            if (earlier instanceof List<?> list) {
                values.addAll(list);
            } else {
                values.add(earlier);
            }
            values.add(value);
            return List.copyOf(values);
        }
    }

    private final class Fields implements Iterator<Entry<String, Object>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < entries.length;
        }

        @Override
        public Entry<String, Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Entry<String, Object> entry = new SimpleImmutableEntry<>((String) entries[next], entries[next + 1]);
            next += 2;
            return entry;
        }
    }
}
