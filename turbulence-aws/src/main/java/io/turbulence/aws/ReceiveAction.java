package io.turbulence.aws;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/// Receives messages of a queue.
final class ReceiveAction implements ProtocolAction<ReceiveSettings, Access<SqsClient>> {

    /// As long as the service waits at most.
    private static final long LONGEST_WAIT = 20;

    private final SqsClients clients;

    ReceiveAction(SqsClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "sqs.receive";
    }

    @Override
    public Class<ReceiveSettings> settings() {
        return ReceiveSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<SqsClient>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<ReceiveSettings> step) {
        QueueUrls.check(step);
    }

    @Override
    public Observation execute(ReceiveSettings settings, Access<SqsClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(ReceiveSettings settings, Access<SqsClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(Sqs.TRANSPORT, "'" + settings.queue() + "'", context, call -> {
                String url = QueueUrls.of(settings.queue(), access.client(), context, call);
                return observation(settings, receive(settings, url, access.client(), call), call);
            });
        }

        private static List<Message> receive(ReceiveSettings settings, String url, SqsClient client, Call call) {
            List<Message> messages = new ArrayList<>();
            long until = System.nanoTime() + settings.waitTime().toNanos();
            while (messages.size() < settings.maxMessages()) {
                long left = messages.isEmpty() ? Math.max(0, until - System.nanoTime()) : 0;
                List<Message> some = client.receiveMessage(ReceiveMessageRequest.builder()
                                .queueUrl(url)
                                .maxNumberOfMessages(Math.min(Sqs.BATCH, settings.maxMessages() - messages.size()))
                                .waitTimeSeconds(seconds(
                                        Math.min(left, call.context().deadline().remainingNanos())))
                                .visibilityTimeout(
                                        settings.visibility() == null
                                                ? null
                                                : Math.toIntExact(
                                                        settings.visibility().toSeconds()))
                                .messageAttributeNames("All")
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                                .overrideConfiguration(call.limits())
                                .build())
                        .messages();
                messages.addAll(some);
                if (settings.delete() && !some.isEmpty()) {
                    // At once: a FIFO queue gives nothing more of a group before
                    delete(url, some, client, call);
                }
                if (some.isEmpty() && (!messages.isEmpty() || System.nanoTime() - until >= 0)) {
                    break;
                }
            }
            return messages;
        }

        private static int seconds(long nanos) {
            return (int)
                    Math.min(LONGEST_WAIT, Duration.ofNanos(nanos + 999_999_999).toSeconds());
        }

        private static void delete(String url, List<Message> some, SqsClient client, Call call) {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(some.size());
            for (Message each : some) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id("m" + entries.size())
                        .receiptHandle(each.receiptHandle())
                        .build());
            }
            List<BatchResultErrorEntry> refused = client.deleteMessageBatch(
                            delete -> delete.queueUrl(url).entries(entries).overrideConfiguration(call.limits()))
                    .failed();
            if (!refused.isEmpty()) {
                throw new FailureException(
                        Failure.PROTOCOL,
                        "%d of %d messages were not deleted, the first: %s: %s"
                                .formatted(
                                        refused.size(),
                                        some.size(),
                                        refused.getFirst().code(),
                                        refused.getFirst().message()));
            }
        }

        private static Observation observation(ReceiveSettings settings, List<Message> messages, Call call) {
            List<Frame> frames = messages.stream()
                    .map(message -> Sqs.frame(settings.queue(), message, Sqs.attributes(message)))
                    .toList();
            @Nullable Frame only = frames.size() == 1 ? frames.getFirst() : null;
            Metadata.Builder facts = only == null
                    ? Metadata.builder().put("status_code", 200).put("queue", settings.queue())
                    : only.metadata().toBuilder();
            facts.put("messages", frames.size()).put("attempts", call.attempts());
            facts.put("deleted", settings.delete());
            Payload payload = only != null
                    ? only.payload()
                    : frames.isEmpty() ? Payload.empty() : Payload.stream(new TakenFrames(frames), StreamBounds.NONE);
            return Observation.answered(Sqs.TRANSPORT, true, "200", facts.build(), payload);
        }
    }
}
