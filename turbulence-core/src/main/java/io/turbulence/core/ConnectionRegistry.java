package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.api.FailureException;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.LeaseException;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.Registry;
import io.turbulence.core.internal.connection.RegistryOpenException;
import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import io.turbulence.core.internal.engine.load.Loader;
import io.turbulence.core.internal.engine.load.Source;
import io.turbulence.core.internal.engine.load.Sources;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.plugin.PublicTypes;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Connections of any protocol that there is a plugin for, pooled, checked and counted, without scenarios.
///
/// ```java
/// try (var registry = ConnectionRegistry.builder()
///         .connect("api", Service.of("http").set("base_url", "http://localhost:8080").pool("max", 20))
///         .open();
///     var lease = registry.lease("api", HttpConnection.class)) {
///     lease.connection().get("/health", Deadline.after(Duration.ofSeconds(5), "health check"));
/// }
/// ```
///
/// Thread-safe. Closing it closes every connection, also those whose lease was not given back.
public final class ConnectionRegistry implements AutoCloseable {

    private final Registry registry;
    private final InstanceConnections connections;
    private final Map<String, Declared> services;

    private final PluginCatalog catalog;

    private ConnectionRegistry(Registry registry, Map<String, Declared> services, PluginCatalog catalog) {
        this.registry = registry;
        this.catalog = catalog;
        this.services = services;
        this.connections = registry.shared();
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
        Declared declared = service(service);
        List<ConnectionFactory<?, ?>> factories = declared.factories();
        if (factories.size() != 1) {
            throw new IllegalArgumentException("service '" + service + "' has " + factories.size()
                    + " kinds of connection; lease it with the factory of one of them");
        }
        Lease<?> lease = lease(service, factories.getFirst(), deadline);
        Object connection = lease.connection();
        if (!type.isInstance(connection)) {
            lease.close();
            throw new IllegalArgumentException("connections of service '" + service + "' are leased as "
                    + PublicTypes.of(connection) + " but '" + type.getName()
                    + "' was asked for");
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
        try {
            registry.close();
        } finally {
            catalog.close();
        }
    }

    private Declared service(String name) {
        Declared service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException(
                    "service '" + name + "' is not declared; there are " + services.keySet());
        }
        return service;
    }

    private record Declared(String name, Record settings, PoolSettings pool, List<ConnectionFactory<?, ?>> factories) {}

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

        private static final Duration NO_STEPS = Duration.ofSeconds(30);

        private final List<ProtocolPlugin> plugins = new ArrayList<>();
        private final Map<String, Declared> services = new LinkedHashMap<>();
        private SystemUnderTest described = SystemUnderTest.named("library");
        private final Set<String> names = new HashSet<>();
        private Duration openTimeout = Duration.ofSeconds(30);
        private boolean traceLeases;

        private Builder() {}

        /// A plugin whose services may be connected to. Without any, those on the class path.
        public Builder plugin(ProtocolPlugin plugin) {
            plugins.add(requireNonNull(plugin, "plugin"));
            return this;
        }

        /// A service by the keys that it has in a system file, its `pool` among them. They are checked when the
        /// registry is opened, as a file's are.
        public Builder connect(String name, Service service) {
            require(name);
            described = described.service(name, requireNonNull(service, "service"));
            return this;
        }

        /// A service with the pool's defaults, of a plugin whose settings are public.
        ///
        /// @param settings the plugin's settings record, which says where it is
        public Builder connect(String name, Record settings) {
            return connect(name, settings, PoolSettings.defaults());
        }

        /// A service of a plugin whose settings are public.
        public Builder connect(String name, Record settings, PoolSettings pool) {
            require(name);
            services.put(
                    name,
                    new Declared(name, requireNonNull(settings, "settings"), requireNonNull(pool, "pool"), List.of()));
            return this;
        }

        private void require(String name) {
            if (!names.add(requireNonNull(name, "name"))) {
                throw new IllegalArgumentException("service '" + name + "' is declared twice");
            }
        }

        /// How long opening the pools' least connections may take; 30 seconds unless said otherwise.
        public Builder openTimeout(Duration timeout) {
            this.openTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /// Whether every lease remembers the stack that took it, for reports of leaks in the log. Costly; false unless
        /// said otherwise.
        public Builder traceLeases(boolean trace) {
            this.traceLeases = trace;
            return this;
        }

        /// Opens each pool's least number of connections (`min`), all at once.
        ///
        /// @throws ConnectionsException                  when connections could not be opened, with every failure in
        ///                                               the message
        /// @throws DefinitionException                   when a service is described wrongly
        /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
        /// @throws IllegalArgumentException              when no plugin has a service with a declared settings
        ///                                               record
        public ConnectionRegistry open() throws InterruptedException {
            PluginCatalog catalog = plugins.isEmpty()
                    ? PluginCatalog.load(ConnectionRegistry.class.getClassLoader(), List.of())
                    : PluginCatalog.of(plugins.toArray(ProtocolPlugin[]::new));
            boolean opened = false;
            try {
                ConnectionRegistry registry = open(catalog);
                opened = true;
                return registry;
            } finally {
                if (!opened) {
                    catalog.close();
                }
            }
        }

        private ConnectionRegistry open(PluginCatalog catalog) throws InterruptedException {
            Map<String, Declared> declared = new LinkedHashMap<>(services);
            described(catalog)
                    .forEach((name, bound) ->
                            declared.put(name, new Declared(name, bound.settings(), bound.pool(), List.of())));
            Registry.Builder builder =
                    Registry.builder().run("library").json(JsonCodec.INSTANCE).traceLeases(traceLeases);
            declared.replaceAll((name, service) ->
                    new Declared(name, service.settings(), service.pool(), factories(service, catalog)));
            for (Declared service : declared.values()) {
                builder.service(service.name(), service.settings(), service.pool());
                service.factories().forEach(factory -> builder.connect(service.name(), factory));
            }
            Registry registry = builder.build();
            try {
                registry.open(Deadline.after(openTimeout, "open timeout of " + openTimeout));
            } catch (RegistryOpenException e) {
                throw new ConnectionsException(e);
            }
            return new ConnectionRegistry(registry, Map.copyOf(declared), catalog);
        }

        private Map<String, Loader.Bound> described(PluginCatalog catalog) {
            Map<String, String> values = Variables.merge(List.of(), Map.of());
            Sources sources = new Sources(
                    new Source.InCode(described.node()),
                    List.of(),
                    null,
                    values,
                    Set.of(),
                    Set.of(),
                    Variables.integer(values, Variables.POOL_MAX),
                    NO_STEPS);
            try {
                return new Loader(catalog, sources).services();
            } catch (InvalidDefinitionException e) {
                throw new DefinitionException(e);
            }
        }

        private static List<ConnectionFactory<?, ?>> factories(Declared service, PluginCatalog catalog) {
            Map<String, ConnectionFactory<?, ?>> found = new LinkedHashMap<>();
            for (LoadedAction action : catalog.actions()) {
                ConnectionFactory<?, ?> factory = action.action().connection();
                if (factory.settings().isInstance(service.settings())
                        && !(factory instanceof ConnectionFactory.Subscribed<?>)) {
                    found.putIfAbsent(factory.getClass().getName() + "/" + factory.name(), factory);
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
