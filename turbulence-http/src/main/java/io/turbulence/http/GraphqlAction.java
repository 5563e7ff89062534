package io.turbulence.http;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// GraphQL over HTTP: one POST; an answer that holds errors is no success.
final class GraphqlAction implements ProtocolAction<GraphqlRequest, HttpConnection> {

    private static final Transport TRANSPORT = Transport.of("graphql");
    private static final String ACCEPTED = "application/graphql-response+json, application/json";

    private final HttpConnections connections;
    /// Documents by their files, read when the step was loaded.
    private final Map<Path, String> documents = new ConcurrentHashMap<>();

    GraphqlAction(HttpConnections connections) {
        this.connections = connections;
    }

    @Override
    public String type() {
        return "graphql";
    }

    @Override
    public Class<GraphqlRequest> settings() {
        return GraphqlRequest.class;
    }

    @Override
    public ConnectionFactory<?, HttpConnection> connection() {
        return connections;
    }

    @Override
    public Endpoint endpoint(GraphqlRequest settings, Endpoint ofService) {
        return HttpAction.endpoint(settings.path(), ofService);
    }

    @Override
    public void prepare(Preparation<GraphqlRequest> step) {
        RequestChecks.checkHeaders(step);
        step.constant("file", Path.class).ifPresent(file -> {
            try {
                new GraphqlChecks(step, "file").check(document(file));
            } catch (FailureException e) {
                step.problems().error("file", "'" + file + "' cannot be read", "a file with a GraphQL document", null);
            }
        });
        step.constant("query", String.class).ifPresent(new GraphqlChecks(step, "query")::check);
    }

    @Override
    public Observation execute(GraphqlRequest settings, HttpConnection connection, ActionContext context)
            throws Exception {
        try {
            HttpRequest request = request(settings);
            Call call = call(request, connection, context);
            Answer answer = Account.exchange(connection, call, context);
            if (answer.status() == 401 && Authorization.isRenewed(call, settings.auth(), context)) {
                call = call(request, connection, context);
                answer = Account.exchange(connection, call, context);
                if (answer.status() == 401) {
                    Authorization.refusedAgain(call, settings.auth(), context);
                }
            }
            return observation(answer, context);
        } catch (FailureException e) {
            return Observation.failed(TRANSPORT, Outcome.Failed.of(e));
        }
    }

    private Call call(HttpRequest request, HttpConnection connection, ActionContext context) throws Exception {
        Call call = Calls.of(request, connection.site(), context);
        Authorization.add(call, request.auth(), connections, connection, context);
        return call;
    }

    private HttpRequest request(GraphqlRequest settings) {
        Path file = settings.file();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("query", file == null ? settings.query() : document(file));
        if (!settings.variables().isEmpty()) {
            body.put("variables", settings.variables());
        }
        if (settings.operationName() != null) {
            body.put("operationName", settings.operationName());
        }
        return new HttpRequest(
                "POST",
                settings.path(),
                Map.of(),
                accepting(settings.headers()),
                body,
                null,
                null,
                null,
                false,
                1,
                settings.maxBody(),
                settings.auth(),
                settings.propagate());
    }

    private static Map<String, @Nullable Object> accepting(Map<String, @Nullable Object> given) {
        if (given.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("accept"))) {
            return given;
        }
        Map<String, @Nullable Object> headers = new LinkedHashMap<>(given);
        headers.put("Accept", ACCEPTED);
        return headers;
    }

    private String document(Path file) {
        return documents.computeIfAbsent(file, path -> {
            try {
                return Files.readString(path);
            } catch (IOException e) {
                throw new FailureException(Failure.PROTOCOL, "file '" + path + "' cannot be read", e);
            }
        });
    }

    private static Observation observation(Answer answer, ActionContext context) {
        Metadata.Builder facts = answer.metadata();
        FailureException failure = answer.failure();
        if (failure != null) {
            return new Observation(TRANSPORT, Outcome.Failed.of(failure), facts.build(), Payload.empty());
        }
        Map<?, ?> tree = tree(answer.payload(), context);
        String status = Integer.toString(answer.status());
        if (tree == null) {
            return Observation.answered(TRANSPORT, false, status, facts.build(), answer.payload());
        }
        List<?> errors = tree.get("errors") instanceof List<?> list ? list : List.of();
        if (!errors.isEmpty()) {
            facts.put(
                    "graphql_errors",
                    errors.stream().map(GraphqlAction::message).toList());
        }
        boolean success = answer.status() < 400 && errors.isEmpty();
        return Observation.answered(
                TRANSPORT, success, errors.isEmpty() ? status : code(errors), facts.build(), Payload.document(tree));
    }

    private static @Nullable Map<?, ?> tree(Payload payload, ActionContext context) {
        if (!(payload instanceof Payload.Bytes bytes)) {
            return null;
        }
        try {
            return context.json().read(bytes.content()) instanceof Map<?, ?> map ? map : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String message(@Nullable Object error) {
        return error instanceof Map<?, ?> map ? String.valueOf(map.get("message")) : String.valueOf(error);
    }

    /// What the server calls the first error, where it does: `NOT_FOUND`.
    private static String code(List<?> errors) {
        return errors.getFirst() instanceof Map<?, ?> error
                        && error.get("extensions") instanceof Map<?, ?> extensions
                        && extensions.get("code") instanceof String code
                ? code
                : "GRAPHQL_ERROR";
    }
}
