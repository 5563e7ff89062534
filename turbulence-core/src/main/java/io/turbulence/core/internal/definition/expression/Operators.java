package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The nodes that combine values.
final class Operators {

    private Operators() {}

    /// `and`, `or`: both sides are conditions, the right one is looked at only where it matters.
    static final class Connective extends Node {
        private final List<Node> operands;
        private final boolean all;

        Connective(String source, List<Node> operands, boolean all) {
            super(source);
            this.operands = List.copyOf(operands);
            this.all = all;
        }

        @Override
        @Nullable
        Node wrongCondition() {
            return operands.stream()
                    .map(Node::wrongCondition)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        Object value(Evaluation evaluation) {
            return test(evaluation);
        }

        @Override
        boolean test(Evaluation evaluation) {
            for (int i = 0; i < operands.size(); i++) {
                if (operands.get(i).test(evaluation) != all) {
                    return !all;
                }
            }
            return all;
        }

        @Override
        void explain(Evaluation evaluation, List<String> parts) {
            List<String> sofar = new ArrayList<>();
            for (Node operand : operands) {
                List<String> own = new ArrayList<>();
                operand.explain(evaluation, own);
                sofar.addAll(own);
                if (operand.test(evaluation) != all) {
                    // One operand decided
                    parts.addAll(own);
                    return;
                }
            }
            parts.addAll(sofar);
        }
    }

    static final class Not extends Node {
        private final Node operand;

        Not(String source, Node operand) {
            super(source);
            this.operand = operand;
        }

        @Override
        @Nullable
        Node wrongCondition() {
            return operand.wrongCondition();
        }

        @Override
        Object value(Evaluation evaluation) {
            return !operand.test(evaluation);
        }

        @Override
        boolean test(Evaluation evaluation) {
            return !operand.test(evaluation);
        }

        @Override
        void explain(Evaluation evaluation, List<String> parts) {
            operand.explain(evaluation, parts);
        }
    }

    /// `c ? a : b`.
    static final class Conditional extends Node {
        private final Node condition;
        private final Node then;
        private final Node otherwise;

        Conditional(String source, Node condition, Node then, Node otherwise) {
            super(source);
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        @Nullable
        Node wrongCondition() {
            Node wrong = condition.wrongCondition();
            if (wrong == null) {
                wrong = then.wrongCondition();
            }
            return wrong == null ? otherwise.wrongCondition() : wrong;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            return condition.test(evaluation) ? then.value(evaluation) : otherwise.value(evaluation);
        }

        @Override
        void explain(Evaluation evaluation, List<String> parts) {
            condition.explain(evaluation, parts);
            (condition.test(evaluation) ? then : otherwise).explain(evaluation, parts);
        }
    }

    /// `a ?? b`: b where a is missing or null. `a ?: b`: also where it is false, zero or empty.
    static final class Otherwise extends Node {
        private final Node first;
        private final Node second;
        private final boolean alsoEmpty;

        Otherwise(String source, Node first, Node second, boolean alsoEmpty) {
            super(source);
            this.first = first;
            this.second = second;
            this.alsoEmpty = alsoEmpty;
        }

        @Override
        @Nullable
        Object value(Evaluation evaluation) {
            Object value = first.valueIfThere(evaluation);
            boolean lacking = value == null || (alsoEmpty && isFalsy(value));
            return lacking ? second.value(evaluation) : value;
        }

        private static boolean isFalsy(Object value) {
            return switch (value) {
                case Boolean truth -> !truth;
                case Number number -> number.doubleValue() == 0 || Numbers.isNaN(number);
                default -> isEmpty(value);
            };
        }

        @Override
        @Nullable
        Object valueIfThere(Evaluation evaluation) {
            Object value = first.valueIfThere(evaluation);
            return value == null || (alsoEmpty && isFalsy(value)) ? second.valueIfThere(evaluation) : value;
        }
    }

    /// `empty a`.
    static final class Empty extends Node {
        private final Node operand;

        Empty(String source, Node operand) {
            super(source);
            this.operand = operand;
        }

        @Override
        Object value(Evaluation evaluation) {
            return isEmpty(operand.valueIfThere(evaluation));
        }
    }

