package io.turbulence.testkit;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.Json;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The host's side of opening a connection, which writes down what the factory says. Its deadline is
/// ten seconds from when it is made. The `with…` methods answer a changed copy with empty records.
public final class FakeOpenContext implements OpenContext {

    private final String service;
    private final Endpoint endpoint;
    private final Deadline deadline;
    private final PoolSettings pool;
    private final List<Phase> marks = new CopyOnWriteArrayList<>();
    private final Map<String, FakeMailbox> mailboxes = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> common = new ConcurrentHashMap<>();

    private FakeOpenContext(String service, Endpoint endpoint, Deadline deadline, PoolSettings pool) {
        this.service = service;
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.pool = pool;
    }

    public static FakeOpenContext to(Endpoint endpoint) {
        return new FakeOpenContext(
                "service",
                endpoint,
                Deadline.after(Duration.ofSeconds(10), "connect_timeout of 10 s"),
                PoolSettings.defaults());
    }

    public FakeOpenContext withService(String name) {
        return new FakeOpenContext(name, endpoint, deadline, pool);
    }

    public FakeOpenContext withDeadline(Deadline other) {
        return new FakeOpenContext(service, endpoint, other, pool);
    }

    public FakeOpenContext withPool(PoolSettings other) {
        return new FakeOpenContext(service, endpoint, deadline, other);
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Deadline deadline() {
        return deadline;
    }

    @Override
    public PoolSettings pool() {
        return pool;
    }

    @Override
    public void mark(Phase phase) {
        marks.add(phase);
    }

    @Override
    public Json json() {
        return new SimpleJson();
    }

    @Override
    public Mailbox mailbox(String name) {
        return mailboxes.computeIfAbsent(name, ignored -> new FakeMailbox());
    }

    @Override
    public <T> T common(Class<T> type, Supplier<? extends T> initial) {
        return type.cast(common.computeIfAbsent(type, ignored -> initial.get()));
    }

    /// The phases that the factory marked, in order.
    public List<Phase> marks() {
        return List.copyOf(marks);
    }

    /// The mailboxes that the factory asked for, by name.
    public Map<String, FakeMailbox> mailboxes() {
        return Map.copyOf(mailboxes);
    }
}
