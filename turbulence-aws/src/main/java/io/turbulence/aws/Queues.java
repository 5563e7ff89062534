package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;

/// Subscribes to queues.
final class Queues implements ConnectionFactory.Subscribed<SqsService> {

    /// The option of a subscription that deletes whatever comes.
    static final String DELETE_ALL = "delete_all";

    @Override
    public Class<SqsService> settings() {
        return SqsService.class;
    }

    @Override
    public Endpoint endpoint(SqsService service) {
        return Places.endpoint(service);
    }

    @Override
    public String name() {
        return "queues";
    }

    @Override
    public Subscription open(SqsService service, SubscriptionRequest request, OpenContext context) throws Exception {
        return QueueSubscription.open(service, request, context);
    }
}
