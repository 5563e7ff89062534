package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/// Sends messages to a queue.
final class SendAction implements ProtocolAction<SendSettings, Access<SqsClient>> {

    private final SqsClients clients;

    SendAction(SqsClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "sqs.send";
    }

    @Override
    public Class<SendSettings> settings() {
        return SendSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<SqsClient>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<SendSettings> step) {
        QueueUrls.check(step);
        boolean isFifo = step.constant("queue", String.class)
                .filter(queue -> queue.endsWith(".fifo"))
                .isPresent();
        if (isFifo && !step.has("group_id") && !step.has("messages")) {
            step.problems().error("group_id", "nothing", "a message group, which a FIFO queue asks for", null);
        }
    }

    @Override
    public Observation execute(SendSettings settings, Access<SqsClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(SendSettings settings, Access<SqsClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(Sqs.TRANSPORT, "'" + settings.queue() + "'", context, call -> {
                String url = QueueUrls.of(settings.queue(), access.client(), context, call);
                List<SendSettings.Message> messages = settings.all();
                return settings.messages().isEmpty()
                        ? one(settings, url, messages.getFirst(), access.client(), call)
                        : several(settings, url, messages, access.client(), call);
            });
        }

        private static Observation one(
                SendSettings settings, String url, SendSettings.Message message, SqsClient client, Call call) {
            SendMessageResponse response = client.sendMessage(SendMessageRequest.builder()
                    .queueUrl(url)
                    .messageBody(body(message, call))
                    .messageAttributes(attributes(message, settings.propagate(), call))
                    .messageGroupId(message.groupId())
                    .messageDeduplicationId(message.deduplicationId())
                    .delaySeconds(seconds(message))
                    .overrideConfiguration(call.limits())
                    .build());
            Metadata.Builder facts = Facts.of(response, call);
            facts.put("queue", settings.queue());
            facts.put("message_id", response.messageId());
            Facts.put(facts, "sequence_number", response.sequenceNumber());
            return Facts.good(Sqs.TRANSPORT, response, facts, Payload.empty());
        }

        private static Observation several(
                SendSettings settings, String url, List<SendSettings.Message> messages, SqsClient client, Call call) {
            List<Object> receipts = new ArrayList<>(messages.size());
            List<BatchResultErrorEntry> refused = new ArrayList<>();
            for (int from = 0; from < messages.size(); from += Sqs.BATCH) {
                List<SendMessageBatchRequestEntry> entries = new ArrayList<>(Sqs.BATCH);
                for (int i = from; i < Math.min(messages.size(), from + Sqs.BATCH); i++) {
                    entries.add(entry(i, messages.get(i), settings.propagate(), call));
                }
                SendMessageBatchResponse response = client.sendMessageBatch(SendMessageBatchRequest.builder()
                        .queueUrl(url)
                        .entries(entries)
                        .overrideConfiguration(call.limits())
                        .build());
                response.successful().forEach(each -> receipts.add(Map.of("message_id", each.messageId())));
                refused.addAll(response.failed());
            }
            Metadata.Builder facts = Metadata.builder()
                    .put("status_code", 200)
                    .put("attempts", call.attempts())
                    .put("queue", settings.queue())
                    .put("messages", receipts.size())
                    .put("not_sent", refused.size());
            String status = refused.isEmpty()
                    ? "200"
                    : "%s: %d of %d messages were not sent, the first: %s"
                            .formatted(
                                    refused.getFirst().code(),
                                    refused.size(),
                                    messages.size(),
                                    refused.getFirst().message());
            return Observation.answered(
                    Sqs.TRANSPORT, refused.isEmpty(), status, facts.build(), Payload.document(List.copyOf(receipts)));
        }

        private static SendMessageBatchRequestEntry entry(
                int number, SendSettings.Message message, boolean propagate, Call call) {
            return SendMessageBatchRequestEntry.builder()
                    .id("m" + number)
                    .messageBody(body(message, call))
                    .messageAttributes(attributes(message, propagate, call))
                    .messageGroupId(message.groupId())
                    .messageDeduplicationId(message.deduplicationId())
                    .delaySeconds(seconds(message))
                    .build();
        }

        private static String body(SendSettings.Message message, Call call) {
            return message.json() == null && message.body() instanceof String text
                    ? text
                    : call.context().json().writeText(message.json() == null ? message.body() : message.json());
        }

        private static @Nullable Integer seconds(SendSettings.Message message) {
            return message.delay() == null
                    ? null
                    : Math.toIntExact(message.delay().toSeconds());
        }

        private static Map<String, MessageAttributeValue> attributes(
                SendSettings.Message message, boolean propagate, Call call) {
            Map<String, Object> all = new LinkedHashMap<>();
            if (propagate) {
                all.put("correlation_id", call.context().correlationId());
                all.put("traceparent", call.context().traceparent());
            }
            all.putAll(message.attributes());
            Map<String, MessageAttributeValue> attributes = HashMap.newHashMap(all.size());
            all.forEach((name, value) -> attributes.put(
                    name,
                    MessageAttributeValue.builder()
                            .dataType(value instanceof Number ? "Number" : "String")
                            .stringValue(String.valueOf(value))
                            .build()));
            return attributes;
        }
    }
}
