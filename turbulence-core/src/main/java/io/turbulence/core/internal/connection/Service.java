package io.turbulence.core.internal.connection;

import io.turbulence.api.Endpoint;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A declared service and its pools: one for each kind of connection and each place. Thread-safe.
final class Service {

    private static final int DEFAULT_EXCLUSIVE = 10;
    private static final int DEFAULT_SHARED = 1;

    private final Environment environment;
    private final String name;
    private final Record settings;
    private final PoolSettings poolSettings;
    private final int concurrency;
    private final Consumer<Pool<?>> made;
    private final List<Kind> kinds = new CopyOnWriteArrayList<>();
    private final Map<Channel, Hub> hubs = new ConcurrentHashMap<>();
    private final Common common = new Common();

    /// @param concurrency how many instances run at once: the default of `max` where each has its own
    /// @param made        told of every pool when it is made
    Service(
            Environment environment,
            String name,
            Record settings,
            PoolSettings poolSettings,
            int concurrency,
            Consumer<Pool<?>> made) {
        this.environment = environment;
        this.name = name;
        this.settings = settings;
        this.poolSettings = poolSettings;
        this.concurrency = concurrency;
        this.made = made;
    }

    String name() {
        return name;
    }

    /// The pool for connections of this kind to this place; made when first asked for.
    ///
    /// @throws IllegalArgumentException for a factory of subscriptions
    <C> Pool<C> pool(ConnectionFactory<?, C> factory, Endpoint endpoint) {
        Kind kind = kind(factory);
        Pool<?> known = kind.recent;
        if (known == null || !known.host().endpoint().equals(endpoint)) {
            known = kind.pools.get(endpoint);
            if (known == null) {
                known = kind.pools.computeIfAbsent(endpoint, place -> make(factory, place));
            }
            kind.recent = known;
        }
        // One kind has one type of connection
        @SuppressWarnings("unchecked")
        Pool<C> pool = (Pool<C>) known;
        return pool;
    }

    /// The pool for the service's own place.
    <C> Pool<C> pool(ConnectionFactory<?, C> factory) {
        return pool(factory, mainEndpoint(factory));
    }

    PoolFigures figures() {
        Tally all = new Tally();
        Map<String, Tally> byHost = new TreeMap<>(Comparator.naturalOrder());
        for (Pool<?> pool : pools()) {
            Tally tally = new Tally();
            pool.addTo(tally);
            all.add(tally);
            byHost.computeIfAbsent(pool.host().endpoint().authority(), host -> new Tally())
                    .add(tally);
        }
        Map<String, PoolFigures> hosts = new TreeMap<>();
        byHost.forEach((host, tally) -> hosts.put(host, tally.figures(name, Map.of())));
        return all.figures(name, hosts);
    }

    List<Outage> outages() {
        return pools().stream().flatMap(pool -> pool.host().outages().stream()).toList();
    }

    private List<Pool<?>> pools() {
        List<Pool<?>> all = new ArrayList<>();
        kinds.forEach(kind -> all.addAll(kind.pools.values()));
        all.addAll(hubs.values());
        return all;
    }

    private Kind kind(ConnectionFactory<?, ?> factory) {
        for (Kind kind : kinds) {
            if (kind.isOf(factory)) {
                return kind;
            }
        }
        synchronized (kinds) {
            for (Kind kind : kinds) {
                if (kind.isOf(factory)) {
                    return kind;
                }
            }
            Kind kind = new Kind(factory);
            kinds.add(kind);
            return kind;
        }
    }

    private <C> Pool<C> make(ConnectionFactory<?, C> factory, Endpoint endpoint) {
        String title = factory.name().isEmpty() ? name : name + " " + factory.name();
        if (!endpoint.equals(mainEndpoint(factory))) {
            title += " (" + endpoint.authority() + ")";
        }
        PoolSettings resolved = resolved(factory, endpoint);
        Pool<C> pool = make(factory, title, endpoint, resolved);
        made.accept(pool);
        return pool;
    }

    private <S extends Record, C> Pool<C> make(
            ConnectionFactory<S, C> factory, String title, Endpoint endpoint, PoolSettings resolved) {
        int max = resolved.max() == null ? DEFAULT_EXCLUSIVE : resolved.max();
        if (factory instanceof ConnectionFactory.Pooled<S, C> pooled) {
            S bound = factory.settings().cast(settings);
            Connector<ConnectionPool<C>> connector = new ForeignPool.OfPooled<>(pooled, bound);
            return new ForeignPool<>(
                    new Host<>(environment, common, guarded(connector, factory), name, title, endpoint, resolved), max);
        }
        Host<C> host = new Host<>(
                environment,
                common,
                guarded(Connector.of(factory, settings), factory),
                name,
                title,
                endpoint,
                resolved);
        if (resolved.scope() != PoolSettings.Scope.RUN) {
            boolean kept = resolved.scope() == PoolSettings.Scope.INSTANCE;
            return new ScopedPool<>(host, max, kept, kept && factory.holdsConversation());
        }
        return switch (factory) {
            case ConnectionFactory.Exclusive<S, C> exclusive -> new ExclusivePool<>(host, max);
            case ConnectionFactory.Shared<S, C> shared -> new SharedPool<>(host, max);
            case ConnectionFactory.Negotiated<S, C> negotiated -> new NegotiatedPool<>(host);
            case ConnectionFactory.Pooled<S, C> pooled ->
                throw new IllegalArgumentException(pooled.getClass().getName());
            case ConnectionFactory.Subscribed<?> subscribed ->
                throw new IllegalArgumentException(subscribed.getClass().getName());
        };
    }

