package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// A producer of a service. Thread-safe, apart from its transactions.
final class RecordSender {

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaService service;
    private final String name;
    private final @Nullable SchemaCodec schemas;
    private final boolean transactional;
    private volatile boolean broken;

    RecordSender(
            KafkaProducer<byte[], byte[]> producer,
            KafkaService service,
            String name,
            @Nullable SchemaCodec schemas,
            boolean transactional) {
        this.producer = producer;
        this.service = service;
        this.name = name;
        this.schemas = schemas;
        this.transactional = transactional;
    }

    @Nullable
    SchemaCodec schemas() {
        return schemas;
    }

    /// Whether a transaction could not be ended: the producer is of no more use.
    boolean isBroken() {
        return broken;
    }

    void initTransactions() {
        producer.initTransactions();
    }

    /// Sends all of them in order, in a transaction where it is a transactional producer.
    ///
    /// @param sent run when the last was handed over
    List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records, Deadline deadline, Runnable sent)
            throws Exception {
        if (!transactional) {
            return sendAll(records, deadline, sent);
        }
        producer.beginTransaction();
        boolean good = false;
        try {
            List<RecordMetadata> receipts = sendAll(records, deadline, sent);
            producer.commitTransaction();
            good = true;
            return receipts;
        } finally {
            if (!good) {
                abort();
            }
        }
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            // The first failure is told
            broken = true;
            System.getLogger(RecordSender.class.getName())
                    .log(System.Logger.Level.DEBUG, "a transaction could not be aborted", e);
        }
    }

    private List<RecordMetadata> sendAll(List<ProducerRecord<byte[], byte[]>> records, Deadline deadline, Runnable sent)
            throws Exception {
        Receipts receipts = new Receipts(records.size());
        for (ProducerRecord<byte[], byte[]> each : records) {
            send(each, receipts, deadline);
        }
        sent.run();
        boolean complete = receipts.await(deadline);
        List<RecordMetadata> stored = new ArrayList<>(records.size());
        for (Receipts.Receipt each : receipts.all()) {
            if (!complete && !each.known()) {
                throw notAcknowledged(deadline);
            }
            stored.add(each.metadata());
        }
        return stored;
    }

    /// The library's own wait for a topic or for room in the buffer is short; it is begun again until the step's time
    /// is up.
    @SuppressWarnings("FutureReturnValueIgnored") // the receipt is told what the future is
    private void send(ProducerRecord<byte[], byte[]> message, Receipts receipts, Deadline deadline) throws Exception {
        while (true) {
            Receipts.Receipt receipt = receipts.next();
            producer.send(message, receipt);
            if (!(receipt.failureAtOnce() instanceof TimeoutException waited)) {
                receipts.add(receipt);
                return;
            }
            boolean missing = waited.getCause() instanceof UnknownTopicOrPartitionException;
            KafkaService.CreateTopics how = service.createTopics();
            if (missing && how != null && how.enabled()) {
                Brokers.create(message.topic(), service, how, name, deadline);
            }
            if (deadline.expired()) {
                if (!missing && !isConnected()) {
                    throw new FailureException(
                            Failure.CONNECT,
                            "'%s': no broker of '%s' can be reached; the record was not sent within the %s"
                                    .formatted(message.topic(), service.bootstrapServers(), deadline.limit()),
                            waited);
                }
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'%s': %s within the %s%s"
                                .formatted(
                                        message.topic(),
                                        missing
                                                ? "no such topic on '" + service.bootstrapServers() + "'"
                                                : "the record could not be handed over",
                                        deadline.limit(),
                                        missing
                                                ? ". Create it, or set 'create_topics' on the service."
                                                : ": " + waited.getMessage()),
                        waited);
            }
        }
    }

    /// Whether there is a connection to any broker. By the library's own figure: it tells nobody that it has lost them.
    private boolean isConnected() {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-count"))
                .anyMatch(metric -> metric.metricValue() instanceof Number count && count.doubleValue() > 0);
    }

    private FailureException notAcknowledged(Deadline deadline) {
        return new FailureException(
                Failure.TIMEOUT,
                "no acknowledgement within the " + deadline.limit() + "; the record may still arrive"
                        + (isConnected()
                                ? ""
                                : ". No broker of '" + service.bootstrapServers() + "' can be reached now."));
    }

    void close() {
        try {
            producer.close(CLOSE);
        } finally {
            if (schemas != null) {
                schemas.close();
            }
        }
    }
}
