package io.turbulence.grpc;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What can be said about a call when it is loaded.
final class RequestChecks {

    private final Preparation<GrpcRequest> step;
    private final Problems problems;
    private final Schemas schemas;

    RequestChecks(Preparation<GrpcRequest> step, Schemas schemas) {
        this.step = step;
        this.problems = step.problems();
        this.schemas = schemas;
    }

    void check() {
        CallMetadata.check(step, problems);
        String name = step.constant("method", String.class).orElse(null);
        if (name == null) {
            return;
        }
        try {
            MethodName.of(name);
            GrpcService service = step.service(GrpcService.class);
            if (Schemas.isLocal(service)) {
                check(schemas.of(service).known(name));
            }
        } catch (UnknownMethodException e) {
            problems.error("method", e.found(), e.expected(), e.hint().isEmpty() ? null : e.hint());
        } catch (SchemaSourceException e) {
            // Told where the service is checked
            return;
        }
    }

    private void check(Method method) {
        kind(method);
        step.sketch("message").ifPresent(message -> message(method, message, "message"));
        items("messages").forEach((key, message) -> message(method, message, key));
        items("exchange").forEach((key, turn) -> {
            Object sent = turn instanceof GrpcRequest.Turn known
                    ? known.send()
                    : turn instanceof Map<?, ?> sketch ? sketch.get("send") : null;
            if (sent != null) {
                message(method, sent, key + ".send");
            }
        });
    }

    /// The items of a list by their keys.
    private Map<String, Object> items(String key) {
        Map<String, Object> items = new LinkedHashMap<>();
        if (step.sketch(key).orElse(null) instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                if (item != null) {
                    items.put(key + "[" + i + "]", item);
                }
            }
        }
        return items;
    }

    private void kind(Method method) {
        if (!method.clientStreams() && step.has("messages")) {
            problems.error(
                    "messages", "several messages for '" + method.fullName() + "', which takes one", "'message'", null);
        }
        if (!method.clientStreams() && !method.serverStreams() && step.has("exchange")) {
            problems.error(
                    "exchange",
                    "a conversation with '" + method.fullName() + "', which does not stream",
                    "'message'",
                    null);
        }
        for (String bound : List.of("until", "max_messages", "idle_timeout")) {
            if (!method.serverStreams() && step.has(bound)) {
                problems.error(
                        bound,
                        "'" + bound + "' for '" + method.fullName() + "', which answers with one message",
                        "a method that answers with a stream",
                        null);
            }
        }
    }

    private void message(Method method, Object tree, String key) {
        new MessageWriter(
                        method.types(),
                        (path, found, expected, hint) ->
                                problems.error(path, found, expected, hint.isEmpty() ? null : hint))
                .message(method.input(), Trees.read(tree, step.json()), Place.of(key));
    }
}
