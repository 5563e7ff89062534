package io.turbulence.kafka;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/// Reads a batch, as a member of a group or all of a topic.
final class ConsumeAction implements ProtocolAction<ConsumeSettings, GroupConsumers.Place> {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final GroupConsumers consumers;

    ConsumeAction(GroupConsumers consumers) {
        this.consumers = consumers;
    }

    @Override
    public String type() {
        return "kafka.consume";
    }

    @Override
    public Class<ConsumeSettings> settings() {
        return ConsumeSettings.class;
    }

    @Override
    public ConnectionFactory<?, GroupConsumers.Place> connection() {
        return consumers;
    }

    @Override
    public void prepare(Preparation<ConsumeSettings> step) {
        step.constant("topic", String.class).ifPresent(topic -> Topics.check(topic, step.problems()));
        step.constant("from", String.class).ifPresent(from -> Topics.checkFrom(from, step.problems()));
    }

    @Override
    public Observation execute(ConsumeSettings settings, GroupConsumers.Place place, ActionContext context)
            throws Exception {
        KafkaConsumer<byte[], byte[]> consumer = place.consumer(settings);
        try {
            context.onCancel(consumer::wakeup);
            Batch batch = new Batch(consumer, settings, context.deadline());
            batch.read(() -> context.mark(Phase.FIRST_BYTE));
            boolean committed = settings.commit() && settings.group() != null && batch.commit();
            return observation(settings, place, batch, committed, context);
        } catch (Exception e) {
            return KafkaFailures.observation(e, "'" + settings.topic() + "'");
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private static Observation observation(
            ConsumeSettings settings,
            GroupConsumers.Place place,
            Batch batch,
            boolean committed,
            ActionContext context) {
        Map<String, Long> lags = batch.lags();
        Metadata.Builder facts = Metadata.builder()
                .put("status_code", 0)
                .put("topic", settings.topic())
                .put("group", settings.group())
                .put("messages", batch.records().size())
                .put("committed", committed)
                .put("partitions", batch.partitions())
                .put("lag", lags.values().stream().mapToLong(Long::longValue).sum())
                .put("lag_by_partition", lags);
        List<Object> messages = new ArrayList<>(batch.records().size());
        Values values = new Values(place.schemas(), context.json());
        for (ConsumerRecord<byte[], byte[]> each : batch.records()) {
            messages.add(message(each, values));
        }
        return Observation.answered(
                KafkaFailures.TRANSPORT, true, "OK", facts.build(), Payload.document(List.copyOf(messages)));
    }

    private static Map<String, @Nullable Object> message(ConsumerRecord<byte[], byte[]> each, Values values) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("partition", each.partition());
        message.put("offset", each.offset());
        message.put("timestamp", each.timestamp());
        message.put("key", values.key(each));
        message.put("headers", Frames.headers(each));
        try {
            message.put("value", values.tree(each));
        } catch (RuntimeException e) {
            // One damaged record does not hide the others
            message.put("value", null);
            message.put("error", String.valueOf(e.getMessage()));
        }
        return message;
    }
}
