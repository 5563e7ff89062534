package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Phase;
import io.turbulence.spi.SubscriptionRequest;
import java.util.function.Supplier;

/// What an exchange sees of its host where there is no run: a deadline, and nobody who listens.
record StandaloneContext(String service, Deadline deadline) implements ActionContext {

    private static final String NONE = "";

    @Override
    public String runId() {
        return NONE;
    }

    @Override
    public String instanceId() {
        return NONE;
    }

    @Override
    public long instance() {
        return 0;
    }

    @Override
    public String step() {
        return NONE;
    }

    @Override
    public String correlationId() {
        return NONE;
    }

    @Override
    public String traceparent() {
        return NONE;
    }

    @Override
    public <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) {
        throw noRun();
    }

    @Override
    public Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
        throw noRun();
    }

    @Override
    public <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial) {
        throw noRun();
    }

    @Override
    public <T> T runState(String key, Class<T> type, Supplier<? extends T> initial) {
        throw noRun();
    }

    @Override
    public void onCancel(Runnable hook) {}

    @Override
    public void mark(Phase phase) {}

    @Override
    public Json json() {
        throw noRun();
    }

    @Override
    public boolean verbose() {
        return false;
    }

    @Override
    public void tell(String line) {}

    private static UnsupportedOperationException noRun() {
        return new UnsupportedOperationException("an exchange outside of a run has no instance");
    }
}
