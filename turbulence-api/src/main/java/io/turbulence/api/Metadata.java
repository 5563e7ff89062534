package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The protocol's facts about an exchange, by name and in the order they were put.
///
/// Names are lower case with underscores (`status_code`, `rows_affected`). Values are JSON-like:
/// text, number, boolean, null, or a list or map of these, which the one who puts them must not
/// change afterwards. Reading costs no copy.
public final class Metadata {

    private static final Metadata EMPTY = new Metadata(new Object[0]);

    /// Name, value, name, value, …
    private final @Nullable Object[] entries;

    private Metadata(@Nullable Object[] entries) {
        this.entries = entries;
    }

    public static Metadata empty() {
        return EMPTY;
    }

    public static Metadata of(String name, @Nullable Object value) {
        return new Metadata(new @Nullable Object[] {requireNonNull(name, "name"), value});
    }

    public static Builder builder() {
        return new Builder();
    }

    /// A builder that starts with what stands here.
    public Builder toBuilder() {
        Builder builder = new Builder();
        for (int i = 0; i < entries.length; i += 2) {
            builder.put(name(i), entries[i + 1]);
        }
        return builder;
    }

    /// The same with one more fact, or with another value for the name.
    public Metadata with(String name, @Nullable Object value) {
        int index = index(requireNonNull(name, "name"));
        @Nullable Object[] changed = Arrays.copyOf(entries, index < 0 ? entries.length + 2 : entries.length);
        int at = index < 0 ? entries.length : index;
        changed[at] = name;
        changed[at + 1] = value;
        return new Metadata(changed);
    }

    public boolean has(String name) {
        return index(name) >= 0;
    }

    /// The value under the name; null when there is none or when it is null.
    public @Nullable Object get(String name) {
        int index = index(name);
        return index < 0 ? null : entries[index + 1];
    }

    public boolean isEmpty() {
        return entries.length == 0;
    }

    /// A read-only view as a map.
    public Map<String, @Nullable Object> asMap() {
        return new View();
    }

    private int index(String name) {
        for (int i = 0; i < entries.length; i += 2) {
            if (name.equals(entries[i])) {
                return i;
            }
        }
        return -1;
    }

    private String name(int index) {
        return (String) requireNonNull(entries[index]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Metadata metadata && asMap().equals(metadata.asMap());
    }

    @Override
    public int hashCode() {
        return asMap().hashCode();
    }

    @Override
    public String toString() {
        return asMap().toString();
    }

    /// Collects facts. Not thread-safe.
    public static final class Builder {

        private final List<@Nullable Object> entries = new ArrayList<>();

        private Builder() {}

        /// Puts a fact; a later value for the same name replaces the earlier one in its place.
        public Builder put(String name, @Nullable Object value) {
            requireNonNull(name, "name");
            for (int i = 0; i < entries.size(); i += 2) {
                if (name.equals(entries.get(i))) {
                    entries.set(i + 1, value);
                    return this;
                }
            }
            entries.add(name);
            entries.add(value);
            return this;
        }

        public Metadata build() {
            return entries.isEmpty() ? EMPTY : new Metadata(entries.toArray());
        }
    }

    private final class View extends AbstractMap<String, @Nullable Object> {

        @Override
        public @Nullable Object get(@Nullable Object key) {
            return key instanceof String name ? Metadata.this.get(name) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String name && has(name);
        }

        @Override
        public int size() {
            return entries.length / 2;
        }

        @Override
        public Set<Entry<String, @Nullable Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public int size() {
                    return entries.length / 2;
                }

                @Override
                public Iterator<Entry<String, @Nullable Object>> iterator() {
                    return new Entries();
                }
            };
        }
    }

    private final class Entries implements Iterator<Map.Entry<String, @Nullable Object>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < entries.length;
        }

        @Override
        public Map.Entry<String, @Nullable Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, @Nullable Object> entry =
                    new AbstractMap.SimpleImmutableEntry<>(name(next), entries[next + 1]);
            next += 2;
            return entry;
        }
    }
}
