package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The nodes that read data: names, keys and indexes.
final class Reads {

    private Reads() {}

    static class Constant extends Node {
        private final @Nullable Object value;

        Constant(String source, @Nullable Object value) {
            super(source);
            this.value = value;
        }

        @Nullable
        Object constant() {
            return value;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return value;
        }

        @Override
        boolean isConstant() {
            return true;
        }

        @Override
        @Nullable
        String neverTruth() {
            return value instanceof Boolean ? null : Values.typeName(value);
        }
    }

    /// The value of an environment variable, a text that is `true` or `false` where a condition is meant.
    static final class Variable extends Constant {

        Variable(String source, String value) {
            super(source, value);
        }

        @Override
        boolean test(Evaluation evaluation) {
            return switch (String.valueOf(constant())) {
                case "true" -> true;
                case "false" -> false;
                default -> throw notBoolean(constant());
            };
        }

        @Override
        @Nullable
        String neverTruth() {
            return "true".equals(constant()) || "false".equals(constant()) ? null : super.neverTruth();
        }
    }

    /// The member of a list that a condition looks at, `it`.
    static final class Element extends Node {
        Element() {
            super("it");
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return evaluation.element();
        }
    }

    static final class Name extends Node {
        private final String name;
        private final @Nullable String hint;

        Name(String name, @Nullable String hint) {
            super(name);
            this.name = name;
            this.hint = hint;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            Scope scope = evaluation.scope();
            if (!scope.has(name)) {
                throw undefined(scope);
            }
            return scope.value(name);
        }

        @Override
        @Nullable
        Object valueIfThere(Evaluation evaluation) {
            Scope scope = evaluation.scope();
            return scope.has(name) ? scope.value(name) : null;
        }

        private EvaluationException undefined(Scope scope) {
            String advice = hint != null ? " " + hint : near(name, scope.names());
            return new EvaluationException("\"%s\" is not defined.%s".formatted(name, advice));
        }
    }

    /// `target.key`, `target?.key`, `target['key']`.
    static final class Member extends Node {
        private final Node target;
        private final String key;
        private final boolean safe;
        private final @Nullable String hint;

        Member(String source, Node target, String key, boolean safe, @Nullable String hint) {
            super(source);
            this.target = target;
            this.key = key;
            this.safe = safe;
            this.hint = hint;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return read(target.value(evaluation), safe);
        }

        @Override
        @Nullable
        Object valueIfThere(Evaluation evaluation) {
            return read(target.valueIfThere(evaluation), true);
        }

        private @Nullable Object read(@Nullable Object container, boolean mayMiss) {
            if (container instanceof Map<?, ?> map) {
                Object value = map.get(key);
                if (value == null && !mayMiss && !map.containsKey(key)) {
                    throw missing(map);
                }
                return value;
            }
            if (container == null) {
                if (mayMiss) {
                    return null;
                }
                throw new EvaluationException("\"%s\" is null and has no key \"%s\". Write ?. where it may be null."
                        .formatted(target.source(), key));
            }
            if (container instanceof List<?> list && isIndex()) {
                return Index.read(this, target, list, Long.valueOf(key), mayMiss);
            }
            throw notAMap(container);
        }

        private boolean isIndex() {
            return key.length() < 10 && key.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        private EvaluationException missing(Map<?, ?> map) {
            String advice = hint != null ? " " + hint : near(key, keys(map));
            if (advice.isEmpty()) {
                advice = " Use has(%s, '%s') or ?. where it may be missing.".formatted(target.source(), key);
            }
            return new EvaluationException(
                    "\"%s\" has no key \"%s\"; %s.%s".formatted(target.source(), key, known(map), advice));
        }

        private EvaluationException notAMap(Object container) {
            boolean sized = !(container instanceof Number) && !(container instanceof Boolean);
            String advice = sized && (key.equals("length") || key.equals("size") || key.equals("count"))
                    ? " Write %s.size().".formatted(target.source())
                    : container instanceof List<?>
                            ? " Write %s[0] for its first member.".formatted(target.source())
                            : "";
            return new EvaluationException("\"%s\" is %s and has no key \"%s\".%s"
                    .formatted(target.source(), Values.typeName(container), key, advice));
        }
    }

