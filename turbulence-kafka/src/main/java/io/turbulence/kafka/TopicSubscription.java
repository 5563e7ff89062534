package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// All partitions of one topic, read by a consumer without a group. New partitions are read from their beginning:
/// nothing of theirs is older than the run.
final class TopicSubscription implements Subscription {

    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration ASK = Duration.ofSeconds(2);
    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;
    private static final long PAUSE_MILLIS = 100;

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final @Nullable SchemaCodec schemas;
    private final Frames frames;
    private final Leaders leaders;

    // Of the thread that polls
    private List<TopicPartition> assigned;
    private long askedAt = System.nanoTime();
    private boolean closed;

    private TopicSubscription(
            String topic,
            KafkaConsumer<byte[], byte[]> consumer,
            @Nullable SchemaCodec schemas,
            List<TopicPartition> assigned,
            Leaders leaders) {
        this.leaders = leaders;
        this.topic = topic;
        this.consumer = consumer;
        this.schemas = schemas;
        this.frames = new Frames(schemas);
        this.assigned = assigned;
    }

    /// Opens and positions it: when this returns, it is settled from where each partition is read.
    @SuppressWarnings("NullAway") // a deleted record's value is null, which the client's own types do not say
    static TopicSubscription open(KafkaService service, SubscriptionRequest request, OpenContext context)
            throws Exception {
        String topic = request.channel();
        Deadline deadline = context.deadline();
        Map<String, Object> settings = ClientSettings.consumer(service, context.service());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        boolean good = false;
        try {
            List<PartitionInfo> found = await(consumer, topic, service, context);
            List<TopicPartition> partitions = Offsets.partitions(found);
            Leaders leaders = new Leaders(
                    consumer,
                    topic,
                    Long.parseLong(String.valueOf(settings.getOrDefault(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500))),
                    settings.containsKey(ConsumerConfig.CLIENT_RACK_CONFIG));
            leaders.are(found);
            StartingPoint from =
                    StartingPoint.parse(String.valueOf(request.options().getOrDefault(Topics.FROM, "start")));
            consumer.assign(partitions);
            from.offsets(new Offsets(consumer, partitions, deadline)).forEach(consumer::seek);
            for (TopicPartition partition : partitions) {
                consumer.position(partition, Duration.ofMillis(deadline.timeoutMillis()));
            }
            TopicSubscription subscription = new TopicSubscription(
                    topic, consumer, SchemaCodec.of(service, context.json()), partitions, leaders);
            good = true;
            return subscription;
        } finally {
            if (!good) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        }
    }

    private static List<PartitionInfo> await(
            KafkaConsumer<?, ?> consumer, String topic, KafkaService service, OpenContext context) throws Exception {
        Deadline deadline = context.deadline();
        boolean created = false;
        boolean missing = false;
        while (true) {
            Duration most = deadline.remaining().compareTo(ASK) < 0 ? deadline.remaining() : ASK;
            List<PartitionInfo> found;
            try {
                found = consumer.partitionsFor(topic, most);
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                if (!deadline.expired()) {
                    continue;
                }
                if (!missing) {
                    throw e;
                }
                found = List.of();
            }
            if (found != null && !found.isEmpty()) {
                return found;
            }
            missing = true;
            KafkaService.CreateTopics how = service.createTopics();
            if (how != null && how.enabled() && !created) {
                Brokers.create(topic, service, how, context.service(), deadline);
                created = true;
            }
            if (deadline.expired()) {
                // The brokers answered; what they said is no
                throw new FailureException(
                        Failure.PROTOCOL,
                        "'%s': no such topic on '%s' within the %s. Create it, or set 'create_topics' on the service."
                                .formatted(topic, service.bootstrapServers(), deadline.limit()));
            }
            Thread.sleep(Math.min(PAUSE_MILLIS, Math.max(1, deadline.remainingMillis())));
        }
    }

    @Override
    public void poll(Duration most, Consumer<Frame> receiver) throws Exception {
        try {
            takeOnNewPartitions();
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(most)) {
                receiver.accept(frames.of(message));
            }
        } catch (WakeupException e) {
            // Asked for: the poll is over
            return;
        } catch (InterruptException e) {
            Thread.interrupted();
            throw KafkaFailures.interrupted(e);
        } catch (AuthenticationException | AuthorizationException e) {
            throw KafkaFailures.opening(e, "'" + topic + "'");
        } catch (KafkaException e) {
            skipDamaged(e);
        }
    }

    /// A record that the library cannot read (a wrong checksum) would be met again by every poll.
    private void skipDamaged(KafkaException thrown) {
        for (TopicPartition partition : assigned) {
            if (String.valueOf(thrown.getMessage()).contains("from " + partition)) {
                long damaged = consumer.position(partition, ASK);
                consumer.seek(partition, damaged + 1);
                System.getLogger(TopicSubscription.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "'" + topic + "': the record at " + partition + "@" + damaged
                                        + " cannot be read and was left out",
                                thrown);
                return;
            }
        }
        throw thrown;
    }

    /// From what the consumer knows already; it asks the brokers on its own every few seconds.
    private void takeOnNewPartitions() {
        long now = System.nanoTime();
        if (now - askedAt < ASK_AGAIN_NANOS) {
            return;
        }
        askedAt = now;
        List<TopicPartition> all;
        try {
            List<PartitionInfo> found = consumer.partitionsFor(topic, ASK);
            leaders.are(found);
            all = Offsets.partitions(found);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            // The brokers are away; asked again
            return;
        }
        List<TopicPartition> fresh = new ArrayList<>(all);
        fresh.removeAll(assigned);
        if (fresh.isEmpty()) {
            return;
        }
        consumer.assign(all);
        fresh.forEach(partition -> consumer.seek(partition, 0));
        assigned = all;
    }

    @Override
    public @Nullable Interruption interruption() {
        return leaders.interruption();
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            consumer.close(CloseOptions.timeout(CLOSE));
        } finally {
            if (schemas != null) {
                schemas.close();
            }
        }
    }
}