    static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case CharSequence text -> text.isEmpty();
            case Collection<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case byte[] bytes -> bytes.length == 0;
            default -> false;
        };
    }

    /// `== != < <= > >=`.
    static final class Comparison extends Node {
        private final String operator;
        private final int code;
        private final Node left;
        private final Node right;

        Comparison(String source, String operator, Node left, Node right) {
            super(source);
            this.operator = operator;
            this.code = List.of("==", "!=", "<", "<=", ">", ">=").indexOf(operator);
            this.left = left;
            this.right = right;
        }

        @Override
        Object value(Evaluation evaluation) {
            return test(evaluation);
        }

        @Override
        boolean test(Evaluation evaluation) {
            Object a = left.value(evaluation);
            Object b = right.value(evaluation);
            if (code == 0) {
                return Values.same(a, b);
            }
            if (code == 1) {
                return !Values.same(a, b);
            }
            if (a instanceof Number x && b instanceof Number y) {
                return !Numbers.isNaN(x) && !Numbers.isNaN(y) && holds(Numbers.compare(x, y));
            }
            if (a instanceof CharSequence x && b instanceof CharSequence y) {
                return holds(CharSequence.compare(x, y));
            }
            throw new EvaluationException("\"%s\" cannot order %s and %s. %s"
                    .formatted(
                            source(),
                            Values.typeName(a),
                            Values.typeName(b),
                            a instanceof CharSequence || b instanceof CharSequence
                                    ? "Convert one, for example with number(…)."
                                    : "\"%s\" takes two numbers or two texts.".formatted(operator)));
        }

        private boolean holds(int order) {
            return switch (code) {
                case 2 -> order < 0;
                case 3 -> order <= 0;
                case 4 -> order > 0;
                default -> order >= 0;
            };
        }

        @Override
        void explain(Evaluation evaluation, List<String> parts) {
            operands(evaluation, parts, left, right);
        }
    }

    private static void operands(Evaluation evaluation, List<String> parts, Node left, Node right) {
        if (!left.isConstant()) {
            left.part(evaluation, parts);
        }
        if (!right.isConstant()) {
            right.part(evaluation, parts);
        }
    }

    /// `in`, `not in`, `=~`, `!~`, `=^`, `!^`, `=$`, `!$`.
    static final class Matching extends Node {
        private final String operator;
        private final boolean negated;
        private final Node left;
        private final Node right;
        private final @Nullable Pattern pattern;

        /// @param pattern of a constant right side, compiled
        Matching(String source, String operator, Node left, Node right, @Nullable Pattern pattern) {
            super(source);
            this.negated = operator.charAt(0) == '!' || operator.equals("not in");
            this.operator = operator.equals("not in") ? "in" : operator.replace('!', '=');
            this.left = left;
            this.right = right;
            this.pattern = pattern;
        }

        @Override
        Object value(Evaluation evaluation) {
            return test(evaluation);
        }

        @Override
        boolean test(Evaluation evaluation) {
            Object a = left.value(evaluation);
            if (pattern != null) {
                return TimedText.matches(pattern, text(a), evaluation) != negated;
            }
            Object b = right.value(evaluation);
            return switch (operator) {
                        case "in" -> in(a, b);
                        case "=^" -> text(a).startsWith(text(b));
                        case "=$" -> text(a).endsWith(text(b));
                        default ->
                            b instanceof CharSequence expression
                                    ? TimedText.matches(TimedText.pattern(expression.toString()), text(a), evaluation)
                                    : in(a, b);
                    }
                    != negated;
        }

        private boolean in(@Nullable Object member, @Nullable Object container) {
            Boolean holds = Values.holds(container, member);
            if (holds != null) {
                return holds;
            }
            throw container instanceof CharSequence
                    ? new EvaluationException(
                            "\"%s\" looks for %s in a text; only a text can be part of one. Use text(…)."
                                    .formatted(source(), Values.typeName(member)))
                    : new EvaluationException("\"%s\" needs a list, map or text on its right; \"%s\" is %s."
                            .formatted(source(), right.source(), Values.typeName(container)));
        }

