package io.turbulence.http;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What can be said about a GraphQL step when it is loaded, without the server's schema.
final class GraphqlChecks {

    private static final String DOCUMENT = "a GraphQL document";

    private final Preparation<GraphqlRequest> step;
    private final Problems problems;
    private final String key;

    /// @param key the setting that the document stands in: `query` or `file`
    GraphqlChecks(Preparation<GraphqlRequest> step, String key) {
        this.step = step;
        this.problems = step.problems();
        this.key = key;
    }

    void check(String text) {
        GraphqlDocument document;
        try {
            document = GraphqlDocument.parse(text);
        } catch (GraphqlSyntaxException e) {
            problems.error(key, String.valueOf(e.getMessage()), DOCUMENT, null);
            return;
        }
        GraphqlDocument.Operation meant = meant(document);
        for (GraphqlDocument.Operation operation : document.operations()) {
            GraphqlDocument.Uses reach = document.reach(operation);
            checkFragments(document, reach);
            checkVariables(operation, reach);
        }
        if (meant != null) {
            checkGiven(meant);
        }
    }

    /// The operation that is asked for; null when that is told as a problem or not known yet.
    private GraphqlDocument.@Nullable Operation meant(GraphqlDocument document) {
        List<GraphqlDocument.Operation> operations = document.operations();
        if (operations.isEmpty()) {
            problems.error(key, "fragments alone", "an operation", null);
            return null;
        }
        String names = operations.stream()
                .map(operation -> "'" + operation.name() + "'")
                .collect(Collectors.joining(", ", "one of ", ""));
        if (!step.has("operation_name")) {
            if (operations.size() > 1) {
                problems.error(
                        key,
                        operations.size() + " operations",
                        "one, or which of them is meant",
                        "Set 'operation_name'.");
                return null;
            }
            return operations.getFirst();
        }
        String name = step.constant("operation_name", String.class).orElse(null);
        if (name == null) {
            return null;
        }
        for (GraphqlDocument.Operation operation : operations) {
            if (name.equals(operation.name())) {
                return operation;
            }
        }
        problems.error("operation_name", "unknown operation '" + name + "'", names, null);
        return null;
    }

    private void checkFragments(GraphqlDocument document, GraphqlDocument.Uses reach) {
        reach.fragments().forEach((name, place) -> {
            if (!document.fragments().containsKey(name)) {
                problems.error(key, place + ": unknown fragment '" + name + "'", "a fragment of the document", null);
            }
        });
    }

    private void checkVariables(GraphqlDocument.Operation operation, GraphqlDocument.Uses reach) {
        String of = operation.name() == null ? "the operation" : "'" + operation.name() + "'";
        reach.variables().forEach((name, place) -> {
            if (!operation.variables().containsKey(name)) {
                problems.error(key, place + ": unknown variable '$" + name + "'", "a variable of " + of, null);
            }
        });
        operation.variables().keySet().forEach(name -> {
            if (!reach.variables().containsKey(name)) {
                problems.warning(key, "variable '$" + name + "' of " + of + " is not used", "most servers refuse that");
            }
        });
    }

    private void checkGiven(GraphqlDocument.Operation operation) {
        Object sketch = step.sketch("variables").orElse(Map.of());
        if (!(sketch instanceof Map<?, ?> given)) {
            return;
        }
        operation.variables().forEach((name, required) -> {
            if (required && !given.containsKey(name)) {
                problems.error(
                        "variables", "'" + name + "' is missing", "a value, as '$" + name + "' must not be null", null);
            }
        });
        given.keySet().forEach(name -> {
            if (!operation.variables().containsKey(String.valueOf(name))) {
                problems.warning("variables", "'" + name + "' is no variable of the operation", null);
            }
        });
    }
}
