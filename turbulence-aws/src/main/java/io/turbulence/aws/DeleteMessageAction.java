package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;

/// Deletes a message that was received.
final class DeleteMessageAction implements ProtocolAction<DeleteMessageSettings, Access<SqsClient>> {

    private final SqsClients clients;

    DeleteMessageAction(SqsClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "sqs.delete";
    }

    @Override
    public Class<DeleteMessageSettings> settings() {
        return DeleteMessageSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<SqsClient>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<DeleteMessageSettings> step) {
        QueueUrls.check(step);
    }

    @Override
    public Observation execute(DeleteMessageSettings settings, Access<SqsClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(DeleteMessageSettings settings, Access<SqsClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(Sqs.TRANSPORT, "'" + settings.queue() + "'", context, call -> {
                String url = QueueUrls.of(settings.queue(), access.client(), context, call);
                DeleteMessageResponse response = access.client()
                        .deleteMessage(delete -> delete.queueUrl(url)
                                .receiptHandle(settings.receiptHandle())
                                .overrideConfiguration(call.limits()));
                Metadata.Builder facts = Facts.of(response, call);
                facts.put("queue", settings.queue());
                return Facts.good(Sqs.TRANSPORT, response, facts, Payload.empty());
            });
        }
    }
}
