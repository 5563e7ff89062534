package io.turbulence.core.internal.definition.jsonpath;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A logical expression in a filter.
sealed interface Condition {

    boolean test(@Nullable Object current, @Nullable Object root);

    record Any(List<Condition> conditions) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).test(current, root)) {
                    return true;
                }
            }
            return false;
        }
    }

    record All(List<Condition> conditions) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            for (int i = 0; i < conditions.size(); i++) {
                if (!conditions.get(i).test(current, root)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Not(Condition condition) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            return !condition.test(current, root);
        }
    }

    record Exists(Query query) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            return query.exists(current, root);
        }
    }

    record Comparison(Value left, Operator operator, Value right) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            Object one = left.of(current, root);
            Object other = right.of(current, root);
            return switch (operator) {
                case EQUAL -> JsonValues.equal(one, other);
                case NOT_EQUAL -> !JsonValues.equal(one, other);
                case LESS -> JsonValues.less(one, other);
                case LESS_OR_EQUAL -> JsonValues.less(one, other) || JsonValues.equal(one, other);
                case GREATER -> JsonValues.less(other, one);
                case GREATER_OR_EQUAL -> JsonValues.less(other, one) || JsonValues.equal(one, other);
            };
        }
    }

    /// `match` and `search` with a pattern known from the start.
    record Matches(Value text, RegularExpression pattern, boolean whole) implements Condition {
        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            return text.of(current, root) instanceof String found
                    && (whole ? pattern.matches(found) : pattern.isFoundIn(found));
        }
    }

    /// `match` and `search` with a pattern from the document. The last pattern is kept compiled, as it is nearly always
    /// the same one; threads may race for it, which costs no more than compiling once again.
    final class MatchesComputed implements Condition {
        private final Value text;
        private final Value pattern;
        private final boolean whole;
        private @Nullable Compiled last;

        MatchesComputed(Value text, Value pattern, boolean whole) {
            this.text = text;
            this.pattern = pattern;
            this.whole = whole;
        }

        @Override
        public boolean test(@Nullable Object current, @Nullable Object root) {
            if (!(text.of(current, root) instanceof String found)
                    || !(pattern.of(current, root) instanceof String source)) {
                return false;
            }
            RegularExpression expression = compiled(source);
            return expression != null && (whole ? expression.matches(found) : expression.isFoundIn(found));
        }

        private @Nullable RegularExpression compiled(String source) {
            Compiled known = last;
            if (known == null || !known.source.equals(source)) {
                known = new Compiled(source, RegularExpression.compileIfValid(source));
                last = known;
            }
            return known.expression;
        }

        private record Compiled(String source, @Nullable RegularExpression expression) {}
    }

    enum Operator {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS_OR_EQUAL("<="),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        GREATER(">");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }
}
