package io.turbulence.kafka;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Problems;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;

/// Opens subscriptions to topics: one consumer for each, without a group, that commits nothing.
final class Topics implements ConnectionFactory.Subscribed<KafkaService> {

    static final String FROM = "from";

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
        return "topic";
    }

    @Override
    public Subscription open(KafkaService service, SubscriptionRequest request, OpenContext context) throws Exception {
        Brokers.reach(service, context);
        try {
            return TopicSubscription.open(service, request, context);
        } catch (Exception e) {
            throw KafkaFailures.opening(e, "'" + request.channel() + "'");
        }
    }

    static void check(String topic, Problems problems) {
        if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
            problems.error(
                    "topic", "'" + topic + "'", "a name of letters, digits, '.', '_' and '-', at most 249 long", null);
        }
    }

    static void checkFrom(String from, Problems problems) {
        try {
            StartingPoint.parse(from);
        } catch (IllegalArgumentException e) {
            problems.error("from", "'" + from + "'", StartingPoint.EXPECTED, null);
        }
    }
}
