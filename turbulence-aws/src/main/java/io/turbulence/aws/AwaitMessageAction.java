package io.turbulence.aws;

import io.turbulence.api.Observation;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import java.util.List;

/// Waits for the instance's own messages among all of a queue.
final class AwaitMessageAction implements ProtocolAction<AwaitMessageSettings, Inbox> {

    private final Queues queues;

    AwaitMessageAction(Queues queues) {
        this.queues = queues;
    }

    @Override
    public String type() {
        return "sqs.await";
    }

    @Override
    public Class<AwaitMessageSettings> settings() {
        return AwaitMessageSettings.class;
    }

    @Override
    public ConnectionFactory<?, Inbox> connection() {
        return queues;
    }

    @Override
    public void prepare(Preparation<AwaitMessageSettings> step) {
        QueueUrls.check(step);
        Awaited.check(step, "queue", "message");
    }

    @Override
    public List<SubscriptionRequest> subscriptions(Preparation<AwaitMessageSettings> step) {
        boolean all = step.constant("delete", AwaitMessageSettings.Delete.class)
                .filter(delete -> delete == AwaitMessageSettings.Delete.ALL)
                .isPresent();
        return step.constant("queue", String.class)
                .map(SubscriptionRequest::of)
                .map(request -> all ? request.with(Queues.DELETE_ALL, true) : request)
                .map(List::of)
                .orElseGet(List::of);
    }

    @Override
    public Observation execute(AwaitMessageSettings settings, Inbox inbox, ActionContext context) throws Exception {
        Awaited awaited = new Awaited(
                Sqs.TRANSPORT,
                "'" + settings.queue() + "'",
                "message",
                settings.match(),
                settings.count(),
                settings.absentFor());
        return awaited.in(inbox, context, frame -> {
            if (settings.delete() == AwaitMessageSettings.Delete.TAKEN
                    && frame.metadata().get("headers") instanceof HeldMessage message) {
                message.take();
            }
        });
    }
}
