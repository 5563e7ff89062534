package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.problem.Problems;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds expectations that can never hold: by themselves, or beside others of the same subject that are checked
/// together with them. Only what is constant is looked at. For one thread.
final class Contradictions {

    private final Problems problems;
    private final List<Rule> rules = new ArrayList<>();

    /// What is said of a subject.
    ///
    /// @param key as it stands in the file
    private record Rule(
            String subject,
            Operator operator,
            String key,
            @Nullable Object expected,
            Location location,
            String path) {

        String text() {
            return key + ": " + Values.show(expected);
        }
    }

    Contradictions(Problems problems) {
        this.problems = problems;
    }

    /// Notes a comparison, and reports it when it can never hold or contradicts an earlier one.
    ///
    /// @param location of what is expected
    void add(String subject, Operator operator, @Nullable Object expected, Location location, String path) {
        add(new Rule(subject, operator, operator.key(), expected, location, path));
    }

    /// Notes the statuses of which one is expected.
    void addStatus(String key, List<?> anyOf, Location location, String path) {
        add(
                anyOf.size() == 1
                        ? new Rule(key, Operator.EQUALS, key, anyOf.getFirst(), location, path)
                        : new Rule(key, Operator.IN, key, anyOf, location, path));
    }

    private void add(Rule rule) {
        if (isPossible(rule)) {
            rules.stream()
                    .filter(earlier -> earlier.subject().equals(rule.subject()))
                    .filter(earlier -> contradict(earlier, rule))
                    .findFirst()
                    .ifPresent(earlier -> problems.error(
                            Codes.CONFLICT,
                            rule.location(),
                            rule.path(),
                            "'%s' beside '%s'%s, which cannot both hold"
                                    .formatted(
                                            rule.text(),
                                            earlier.text(),
                                            rule.key().equals(rule.subject()) ? "" : " of " + rule.subject()),
                            "only one of them",
                            null));
            rules.add(rule);
        }
    }

    private boolean isPossible(Rule rule) {
        Object expected = rule.expected();
        return switch (rule.operator()) {
            case SIZE ->
                (expected instanceof Integer size && size >= 0)
                        || impossible(rule, Codes.VALUE, "a whole number from 0");
            case EXISTS -> expected instanceof Boolean || impossible(rule, Codes.TYPE, "true or false");
            case GT, GTE, LT, LTE ->
                expected instanceof Number
                        || expected instanceof String
                        || impossible(rule, Codes.TYPE, "a number, or a text");
            case TYPE -> {
                String name = String.valueOf(expected);
                if (Operator.TYPE_NAMES.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    yield true;
                }
                problems.error(
                        Codes.VALUE,
                        rule.location(),
                        rule.path(),
                        "'" + name + "', which is no type",
                        "one of " + String.join(", ", Operator.TYPE_NAMES),
                        Nearest.hint(name, Operator.TYPE_NAMES).orElse(null));
                yield false;
            }
            case IN ->
                !(expected instanceof List<?> list && list.isEmpty())
                        || impossible(rule, Codes.VALUE, "at least one value");
            case EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, MATCHES -> true;
        };
    }

    private boolean impossible(Rule rule, String code, String expected) {
        problems.error(code, rule.location(), rule.path(), "'" + rule.text() + "', which never holds", expected, null);
        return false;
    }

    private static boolean contradict(Rule a, Rule b) {
        try {
            return absent(a, b)
                    || absent(b, a)
                    || valuesExclude(a, b)
                    || valuesExclude(b, a)
                    || boundsExclude(a, b)
                    || boundsExclude(b, a)
                    || partsExclude(a, b)
                    || partsExclude(b, a);
        } catch (EvaluationException e) {
            // A regular expression that takes too long says nothing here
            return false;
        }
    }

    private static boolean absent(Rule a, Rule b) {
        return a.operator() == Operator.EXISTS
                && Boolean.FALSE.equals(a.expected())
                && !(b.operator() == Operator.EXISTS && Boolean.FALSE.equals(b.expected()));
    }

    /// Whether none of the values that one allows is right for the other.
    private static boolean valuesExclude(Rule a, Rule b) {
        return switch (a.operator()) {
            case EQUALS -> !b.operator().holds(a.expected(), b.expected());
            case IN ->
                a.expected() instanceof List<?> values
                        && values.stream().noneMatch(value -> b.operator().holds(value, b.expected()));
            case NOT_EQUALS, CONTAINS, NOT_CONTAINS, MATCHES, EXISTS, GT, GTE, LT, LTE, SIZE, TYPE -> false;
        };
    }

    private static boolean boundsExclude(Rule lower, Rule upper) {
        boolean bounds = (lower.operator() == Operator.GT || lower.operator() == Operator.GTE)
                && (upper.operator() == Operator.LT || upper.operator() == Operator.LTE);
        if (!bounds) {
            return false;
        }
        // A value between them exists when each bound lies on the right side of the other
        boolean closed = lower.operator() == Operator.GTE && upper.operator() == Operator.LTE;
        Operator below = closed ? Operator.LTE : Operator.LT;
        return !below.holds(lower.expected(), upper.expected());
    }

    private static boolean partsExclude(Rule a, Rule b) {
        boolean opposite = (a.operator() == Operator.CONTAINS && b.operator() == Operator.NOT_CONTAINS)
                || (a.operator() == Operator.SIZE && b.operator() == Operator.SIZE);
        return opposite && (a.operator() == Operator.SIZE) != Values.equal(a.expected(), b.expected());
    }
}
