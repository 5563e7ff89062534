package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.api.FailureException;
import io.turbulence.core.internal.connection.Holder;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.LeaseException;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.Registry;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Connections of any protocol that there is a plugin for, pooled, checked and counted, without scenarios.
///
/// ```java
/// try (var registry = ConnectionRegistry.builder()
///         .plugin(new SqlPlugin())
///         .connect("orders", new SqlService("jdbc:postgresql://localhost/shop"))
///         .open();
///     var lease = registry.lease("orders", java.sql.Connection.class)) {
///     lease.connection().createStatement();
/// }
/// ```
///
/// Thread-safe. Closing it closes every connection, also those whose lease was not given back.
public final class ConnectionRegistry implements AutoCloseable {

    private final Registry registry;
    private final InstanceConnections connections;
    private final Map<String, Service> services;

    private ConnectionRegistry(Registry registry, Map<String, Service> services) {
        this.registry = registry;
        this.services = services;
        this.connections = registry.instance(
                new Holder("library", () -> Thread.currentThread().getName()));
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Leases a connection within the pool's own limits: its `acquire_timeout` and `connect_timeout`. The
    /// caller closes the lease.
    ///
    /// @param type what the plugin's connections are
    /// @throws FailureException         when none could be had: [io.turbulence.api.Failure#POOL] when none
    ///                                  became free in time, otherwise what the peer did
    /// @throws IllegalArgumentException when the service is not declared or its connections are of another type
    public <C> Lease<C> lease(String service, Class<C> type) throws InterruptedException {
        PoolSettings pool = service(service).pool();
        Duration most = pool.acquireTimeout().plus(pool.connectTimeout());
        return lease(service, type, Deadline.after(most, "limit of " + most));
    }

    /// As [#lease(String, Class)], within a deadline.
    public <C> Lease<C> lease(String service, Class<C> type, Deadline deadline) throws InterruptedException {
        Service declared = service(service);
        List<ConnectionFactory<?, ?>> factories = declared.factories();
        if (factories.size() != 1) {
            throw new IllegalArgumentException("service '" + service + "' has " + factories.size()
                    + " kinds of connection; lease it with the factory of one of them");
        }
        Lease<?> lease = lease(service, factories.getFirst(), deadline);
        Object connection = lease.connection();
        if (!type.isInstance(connection)) {
            lease.close();
            throw new IllegalArgumentException("connections of service '" + service + "' are '"
                    + connection.getClass().getName() + "' but '" + type.getName() + "' was asked for");
        }
        @SuppressWarnings("unchecked")
        Lease<C> typed = (Lease<C>) lease;
        return typed;
    }

    /// Leases a connection of one kind, for plugins that have several.
    public <C> Lease<C> lease(String service, ConnectionFactory<?, C> factory, Deadline deadline)
            throws InterruptedException {
        try {
            return connections.lease(service, factory, deadline);
        } catch (LeaseException e) {
            throw new FailureException(e.outcome().failure(), e.outcome().message(), e);
        }
    }

    /// How a service's connections do.
    public Figures figures(String service) {
        PoolFigures all = registry.figures().stream()
                .filter(figures -> figures.service().equals(service(service).name()))
                .findFirst()
                .orElseThrow();
        return new Figures(
                all.max(),
                all.open(),
                all.inUse(),
                all.idle(),
                all.waiting(),
                all.opened(),
                all.closed(),
                all.openFailed(),
                all.leases(),
                all.reused(),
                all.leaked(),
                Duration.ofNanos(Math.round(all.waitMs().p99() * 1_000_000)));
    }

    /// Closes idle connections that are past their time.
    public void evictStale() {
        registry.evictStale();
    }

    /// Closes all idle connections now, and those that are lent when they come back.
    public void clear() {
        registry.clear();
    }

    /// Idempotent.
    @Override
    public void close() {
        connections.close();
        registry.close();
    }

    private Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException(
                    "service '" + name + "' is not declared; there are " + services.keySet());
        }
        return service;
    }

    private record Service(String name, Record settings, PoolSettings pool, List<ConnectionFactory<?, ?>> factories) {}

    /// How the connections of one service do.
    ///
    /// @param max        most connections that may be open at once, over all hosts
    /// @param open       connections that are open now
    /// @param inUse      of these, how many are lent
    /// @param idle       of these, how many are not
    /// @param waiting    callers that wait for one
    /// @param opened     connections that were ever opened
    /// @param closed     of these, how many were closed
    /// @param openFailed attempts to open one that failed
    /// @param leases     how often a connection was lent
    /// @param reused     of these, how often it was open already
    /// @param leaked     leases that were held for too long or never given back
    /// @param waitP99    what 99 % of the callers waited at most
    public record Figures(
            long max,
            long open,
            long inUse,
            long idle,
            long waiting,
            long opened,
            long closed,
            long openFailed,
            long leases,
            long reused,
            long leaked,
            Duration waitP99) {}

    /// Collects what a registry is made of. Not thread-safe.
    public static final class Builder {

        private final List<ProtocolPlugin> plugins = new ArrayList<>();
        private final Map<String, Service> services = new LinkedHashMap<>();
        private Duration openTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /// A plugin whose services may be connected to.
        public Builder plugin(ProtocolPlugin plugin) {
            plugins.add(requireNonNull(plugin, "plugin"));
            return this;
        }

        /// A service with the pool's defaults.
        ///
        /// @param settings the plugin's settings record, which says where it is
        public Builder connect(String name, Record settings) {
            return connect(name, settings, PoolSettings.defaults());
        }

        /// A service.
        public Builder connect(String name, Record settings, PoolSettings pool) {
            Service service = new Service(
                    requireNonNull(name, "name"),
                    requireNonNull(settings, "settings"),
                    requireNonNull(pool, "pool"),
                    List.of());
            if (services.put(name, service) != null) {
                throw new IllegalArgumentException("service '" + name + "' is declared twice");
            }
            return this;
        }

        /// How long opening the pools' least connections may take; 30 seconds unless said otherwise.
        public Builder openTimeout(Duration timeout) {
            this.openTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /// Opens each pool's least number of connections (`min`), all at once.
        ///
        /// @throws io.turbulence.api.TurbulenceException when some could not be opened, with every failure in
        ///                                               the message
        /// @throws IllegalArgumentException              when no plugin has a service with a declared settings
        ///                                               record
        public ConnectionRegistry open() throws InterruptedException {
            Registry.Builder builder = Registry.builder().run("library").json(JsonCodec.INSTANCE);
            Map<String, Service> declared = new LinkedHashMap<>();
            for (Service service : services.values()) {
                List<ConnectionFactory<?, ?>> factories = factories(service);
                declared.put(
                        service.name(), new Service(service.name(), service.settings(), service.pool(), factories));
                builder.service(service.name(), service.settings(), service.pool());
                factories.forEach(factory -> builder.connect(service.name(), factory));
            }
            Registry registry = builder.build();
            registry.open(Deadline.after(openTimeout, "open timeout of " + openTimeout));
            return new ConnectionRegistry(registry, Map.copyOf(declared));
        }

        private List<ConnectionFactory<?, ?>> factories(Service service) {
            Map<String, ConnectionFactory<?, ?>> found = new LinkedHashMap<>();
            for (ProtocolPlugin plugin : plugins) {
                for (ProtocolAction<?, ?> action : plugin.actions()) {
                    ConnectionFactory<?, ?> factory = action.connection();
                    if (factory.settings().isInstance(service.settings())
                            && !(factory instanceof ConnectionFactory.Subscribed<?>)) {
                        found.putIfAbsent(factory.getClass().getName() + "/" + factory.name(), factory);
                    }
                }
            }
            if (found.isEmpty()) {
                throw new IllegalArgumentException("service '" + service.name() + "' has settings '"
                        + service.settings().getClass().getName()
                        + "' but no plugin was given that connects with them");
            }
            return List.copyOf(found.values());
        }
    }
}
