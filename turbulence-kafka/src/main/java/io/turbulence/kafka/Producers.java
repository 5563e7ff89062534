package io.turbulence.kafka;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Preparation;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Opens the producers of a service: one that all instances share, and a few for transactions, each of which is one
/// holder's at a time.
final class Producers {

    private Producers() {}

    /// Producers that everybody shares.
    static final class Plain implements ConnectionFactory.Shared<KafkaService, RecordSender> {

        @Override
        public Class<KafkaService> settings() {
            return KafkaService.class;
        }

        @Override
        public Endpoint endpoint(KafkaService service) {
            return Brokers.endpoint(service);
        }

        @Override
        public String name() {
            return "producer";
        }

        @Override
        public void prepare(Preparation<KafkaService> service) {
            ServiceChecks.check(service);
        }

        @Override
        public RecordSender open(KafkaService service, OpenContext context) throws Exception {
            return Producers.open(service, context, false);
        }

        @Override
        public void close(RecordSender sender) {
            sender.close();
        }
    }

    /// Producers with a transactional id of their own.
    static final class Transactional implements ConnectionFactory.Exclusive<KafkaService, RecordSender> {

        private static final int MOST = 4;

        @Override
        public Class<KafkaService> settings() {
            return KafkaService.class;
        }

        @Override
        public Endpoint endpoint(KafkaService service) {
            return Brokers.endpoint(service);
        }

        @Override
        public String name() {
            return "transactions";
        }

        @Override
        public int defaultMax() {
            return MOST;
        }

        @Override
        public RecordSender open(KafkaService service, OpenContext context) throws Exception {
            return Producers.open(service, context, true);
        }

        @Override
        public void reset(RecordSender sender) {
            if (sender.isBroken()) {
                throw new IllegalStateException("a transaction of this producer could not be ended");
            }
        }

        @Override
        public void close(RecordSender sender) {
            sender.close();
        }
    }

    private static RecordSender open(KafkaService service, OpenContext context, boolean transactional)
            throws Exception {
        Brokers.reach(service, context);
        try {
            Brokers.greet(service, context);
            Map<String, Object> settings = transactional
                    ? ClientSettings.transactionalProducer(service, context)
                    : ClientSettings.producer(service, context);
            if (transactional) {
                // Beginning and ending a transaction block for as long as this, not for the step's time
                settings.put("max.block.ms", Math.max(1000, context.deadline().timeoutMillis()));
            }
            RecordSender sender = new RecordSender(
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                    service,
                    context.service(),
                    SchemaCodec.of(service, context.json()),
                    transactional);
            return transactional ? begun(sender) : sender;
        } catch (Exception e) {
            throw KafkaFailures.opening(e, "'" + service.bootstrapServers() + "'");
        }
    }

    private static RecordSender begun(RecordSender sender) {
        boolean good = false;
        try {
            sender.initTransactions();
            good = true;
            return sender;
        } finally {
            if (!good) {
                sender.close();
            }
        }
    }
}
