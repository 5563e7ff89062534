package io.turbulence.core.internal.definition.jsonpath;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One segment of a query, ready to be applied.
sealed interface Segment {

    /// A segment that leads from one node to at most one.
    sealed interface Step extends Segment {

        /// The node, or [Nothing#NOTHING].
        @Nullable
        Object from(@Nullable Object node);
    }

    record Children(List<Selector> selectors) implements Segment {}

    record Descendants(List<Selector> selectors) implements Segment {}

    record Length() implements Step {
        @Override
        public @Nullable Object from(@Nullable Object node) {
            return JsonValues.length(node);
        }
    }

    /// What stands in a bracket.
    sealed interface Selector {}

    record Name(String name) implements Selector, Step {
        @Override
        public @Nullable Object from(@Nullable Object node) {
            if (!(node instanceof Map<?, ?> members)) {
                return Nothing.NOTHING;
            }
            Object member = members.get(name);
            return member != null || members.containsKey(name) ? member : Nothing.NOTHING;
        }
    }

    record Index(long index) implements Selector, Step {
        @Override
        public @Nullable Object from(@Nullable Object node) {
            if (!(node instanceof List<?> elements)) {
                return Nothing.NOTHING;
            }
            int size = elements.size();
            long at = index < 0 ? size + index : index;
            return at < 0 || at >= size ? Nothing.NOTHING : elements.get((int) at);
        }
    }

    /// A slice; what was left out is null.
    record Slice(@Nullable Long start, @Nullable Long end, long step) implements Selector {

        /// The first index for a list of this size, when the step is positive its smallest.
        long first(int size) {
            return step > 0 ? bound(start, 0, 0, size, size) : bound(start, size - 1L, -1, size - 1L, size);
        }

        /// Where to stop: this index is no longer taken.
        long stop(int size) {
            return step > 0 ? bound(end, size, 0, size, size) : bound(end, -1, -1, size - 1L, size);
        }

        private static long bound(@Nullable Long given, long otherwise, long least, long most, int size) {
            if (given == null) {
                return otherwise;
            }
            return Math.clamp(given < 0 ? size + given : given, least, most);
        }
    }

    record Wildcard() implements Selector {}

    record Filter(Condition condition) implements Selector {}
}