        private String text(@Nullable Object value) {
            return switch (value) {
                case CharSequence text -> text.toString();
                case Number number -> Numbers.text(number);
                case null -> throw notText(null);
                default -> throw notText(value);
            };
        }

        private EvaluationException notText(@Nullable Object value) {
            return new EvaluationException(
                    "\"%s\" needs texts; one side is %s.".formatted(source(), Values.typeName(value)));
        }

        @Override
        void explain(Evaluation evaluation, List<String> parts) {
            operands(evaluation, parts, left, right);
        }
    }

    /// `+ - * / % & | ^ << >> >>>`.
    static final class Calculation extends Node {
        private final String operator;
        private final char code;
        private final Node left;
        private final Node right;

        Calculation(String source, String operator, Node left, Node right) {
            super(source);
            this.operator = operator;
            this.code = operator.equals(">>>") ? 'u' : operator.charAt(0);
            this.left = left;
            this.right = right;
        }

        @Override
        String neverTruth() {
            return "the result of a calculation";
        }

        @Override
        Object value(Evaluation evaluation) {
            Object a = left.value(evaluation);
            Object b = right.value(evaluation);
            if (a instanceof Number x && b instanceof Number y) {
                return numbers(x, y);
            }
            if (code == '+') {
                return sum(evaluation, a, b);
            }
            if (a instanceof Boolean && b instanceof Boolean && (code == '&' || code == '|')) {
                throw new EvaluationException("\"%s\" combines bits of numbers. Write \"%s\"."
                        .formatted(source(), code == '&' ? "and" : "or"));
            }
            throw wrong("numbers", a, b);
        }

        private Object sum(Evaluation evaluation, @Nullable Object a, @Nullable Object b) {
            if ((a instanceof CharSequence || b instanceof CharSequence) && a != null && b != null) {
                String x = evaluation.text(a);
                String y = evaluation.text(b);
                if ((long) x.length() + y.length() > evaluation.limits().textLength()) {
                    throw evaluation.tooLong();
                }
                return x.concat(y);
            }
            if (a instanceof Collection<?> x && b instanceof Collection<?> y) {
                if ((long) x.size() + y.size() > evaluation.limits().rangeSize()) {
                    throw new EvaluationException("\"%s\" would have over %d members."
                            .formatted(source(), evaluation.limits().rangeSize()));
                }
                List<@Nullable Object> list = new ArrayList<>(x.size() + y.size());
                list.addAll(x);
                list.addAll(y);
                return Collections.unmodifiableList(list);
            }
            throw wrong("two numbers, two lists, or a text", a, b);
        }

        private EvaluationException wrong(String expected, @Nullable Object a, @Nullable Object b) {
            boolean first = b instanceof Number || (b instanceof CharSequence && code == '+') || a == null;
            Node faulty = first ? left : right;
            return new EvaluationException("\"%s\" needs %s; \"%s\" is %s."
                    .formatted(source(), expected, faulty.source(), Values.typeName(first ? a : b)));
        }

        private Object numbers(Number a, Number b) {
            return switch (code) {
                case '+' -> Numbers.add(a, b);
                case '-' -> Numbers.subtract(a, b);
                case '*' -> Numbers.multiply(a, b);
                case '/' -> notByZero(Numbers.divide(a, b));
                case '%' -> notByZero(Numbers.remainder(a, b));
                default -> bits(a, b);
            };
        }

        private Number notByZero(@Nullable Number result) {
            if (result == null) {
                throw new EvaluationException("\"%s\" divides by zero.".formatted(source()));
            }
            return result;
        }

        private Object bits(Number a, Number b) {
            boolean shift = code == '<' || code == '>' || code == 'u';
            if (!Numbers.isLong(a) || !Numbers.isLong(b) || (shift && (b.longValue() < 0 || b.longValue() > 63))) {
                throw new EvaluationException("\"%s\" needs whole numbers of 64 bits%s; they are %s and %s."
                        .formatted(source(), shift ? ", a shift from 0 to 63" : "", Numbers.text(a), Numbers.text(b)));
            }
            long x = a.longValue();
            long y = b.longValue();
            return switch (operator) {
                case "&" -> x & y;
                case "|" -> x | y;
                case "^" -> x ^ y;
                case "<<" -> x << y;
                case ">>" -> x >> y;
                default -> x >>> y;
            };
        }
    }

