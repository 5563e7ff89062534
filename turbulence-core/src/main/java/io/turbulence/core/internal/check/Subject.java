package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.ObservationView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an expectation or an extraction looks at. Immutable and thread-safe.
sealed interface Subject {

    /// As it stands in the file: `$.status`.
    String text();

    /// @throws EvaluationException when it cannot be looked at
    Found find(Scope scope, @Nullable ObservationView observation);

    /// What was found.
    ///
    /// @param where what was searched, for the message when it is not there
    record Found(boolean isThere, @Nullable Object value, String where) {

        static Found of(@Nullable Object value) {
            return new Found(true, value, "");
        }

        static Found nothing(String where) {
            return new Found(false, null, where);
        }
    }

    /// Nodes of the payload.
    record Path(JsonPath path) implements Subject {

        @Override
        public String text() {
            return path.text();
        }

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            if (observation == null) {
                return Found.nothing(": there is no answer yet");
            }
            Content content = observation.exchange().content();
            Found found = find(path, content.tree());
            return !found.isThere() && content.isBrokenJson()
                    ? Found.nothing(found.where() + ", which is no valid JSON although its media type says so")
                    : found;
        }

        /// A singular query finds its node, others the list of theirs.
        static Found find(JsonPath path, @Nullable Object tree) {
            List<@Nullable Object> nodes = path.select(tree);
            if (nodes.isEmpty()) {
                return Found.nothing(" in " + (tree == null ? "an empty payload" : Values.show(tree)));
            }
            return Found.of(path.isSingular() ? nodes.getFirst() : nodes);
        }
    }

    /// A value among the instance's names.
    record Context(String text, Expression expression) implements Subject {

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            try {
                return Found.of(expression.evaluate(scope));
            } catch (EvaluationException e) {
                return Found.nothing(": " + e.getMessage());
            }
        }
    }

    /// A fact of the protocol, by a dotted path: `headers.x-token`.
    record Fact(String text, List<String> path) implements Subject {

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            if (observation == null) {
                return Found.nothing(": there is no answer yet");
            }
            Object value = observation.exchange().metadata().asMap();
            for (String name : path) {
                if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
                    return Found.nothing(" in the metadata, which has "
                            + observation.exchange().metadata().asMap().keySet());
                }
                value = map.get(name);
            }
            return Found.of(value);
        }
    }

    /// A header, whatever its case.
    record Header(String name) implements Subject {

        @Override
        public String text() {
            return "header " + name;
        }

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            if (observation == null) {
                return Found.nothing(": there is no answer yet");
            }
            Object value = observation.header(name);
            return value == null ? Found.nothing(" among the headers of the answer") : Found.of(value);
        }
    }

    /// Any expression.
    record Computed(Expression expression) implements Subject {

        @Override
        public String text() {
            return expression.text();
        }

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            return Found.of(expression.evaluate(scope));
        }
    }

    /// The first match in the payload's text.
    record Regex(java.util.regex.Pattern pattern) implements Subject {

        @Override
        public String text() {
            return "regex " + pattern;
        }

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            if (observation == null) {
                return Found.nothing(": there is no answer yet");
            }
            String text = observation.exchange().content().text();
            String match = GuardedRegex.first(pattern, text);
            return match == null ? Found.nothing(" in " + Values.show(text)) : Found.of(match);
        }
    }

    /// A node of an XML payload.
    record Xml(XPathQuery query) implements Subject {

        @Override
        public String text() {
            return query.text();
        }

        @Override
        public Found find(Scope scope, @Nullable ObservationView observation) {
            if (observation == null) {
                return Found.nothing(": there is no answer yet");
            }
            String text = observation.exchange().content().text();
            Object value = query.find(text);
            return value == null ? Found.nothing(" in " + Values.show(text)) : Found.of(value);
        }
    }
}
