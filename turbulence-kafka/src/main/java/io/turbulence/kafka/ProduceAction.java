package io.turbulence.kafka;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Sends records and waits until the brokers have them.
final class ProduceAction implements ProtocolAction<ProduceSettings, RecordSender> {

    private final Producers.Plain producers;
    private final Producers.Transactional transactions;
    private final ConstantBytes constants = new ConstantBytes();

    ProduceAction(Producers.Plain producers, Producers.Transactional transactions) {
        this.producers = producers;
        this.transactions = transactions;
    }

    @Override
    public String type() {
        return "kafka.produce";
    }

    @Override
    public Class<ProduceSettings> settings() {
        return ProduceSettings.class;
    }

    @Override
    public ConnectionFactory<?, RecordSender> connection() {
        return producers;
    }

    @Override
    public ConnectionFactory<?, RecordSender> connection(ProduceSettings settings) {
        return settings.transaction() ? transactions : producers;
    }

    @Override
    public void prepare(Preparation<ProduceSettings> step) {
        ProduceChecks.check(step);
        step.constant("json", Object.class).ifPresent(constants::add);
        step.constant("value", Object.class).ifPresent(constants::add);
        step.constant("messages", List.class).ifPresent(this::addConstants);
    }

    private void addConstants(List<?> messages) {
        for (Object each : messages) {
            if (each instanceof ProduceSettings.Message message) {
                constants.add(message.json());
                constants.add(message.value());
            }
        }
    }

    @Override
    public Observation execute(ProduceSettings settings, RecordSender sender, ActionContext context) throws Exception {
        try {
            List<ProducerRecord<byte[], byte[]>> records =
                    new Records(settings, sender.schemas(), constants, context).all();
            if (context.verbose()) {
                records.forEach(each -> context.tell("> " + describe(each)));
            }
            List<RecordMetadata> receipts = sender.send(records, context.deadline(), () -> context.mark(Phase.SENT));
            context.mark(Phase.FIRST_BYTE);
            return observation(receipts);
        } catch (Exception e) {
            return KafkaFailures.observation(e, "'" + settings.topic() + "'");
        }
    }

    private static Observation observation(List<RecordMetadata> receipts) {
        RecordMetadata last = receipts.getLast();
        Metadata.Builder facts = Metadata.builder().put("status_code", 0);
        receipt(last).forEach(facts::put);
        if (receipts.size() == 1) {
            return Observation.answered(KafkaFailures.TRANSPORT, true, "OK", facts.build(), Payload.empty());
        }
        facts.put("messages", receipts.size());
        // Seldom looked at, and a map for each record costs as much as sending it
        Payload all = Payload.lazyDocument(
                () -> receipts.stream().map(ProduceAction::receipt).toList());
        return Observation.answered(KafkaFailures.TRANSPORT, true, "OK", facts.build(), all);
    }

    private static Map<String, Object> receipt(RecordMetadata receipt) {
        Map<String, Object> facts = LinkedHashMap.newLinkedHashMap(6);
        facts.put("topic", receipt.topic());
        facts.put("partition", receipt.partition());
        if (receipt.hasOffset()) {
            facts.put("offset", receipt.offset());
        }
        if (receipt.hasTimestamp()) {
            facts.put("timestamp", receipt.timestamp());
        }
        facts.put("key_size", Math.max(0, receipt.serializedKeySize()));
        facts.put("value_size", Math.max(0, receipt.serializedValueSize()));
        return facts;
    }

    private static String describe(ProducerRecord<byte[], byte[]> message) {
        return "%s%s key %s, %d bytes"
                .formatted(
                        message.topic(),
                        message.partition() == null ? "" : "-" + message.partition(),
                        Frames.text(message.key()),
                        message.value() == null ? 0 : message.value().length);
    }
}