    /// `-a`, `+a`, `~a`.
    static final class Sign extends Node {
        private final char operator;
        private final Node operand;

        Sign(String source, char operator, Node operand) {
            super(source);
            this.operator = operator;
            this.operand = operand;
        }

        @Override
        String neverTruth() {
            return "a number";
        }

        @Override
        Object value(Evaluation evaluation) {
            Object value = operand.value(evaluation);
            if (!(value instanceof Number number) || (operator == '~' && !Numbers.isLong(value))) {
                throw new EvaluationException("\"%s\" needs a%s number; \"%s\" is %s."
                        .formatted(
                                source(), operator == '~' ? " whole" : "", operand.source(), Values.typeName(value)));
            }
            return switch (operator) {
                case '-' -> Numbers.negate(number);
                case '~' -> ~number.longValue();
                default -> number;
            };
        }

        @Override
        boolean isConstant() {
            return operand.isConstant();
        }
    }

    /// `a..b`.
    static final class RangeOf extends Node {
        private final Node first;
        private final Node last;

        RangeOf(String source, String operator, Node first, Node last) {
            super(source);
            this.first = first;
            this.last = last;
        }

        @Override
        String neverTruth() {
            return "a list";
        }

        @Override
        Object value(Evaluation evaluation) {
            long from = bound(first, evaluation);
            long to = bound(last, evaluation);
            Number size = Numbers.add(Numbers.subtract(Math.max(from, to), Math.min(from, to)), 1L);
            int most = evaluation.limits().rangeSize();
            if (Numbers.compare(size, (long) most) > 0) {
                throw new EvaluationException(
                        "\"%s\" has %s members; the most is %d.".formatted(source(), Numbers.text(size), most));
            }
            return new Range(from, to, size.intValue());
        }

        private long bound(Node node, Evaluation evaluation) {
            Object value = node.value(evaluation);
            if (value instanceof Number number && Numbers.isLong(number)) {
                return number.longValue();
            }
            throw new EvaluationException("\"%s\" needs whole numbers; \"%s\" is %s."
                    .formatted(source(), node.source(), Values.shown(value)));
        }
    }

    static final class ListOf extends Node {
        private final List<Node> members;

        ListOf(String source, List<Node> members) {
            super(source);
            this.members = List.copyOf(members);
        }

        @Override
        String neverTruth() {
            return "a list";
        }

        @Override
        Object value(Evaluation evaluation) {
            List<@Nullable Object> list = new ArrayList<>(members.size());
            for (Node member : members) {
                list.add(member.value(evaluation));
            }
            return Collections.unmodifiableList(list);
        }

        @Override
        boolean isConstant() {
            return members.stream().allMatch(Node::isConstant);
        }
    }

    static final class MapOf extends Node {
        private final Map<String, Node> entries;

        MapOf(String source, Map<String, Node> entries) {
            super(source);
            this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        String neverTruth() {
            return "a map";
        }

        @Override
        Object value(Evaluation evaluation) {
            Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(entries.size());
            entries.forEach((key, node) -> map.put(key, node.value(evaluation)));
            return Collections.unmodifiableMap(map);
        }

        @Override
        boolean isConstant() {
            return entries.values().stream().allMatch(Node::isConstant);
        }
    }

    /// A text with `{{ }}` in it.
    static final class Joined extends Node {
        private final List<Node> pieces;

        Joined(String source, List<Node> pieces) {
            super(source);
            this.pieces = List.copyOf(pieces);
        }

        @Override
        String neverTruth() {
            return "a text";
        }

        @Override
        Object value(Evaluation evaluation) {
            StringBuilder text = new StringBuilder();
            for (Node piece : pieces) {
                Object value = piece.value(evaluation);
                if (value == null) {
                    throw new EvaluationException(
                            "\"%s\" is null and cannot be part of a text. Write %s ?? 'something'."
                                    .formatted(piece.source(), piece.source()));
                }
                text.append(evaluation.text(value));
                if (text.length() > evaluation.limits().textLength()) {
                    throw evaluation.tooLong();
                }
            }
            return text.toString();
        }
    }
}
