package io.turbulence.grpc;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.util.List;

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
        step.constant("message", Object.class).ifPresent(message -> message(method, message, "message"));
        step.constant("messages", List.class).ifPresent(messages -> {
            for (int i = 0; i < messages.size(); i++) {
                message(method, messages.get(i), "messages[" + i + "]");
            }
        });
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
                .message(method.input(), Trees.read(tree, step.json()), key);
    }
}
