package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.Json;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// One attempt to open a connection: what the factory sees of it, and the times it took.
final class Opening implements OpenContext {

    private final Host<?> host;
    private final Deadline deadline;
    private final long start;
    private final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    private long nanos;

    Opening(Host<?> host, Deadline deadline, long start) {
        this.host = host;
        this.deadline = deadline;
        this.start = start;
    }

    @Override
    public String service() {
        return host.service();
    }

    @Override
    public Endpoint endpoint() {
        return host.endpoint();
    }

    @Override
    public Deadline deadline() {
        return deadline;
    }

    @Override
    public PoolSettings pool() {
        return host.settings();
    }

    @Override
    public void mark(Phase phase) {
        phases.put(phase, host.environment().now() - start);
    }

    @Override
    public Json json() {
        return host.environment().json();
    }

    @Override
    public Mailbox mailbox(String name) {
        return host.common().mailbox(name, host.environment().nanoClock());
    }

    @Override
    public <T> T common(Class<T> type, Supplier<? extends T> initial) {
        return host.common().of(type, initial);
    }

    void finished(long now) {
        nanos = now - start;
    }

    long start() {
        return start;
    }

    long nanos() {
        return nanos;
    }

    Map<Phase, Long> phases() {
        return phases;
    }
}
