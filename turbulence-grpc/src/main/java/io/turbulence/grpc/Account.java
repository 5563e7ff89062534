package io.turbulence.grpc;

import io.turbulence.api.Headers;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import org.jspecify.annotations.Nullable;

/// Tells calls as text that a person can read.
final class Account {

    private Account() {}

    static void tellCall(Method method, GrpcRequest settings, Headers metadata, ActionContext context) {
        context.tell("> " + method.fullName());
        metadata.forEach((name, value) -> context.tell("> " + name + ": " + value));
        if (settings.message() != null) {
            context.tell("> " + json(settings.message(), context));
        }
        settings.messages().forEach(message -> context.tell("> " + json(message, context)));
    }

    static void tellAnswer(Observation observation, ActionContext context) {
        context.tell("< " + observation.outcome());
        observation.metadata().asMap().forEach((name, value) -> context.tell("< " + name + ": " + value));
        tellMessage(observation.payload(), context);
    }

    static void tellMessage(Payload payload, ActionContext context) {
        if (payload instanceof Payload.Document document) {
            context.tell("< " + json(document.tree(), context));
        }
    }

    private static String json(@Nullable Object tree, ActionContext context) {
        return context.json().writeText(tree);
    }
}
