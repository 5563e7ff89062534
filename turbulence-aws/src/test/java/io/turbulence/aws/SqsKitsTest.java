package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.SubscriptionTck;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The kits for SQS, with ElasticMQ.
class SqsKitsTest {

    private static Elastic elastic;
    private static String queue;

    @BeforeAll
    static void start() {
        elastic = Elastic.start();
        queue = elastic.queue();
    }

    @AfterAll
    static void stop() {
        elastic.close();
    }

    @Nested
    class Send extends ActionTck<SendSettings, Access<SqsClient>> {

        @Override
        protected List<String> serverThreads() {
            return Elastic.THREADS;
        }

        @Override
        protected ProtocolAction<SendSettings, Access<SqsClient>> action() {
            return new SendAction(new SqsClients());
        }

        @Override
        protected Record serviceSettings() {
            return elastic.service();
        }

        @Override
        protected Record serviceSettingsAt(Endpoint elsewhere) {
            return Elastic.serviceAt(elsewhere.toString());
        }

        @Override
        protected SendSettings settings() {
            return new SendSettings(queue, "hello", null, Map.of("n", 1), null, null, null, List.of(), true);
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.STREAMING);
        }
    }

    @Nested
    class Subscriptions extends SubscriptionTck<SqsService> {

        @Override
        protected List<String> serverThreads() {
            return Elastic.THREADS;
        }

        @Override
        protected ConnectionFactory.Subscribed<SqsService> factory() {
            return new Queues();
        }

        @Override
        protected SqsService settings() {
            return elastic.service();
        }

        @Override
        protected SqsService settingsAt(Endpoint elsewhere) {
            return Elastic.serviceAt(elsewhere.toString());
        }

        @Override
        protected SubscriptionRequest request() {
            return SubscriptionRequest.of(elastic.queue());
        }

        @Override
        protected void publish(SubscriptionRequest request, String text) {
            elastic.send(request.channel(), text);
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.ORDER);
        }
    }
}