    /// The subscription to a channel; made when first asked for, opened by its first user.
    Hub subscription(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
        Channel channel = new Channel(kind(factory), request);
        Hub hub = hubs.get(channel);
        return hub != null ? hub : hubs.computeIfAbsent(channel, key -> makeHub(factory, request));
    }

    /// The subscriptions that there are by now.
    Collection<Hub> hubs() {
        return hubs.values();
    }

    List<SubscriptionFigures> subscriptions() {
        return Stream.concat(hubs.values().stream().map(Hub::figures), common.figures(name).stream())
                .sorted(Comparator.comparing(SubscriptionFigures::channel))
                .toList();
    }

    private <S extends Record> Hub makeHub(ConnectionFactory.Subscribed<S> factory, SubscriptionRequest request) {
        S bound = factory.settings().cast(settings);
        Endpoint endpoint = mainEndpoint(factory);
        Connector<Subscription> connector = new Hub.OfSubscribed<>(factory, bound, request);
        Host<Subscription> host = new Host<>(
                environment,
                common,
                guarded(connector, factory),
                name,
                name + " '" + request.channel() + "'",
                endpoint,
                resolved(factory, endpoint));
        Hub hub = new Hub(host, request, factory.connects());
        made.accept(hub);
        return hub;
    }

    private record Channel(Kind kind, SubscriptionRequest request) {}

    private PoolSettings resolved(ConnectionFactory<?, ?> factory, Endpoint endpoint) {
        PoolSettings.PerHost override = override(endpoint);
        Integer max = poolSettings.max();
        Duration idle = poolSettings.idleTimeout();
        if (override != null && override.max() != null) {
            max = override.max();
        }
        if (override != null && override.idleTimeout() != null) {
            idle = override.idleTimeout();
        }
        if (max == null) {
            max = switch (poolSettings.scope()) {
                case INSTANCE, STEP -> Integer.valueOf(concurrency);
                case RUN -> defaultMax(factory);
            };
        }
        return new PoolSettings(
                max,
                poolSettings.min(),
                poolSettings.scope(),
                poolSettings.acquireTimeout(),
                poolSettings.connectTimeout(),
                idle,
                poolSettings.maxLifetime(),
                poolSettings.healthCheckInterval(),
                poolSettings.leakAfter(),
                poolSettings.perHost());
    }

    private PoolSettings.@Nullable PerHost override(Endpoint endpoint) {
        for (Map.Entry<String, PoolSettings.PerHost> entry :
                poolSettings.perHost().entrySet()) {
            if (entry.getKey().equalsIgnoreCase(endpoint.authority())) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static @Nullable Integer defaultMax(ConnectionFactory<?, ?> factory) {
        return switch (factory) {
            case ConnectionFactory.Exclusive<?, ?> exclusive -> exclusive.defaultMax();
            case ConnectionFactory.Pooled<?, ?> pooled -> DEFAULT_EXCLUSIVE;
            case ConnectionFactory.Shared<?, ?> shared -> DEFAULT_SHARED;
            case ConnectionFactory.Subscribed<?> subscribed -> DEFAULT_SHARED;
            // Known when the first is open
            case ConnectionFactory.Negotiated<?, ?> negotiated -> null;
        };
    }

    private <S extends Record> Endpoint mainEndpoint(ConnectionFactory<S, ?> factory) {
        PluginScope scope = PluginScope.of(factory);
        ClassLoader before = scope.enter();
        try {
            return factory.endpoint(factory.settings().cast(settings));
        } finally {
            scope.exit(before);
        }
    }

    private <C> Connector<C> guarded(Connector<C> connector, ConnectionFactory<?, ?> factory) {
        return new GuardedConnector<>(
                connector,
                PluginScope.of(factory),
                "a connection of '" + name + "'",
                factory.getClass().getName());
    }

    private static final class Kind {

        private final ConnectionFactory<?, ?> factory;
        private final Map<Endpoint, Pool<?>> pools = new ConcurrentHashMap<>();
        private volatile @Nullable Pool<?> recent;

        Kind(ConnectionFactory<?, ?> factory) {
            this.factory = factory;
        }

        /// A factory keeps no state: two of one class and name are the same kind.
        boolean isOf(ConnectionFactory<?, ?> other) {
            return factory.getClass() == other.getClass() && factory.name().equals(other.name());
        }
    }
}
