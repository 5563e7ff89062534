package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.secret.SecretNames;
import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.observation.ObservationView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One entry of `expect`, compiled: all that it says must hold together. Immutable and thread-safe.
public final class Expectation {

    /// How many names of what there is are shown where something is missing.
    private static final int MOST_NAMES = 12;

    /// One comparison of the subject, or of a latency.
    record Comparison(Operator operator, TreeTemplate expected) {}

    /// What is expected of the protocol's status: one of these.
    record Status(String key, TreeTemplate anyOf, Map<String, Object> names) {}

    private final Location location;
    private final @Nullable Status status;
    private final @Nullable Subject subject;
    private final List<Comparison> comparisons;
    private final @Nullable Expression expression;
    private final @Nullable SchemaCheck schema;
    private final @Nullable TreeTemplate body;
    private final List<Comparison> latency;
    private final boolean secret;

    Expectation(
            Location location,
            @Nullable Status status,
            @Nullable Subject subject,
            List<Comparison> comparisons,
            @Nullable Expression expression,
            @Nullable SchemaCheck schema,
            @Nullable TreeTemplate body,
            List<Comparison> latency) {
        this.location = location;
        this.status = status;
        this.subject = subject;
        this.comparisons = List.copyOf(comparisons);
        this.expression = expression;
        this.schema = schema;
        this.body = body;
        this.latency = List.copyOf(latency);
        this.secret = subject != null && SecretNames.isSecretPath(subject.text());
    }

    /// Whether it replaces the protocol's own rule of success.
    public boolean judgesStatus() {
        return status != null;
    }

    /// Adds a verdict for each thing that it says.
    ///
    /// @param observation null when there is none yet
    public void check(Scope scope, @Nullable ObservationView observation, List<Verdict> verdicts) {
        if (status != null) {
            verdicts.add(checkStatus(status, scope, observation));
        }
        Scope inner = subject == null ? scope : checkSubject(subject, scope, observation, verdicts);
        if (expression != null && inner != null) {
            verdicts.add(checkExpression(expression, inner));
        }
        if (schema != null) {
            verdicts.add(checkSchema(schema, observation, inner));
        }
        if (body != null) {
            verdicts.add(checkBody(body, scope, observation));
        }
        if (!latency.isEmpty()) {
            checkAll(
                    "latency_ms", observation == null ? null : observation.get("latency_ms"), latency, scope, verdicts);
        }
    }

    private Verdict checkStatus(Status expected, Scope scope, @Nullable ObservationView observation) {
        if (observation == null || !observation.hasMetadata(expected.key())) {
            return bad(
                    expected.key(), "", null, "%s was expected but %s".formatted(expected.key(), whyNone(observation)));
        }
        Object found = observation.metadata(expected.key());
        Object wanted;
        try {
            wanted = expected.anyOf().render(scope);
        } catch (EvaluationException e) {
            return bad(expected.key(), "", Values.show(found), message(e));
        }
        List<?> anyOf = wanted instanceof List<?> list ? list : java.util.Collections.singletonList(wanted);
        String text = anyOf.size() == 1 ? plain(anyOf.getFirst()) : "one of " + plain(anyOf);
        for (Object one : anyOf) {
            if (isStatus(found, one, expected.names())) {
                return good(expected.key(), text, plain(found));
            }
        }
        return bad(
                expected.key(),
                text,
                plain(found),
                "%s was %s but %s was expected".formatted(expected.key(), plain(found), text));
    }

    /// Each protocol has a name of its own for its status.
    private static String whyNone(@Nullable ObservationView observation) {
        if (observation == null) {
            return "there is no answer yet";
        }
        List<String> names = observation.get("metadata") instanceof Map<?, ?> metadata
                ? metadata.keySet().stream()
                        .map(String::valueOf)
                        .sorted()
                        .limit(MOST_NAMES)
                        .toList()
                : List.of();
        return "the newest answer has none"
                + (names.isEmpty() ? "" : "; its metadata has: " + String.join(", ", names));
    }

    private static boolean isStatus(@Nullable Object found, @Nullable Object wanted, Map<String, Object> names) {
        if (Values.equal(found, wanted)) {
            return true;
        }
        return wanted instanceof String name
                && (names.containsKey(name)
                        ? Values.equal(found, names.get(name))
                        : name.equals(String.valueOf(found)));
    }

