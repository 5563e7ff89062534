package io.turbulence.kafka;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The bytes of the values that steps send each time, made with the first record. A value is known by its identity
/// and forgotten with the step that holds it. Thread-safe.
final class ConstantBytes {

    /// Shorter texts cost no more than to be looked up.
    private static final int LONG_TEXT = 256;

    private final Map<Object, Content> known = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    /// @param value never changes; left out where nothing is gained
    void add(@Nullable Object value) {
        forget();
        if (value != null && (value instanceof Map<?, ?> || value instanceof List<?> || isLongText(value))) {
            known.putIfAbsent(new Held(value, gone), new Content());
        }
    }

    /// The bytes of a value, be it a constant or not.
    ///
    /// @param encoding the same each time for the same value
    <T> byte[] of(T value, Function<T, byte[]> encoding) {
        forget();
        Content content = known.get(new Sought(value));
        if (content == null) {
            return encoding.apply(value);
        }
        byte[] made = content.bytes;
        if (made == null) {
            made = encoding.apply(value);
            content.bytes = made;
        }
        return made;
    }

    int size() {
        return known.size();
    }

    private static boolean isLongText(Object value) {
        return value instanceof String text && text.length() >= LONG_TEXT;
    }

    private void forget() {
        for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
            known.remove(each);
        }
    }

    private static final class Content {

        private volatile byte @Nullable [] bytes;
    }

    /// A key of the map.
    private static final class Held extends WeakReference<Object> {

        private final int hash;

        Held(Object value, ReferenceQueue<Object> gone) {
            super(value, gone);
            hash = System.identityHashCode(value);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            Object value = get();
            return this == other || (value != null && other instanceof Held held && held.refersTo(value));
        }
    }

    /// Finds what is held of a value.
    private record Sought(Object value) {

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Held held && held.refersTo(value);
        }
    }
}
