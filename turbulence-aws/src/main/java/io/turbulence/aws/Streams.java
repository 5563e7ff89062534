package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;

/// Subscribes to streams.
final class Streams implements ConnectionFactory.Subscribed<KinesisService> {

    /// The option of a subscription that reads what the stream still has.
    static final String EARLIEST = "earliest";

    @Override
    public Class<KinesisService> settings() {
        return KinesisService.class;
    }

    @Override
    public Endpoint endpoint(KinesisService service) {
        return Places.endpoint(service);
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public Subscription open(KinesisService service, SubscriptionRequest request, OpenContext context)
            throws Exception {
        return ShardsSubscription.open(service, request, context);
    }
}
