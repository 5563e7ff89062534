package io.turbulence.spi;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/// A channel to be opened and positioned before the first instance starts. Equal requests of one
/// service share one subscription.
///
/// @param channel the topic or queue
/// @param options what else tells one subscription from another: where to start, how to decode
public record SubscriptionRequest(String channel, Map<String, Object> options) {

    public SubscriptionRequest {
        requireNonNull(channel, "channel");
        options = Map.copyOf(options);
    }

    public static SubscriptionRequest of(String channel) {
        return new SubscriptionRequest(channel, Map.of());
    }

    public SubscriptionRequest with(String option, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        more.put(option, value);
        return new SubscriptionRequest(channel, more);
    }
}
