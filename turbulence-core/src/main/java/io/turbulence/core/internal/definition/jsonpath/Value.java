package io.turbulence.core.internal.definition.jsonpath;

import org.jspecify.annotations.Nullable;

/// An expression in a filter that gives a value, or [Nothing#NOTHING].
sealed interface Value {

    @Nullable
    Object of(@Nullable Object current, @Nullable Object root);

    record Literal(@Nullable Object value) implements Value {
        @Override
        public @Nullable Object of(@Nullable Object current, @Nullable Object root) {
            return value;
        }
    }

    record Single(Query query) implements Value {
        @Override
        public @Nullable Object of(@Nullable Object current, @Nullable Object root) {
            return query.single(current, root);
        }
    }

    record LengthOf(Value value) implements Value {
        @Override
        public @Nullable Object of(@Nullable Object current, @Nullable Object root) {
            return JsonValues.length(value.of(current, root));
        }
    }

    record CountOf(Query query) implements Value {
        @Override
        public Object of(@Nullable Object current, @Nullable Object root) {
            return query.count(current, root);
        }
    }

    record ValueOf(Query query) implements Value {
        @Override
        public @Nullable Object of(@Nullable Object current, @Nullable Object root) {
            return query.only(current, root);
        }
    }
}