    /// @return the scope in which `value` is what the subject found; null when it found nothing
    private @Nullable Scope checkSubject(
            Subject subject, Scope scope, @Nullable ObservationView observation, List<Verdict> verdicts) {
        Subject.Found found;
        try {
            found = subject.find(scope, observation);
        } catch (EvaluationException e) {
            verdicts.add(bad(subject.text(), "", null, message(e)));
            return null;
        }
        boolean wantsAbsent = comparisons.stream()
                .anyMatch(one -> one.operator() == Operator.EXISTS
                        && Boolean.FALSE.equals(one.expected().render(scope)));
        if (wantsAbsent) {
            verdicts.add(
                    found.isThere()
                            ? bad(
                                    subject.text(),
                                    "does not exist",
                                    shown(found.value()),
                                    "%s was %s but it was expected not to exist"
                                            .formatted(subject.text(), shown(found.value())))
                            : good(subject.text(), "does not exist", null));
            return null;
        }
        if (!found.isThere()) {
            String expected = comparisons.isEmpty() ? "exists" : phrase(comparisons.getFirst(), scope);
            verdicts.add(
                    bad(subject.text(), expected, null, "%s was not found%s".formatted(subject.text(), found.where())));
            return null;
        }
        if (comparisons.isEmpty() && expression == null && schema == null) {
            verdicts.add(good(subject.text(), "exists", shown(found.value())));
        }
        checkAll(subject.text(), found.value(), comparisons, scope, verdicts);
        return new ValueScope(scope, found.value());
    }

    private void checkAll(
            String name, @Nullable Object found, List<Comparison> all, Scope scope, List<Verdict> verdicts) {
        String shown = shown(found);
        for (Comparison comparison : all) {
            Operator operator = comparison.operator();
            try {
                Object expected = comparison.expected().render(scope);
                if (operator.holds(found, expected)) {
                    verdicts.add(good(name, phrase(operator, expected), shown));
                } else {
                    verdicts.add(
                            bad(name, phrase(operator, expected), shown, explain(name, found, operator, expected)));
                }
            } catch (EvaluationException e) {
                verdicts.add(bad(name, operator.key(), shown, message(e)));
            }
        }
    }

    private String explain(String name, @Nullable Object found, Operator operator, @Nullable Object expected) {
        String base = "%s was %s but expected: %s".formatted(name, shown(found), phrase(operator, expected));
        return switch (operator) {
            case EQUALS, GT, GTE, LT, LTE ->
                Values.type(found).equals(Values.type(expected))
                        ? base
                        : base + " (found %s, expected %s)".formatted(Values.type(found), Values.type(expected));
            case SIZE -> base + " (its size was " + Operator.size(found) + ")";
            case TYPE -> base + " (it is a " + Values.type(found) + ")";
            case NOT_EQUALS, IN, CONTAINS, NOT_CONTAINS, MATCHES, EXISTS -> base;
        };
    }

    private Verdict checkExpression(Expression condition, Scope scope) {
        try {
            if (condition.test(scope)) {
                return good(condition.text(), "true", "true");
            }
            String parts = secret ? "" : condition.explain(scope);
            return bad(
                    condition.text(),
                    "true",
                    "false",
                    "`%s` does not hold%s".formatted(condition.text(), parts.isEmpty() ? "" : ": " + parts));
        } catch (EvaluationException e) {
            return bad(condition.text(), "true", null, message(e));
        }
    }

    private Verdict checkSchema(SchemaCheck check, @Nullable ObservationView observation, @Nullable Scope inner) {
        Object value = inner instanceof ValueScope scope
                ? scope.subject()
                : observation == null ? null : observation.get("payload");
        String mismatch = check.mismatch(value);
        return mismatch == null
                ? good("payload", "fits the schema", null)
                : bad("payload", "fits the schema", shown(value), "the payload does not fit the schema: " + mismatch);
    }

    private Verdict checkBody(TreeTemplate shape, Scope scope, @Nullable ObservationView observation) {
        Object payload = observation == null ? null : observation.get("payload");
        try {
            Object expected = shape.render(scope);
            String mismatch = Shape.mismatch(expected, payload, "body");
            return mismatch == null
                    ? good("body", Values.show(expected), Values.show(payload))
                    : bad("body", Values.show(expected), Values.show(payload), mismatch);
        } catch (EvaluationException e) {
            return bad("body", "", Values.show(payload), message(e));
        }
    }

    private String phrase(Comparison comparison, Scope scope) {
        try {
            return phrase(comparison.operator(), comparison.expected().render(scope));
        } catch (EvaluationException e) {
            return comparison.operator().key();
        }
    }

    private String phrase(Operator operator, @Nullable Object expected) {
        return switch (operator) {
            case EXISTS, SIZE, TYPE -> operator.phrase(expected);
            case EQUALS, NOT_EQUALS, IN, CONTAINS, NOT_CONTAINS, MATCHES, GT, GTE, LT, LTE ->
                secret ? operator.words() + " " + SecretValues.MASK : operator.phrase(expected);
        };
    }

    /// What the subject found, unless nobody may read it.
    private String shown(@Nullable Object found) {
        return secret && found != null ? SecretValues.MASK : Values.show(found);
    }

    private Verdict good(String name, String expected, @Nullable String actual) {
        return new Verdict(true, name, expected, actual, "", isStatus(name), location);
    }

    private Verdict bad(String name, String expected, @Nullable String actual, String message) {
        return new Verdict(false, name, expected, actual, message, isStatus(name), location);
    }

    private boolean isStatus(String name) {
        return status != null && status.key().equals(name);
    }

    private static String message(EvaluationException e) {
        return String.valueOf(e.getMessage());
    }

    private static String plain(@Nullable Object value) {
        return value instanceof String text ? text : Values.show(value);
    }
}