    /// `target[index]`.
    static final class Index extends Node {
        private final Node target;
        private final Node index;
        private final boolean safe;

        Index(String source, Node target, Node index, boolean safe) {
            super(source);
            this.target = target;
            this.index = index;
            this.safe = safe;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return read(target.value(evaluation), index.value(evaluation), safe);
        }

        @Override
        @Nullable
        Object valueIfThere(Evaluation evaluation) {
            Object container = target.valueIfThere(evaluation);
            return container == null ? null : read(container, index.value(evaluation), true);
        }

        private @Nullable Object read(@Nullable Object container, @Nullable Object key, boolean mayMiss) {
            if (container instanceof List<?> list && key instanceof Number number) {
                return read(this, target, list, number, mayMiss);
            }
            if (container instanceof Map<?, ?> map) {
                Object wanted = Values.key(key);
                Object value = wanted == null ? null : map.get(wanted);
                if (value == null && !mayMiss && (wanted == null || !map.containsKey(wanted))) {
                    throw new EvaluationException("\"%s\" has no key \"%s\"; %s.%s"
                            .formatted(
                                    target.source(),
                                    Node.shortened(String.valueOf(wanted)),
                                    known(map),
                                    near(String.valueOf(wanted), keys(map))));
                }
                return value;
            }
            if (container == null) {
                if (mayMiss) {
                    return null;
                }
                throw new EvaluationException("\"%s\" is null and has no member %s. Write ?[ where it may be null."
                        .formatted(target.source(), Values.shown(key)));
            }
            if (container instanceof String text && key instanceof Number number) {
                return character(text, number, mayMiss);
            }
            throw new EvaluationException("\"%s\" is %s and has no member %s."
                    .formatted(target.source(), Values.typeName(container), Values.shown(key)));
        }

        private @Nullable Object character(String text, Number index, boolean mayMiss) {
            long at = Numbers.isLong(index) ? index.longValue() : text.length();
            long position = at < 0 ? text.length() + at : at;
            if (position >= 0 && position < text.length()) {
                return text.substring((int) position, (int) position + 1);
            }
            if (mayMiss) {
                return null;
            }
            throw new EvaluationException("\"%s\" has %d characters; there is none at index %s."
                    .formatted(target.source(), text.length(), Numbers.text(index)));
        }

        static @Nullable Object read(Node node, Node target, List<?> list, Number index, boolean mayMiss) {
            int position = Values.index(list, index);
            if (position >= 0) {
                return list.get(position);
            }
            if (mayMiss) {
                return null;
            }
            throw new EvaluationException(
                    "\"%s\" has %d %s; there is none at index %s. Use has(%s, %s) where it may be missing."
                            .formatted(
                                    target.source(),
                                    list.size(),
                                    list.size() == 1 ? "member" : "members",
                                    Numbers.text(index),
                                    target.source(),
                                    Numbers.text(index)));
        }
    }

    static List<String> keys(Map<?, ?> map) {
        List<String> keys = new ArrayList<>();
        for (Object key : map.keySet()) {
            if (keys.size() == 100) {
                break;
            }
            keys.add(String.valueOf(key));
        }
        return keys;
    }

    private static String known(Map<?, ?> map) {
        if (map.isEmpty()) {
            return "it is empty";
        }
        StringBuilder known = new StringBuilder("it has ");
        int shown = 0;
        for (String key : keys(map)) {
            if (shown == 8) {
                known.append(" and ").append(map.size() - shown).append(" more");
                break;
            }
            known.append(shown++ == 0 ? "" : ", ")
                    .append('"')
                    .append(Node.shortened(key))
                    .append('"');
        }
        return known.toString();
    }

    static String near(String name, Collection<String> names) {
        String nearest = NearNames.nearest(name, names);
        return nearest == null ? "" : " Did you mean \"%s\"?".formatted(nearest);
    }
}
