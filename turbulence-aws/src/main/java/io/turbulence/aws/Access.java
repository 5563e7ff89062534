package io.turbulence.aws;

import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.core.SdkClient;

/// Leave to use one connection of a service's client. Held by one step at a time.
///
/// @param <T> the SDK's client
final class Access<T extends SdkClient> {

    private final ServiceClient<T> client;
    private volatile long returnedAt;

    Access(ServiceClient<T> client) {
        this.client = client;
    }

    /// The client that all share.
    T client() {
        return client.client();
    }

    /// Ends what takes too long. Its tasks do not block.
    ScheduledExecutorService timer() {
        return client.timer();
    }

    void returned() {
        returnedAt = System.nanoTime();
    }

    boolean isOlderThan(long nanos) {
        return System.nanoTime() - returnedAt > nanos;
    }
}
