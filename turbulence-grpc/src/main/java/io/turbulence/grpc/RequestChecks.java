package io.turbulence.grpc;

import io.turbulence.api.Deadline;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What can be said about a call when it is loaded, and with the server's help before it is first made.
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
        step.constant("deadline", Duration.class)
                .filter(deadline -> !deadline.isPositive())
                .ifPresent(deadline -> problems.error(
                        "deadline",
                        deadline.toSeconds() + " s",
                        "a longer time",
                        "Without it, 'timeout' alone holds."));
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
            unknown(e);
        } catch (SchemaSourceException e) {
            // Told where the service is checked
            return;
        }
    }

    private void unknown(UnknownMethodException e) {
        problems.error("method", e.found(), e.expected(), orNull(e.hint()));
    }

    /// What is left to ask the server, as it describes its methods itself.
    Optional<PeerCheck<GrpcChannel>> left() {
        Optional<String> name = step.constant("method", String.class);
        return name.isEmpty() || Schemas.isLocal(step.service(GrpcService.class))
                ? Optional.empty()
                : Optional.of((channel, deadline) -> check(name.get(), channel, deadline));
    }

    private void check(String name, GrpcChannel channel, Deadline deadline) throws InterruptedException {
        try {
            check(channel.schema().learnt(name, channel, deadline));
        } catch (UnknownMethodException e) {
            unknown(e);
        } catch (NoReflectionException e) {
            problems.error(
                    "method",
                    "'" + name + "' of a server that does not describe its methods: '"
                            + channel.endpoint().authority() + "' offers no server reflection",
                    "a service with 'proto' or 'descriptor_set', or a server with reflection",
                    null);
        }
    }

    private void check(Method method) {
        kind(method);
        step.sketch("message").ifPresent(message -> message(method, message, "message"));
        items("messages").forEach((key, message) -> message(method, message, key));
        turns(method);
        items("exchange").forEach((key, turn) -> {
            Object sent = turn instanceof GrpcRequest.Turn known
                    ? known.send()
                    : turn instanceof Map<?, ?> sketch ? sketch.get("send") : null;
            if (sent != null) {
                message(method, sent, key + ".send");
            }
        });
    }

    /// A method that takes one message is sent one; a method that answers with one message answers when all was sent.
    private void turns(Method method) {
        int sent = 0;
        boolean closed = false;
        for (Map.Entry<String, Object> turn : items("exchange").entrySet()) {
            Turn now = Turn.of(turn.getValue());
            sent += now.sends() ? 1 : 0;
            closed |= now.signals();
            if (now.sends() && sent == 2 && !method.clientStreams()) {
                problems.error(
                        turn.getKey() + ".send",
                        "a second message for '" + method.fullName() + "', which takes one",
                        "one 'send'",
                        null);
            }
            if (now.expects() && !closed && !method.serverStreams()) {
                problems.warning(
                        turn.getKey() + ".expect",
                        "'" + method.fullName() + "' answers with one message, mostly when all were sent, and"
                                + " nothing has said so",
                        "'close' before it says so");
            }
            if (now.expects() && sent == 0 && !method.clientStreams()) {
                problems.error(
                        turn.getKey() + ".expect",
                        "an answer of '" + method.fullName() + "' before the message that asks for it",
                        "'send' before it",
                        null);
            }
        }
    }

    /// What is known of a turn.
    private record Turn(boolean sends, boolean expects, boolean signals) {

        static Turn of(Object turn) {
            return switch (turn) {
                case GrpcRequest.Turn known ->
                    new Turn(known.send() != null, known.expect() != null, known.signal() != null);
                case Map<?, ?> sketch ->
                    new Turn(sketch.get("send") != null, sketch.get("expect") != null, sketch.get("signal") != null);
                default -> new Turn(false, false, false);
            };
        }
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
        new MessageWriter(method.types(), new ToldFields(problems))
                .message(method.input(), Trees.read(tree, step.json()), Place.of(key));
    }

    private record ToldFields(Problems problems) implements FieldProblem {

        @Override
        public void tell(String path, String found, String expected, String hint) {
            problems.error(path, found, expected, orNull(hint));
        }

        @Override
        public void tellOfField(String path, String found, String expected, String hint) {
            problems.errorAtKey(path, found, expected, orNull(hint));
        }
    }

    private static @Nullable String orNull(String hint) {
        return hint.isEmpty() ? null : hint;
    }
}
