package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Json;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.SubscriptionRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// All connections of one run: opened, lent, aged, checked, counted and closed here and nowhere else.
///
/// It goes from new over opening to open, from there over draining to closed; closing is legal in every
/// state. Thread-safe.
public final class Registry implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(250);

    private final Duration longestClose;
    private final Environment environment;
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final List<Declared> declared;
    private final boolean selfKept;

    private final Object lock = new Object();

    // Guarded by lock
    private final List<Pool<?>> pools = new ArrayList<>();
    private @Nullable Thread housekeeper;

    private volatile State state = State.NEW;

    private Registry(Builder builder) {
        this.longestClose = builder.longestClose;
        Closer closer = new Closer(builder.run, builder.log);
        this.environment = new Environment(
                builder.run,
                builder.nanoClock,
                builder.epoch,
                builder.nanoClock.getAsLong(),
                requireNonNull(builder.json, "json"),
                builder.log,
                builder.traceLeases,
                closer,
                new Chores(builder.run));
        builder.services.forEach((name, service) -> services.put(
                name,
                new Service(environment, name, service.settings(), service.pool(), builder.concurrency, this::pooled)));
        this.declared = List.copyOf(builder.declared);
        this.selfKept = builder.housekeeping;
    }

    private enum State {
        NEW,
        OPENING,
        OPEN,
        DRAINING,
        CLOSED
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Opens what must stand before the first instance: `pool.min` connections of each declared kind, all at
    /// once.
    ///
    /// @throws RegistryOpenException with every failure
    public void open(Deadline deadline) throws InterruptedException {
        synchronized (lock) {
            if (state != State.NEW) {
                throw new IllegalStateException("the registry is " + text(state) + "; it is opened once, when new");
            }
            state = State.OPENING;
        }
        List<LeaseException> failures = openDeclared(deadline);
        synchronized (lock) {
            if (state != State.OPENING) {
                throw new RegistryClosedException("the registry was closed while it was opening");
            }
            if (failures.isEmpty()) {
                state = State.OPEN;
                startHousekeeper();
                return;
            }
        }
        RegistryOpenException failed = new RegistryOpenException(failures);
        try {
            close();
        } catch (RuntimeException e) {
            failed.addSuppressed(e);
        }
        throw failed;
    }

    /// The registry as one running instance sees it. The caller closes it when the instance ends.
    public InstanceConnections instance(Holder holder) {
        return new InstanceConnections(this, holder);
    }

    /// The registry as a program without instances sees it: holders are the threads that lease. The caller closes it
    /// before the registry.
    public InstanceConnections shared() {
        return new InstanceConnections(this, null);
    }

    /// How each service's connections do, in the order of declaration. May be asked at any time.
    public List<PoolFigures> figures() {
        return services.values().stream().map(Service::figures).toList();
    }

    /// What became of the messages of each subscription. Final once the registry is closed.
    public List<SubscriptionFigures> subscriptions() {
        return services.values().stream()
                .flatMap(service -> service.subscriptions().stream())
                .toList();
    }

    /// When services could not be reached, at most a hundred times for each host.
    public List<Outage> outages() {
        return services.values().stream()
                .flatMap(service -> service.outages().stream())
                .toList();
    }

    /// Closes idle connections that are past their time.
    public void evictStale() {
        madePools().forEach(Pool::evictStale);
    }

    /// Closes all idle connections now, and those that are lent when they come back. New ones are opened when
    /// they are asked for.
    public void clear() {
        madePools().forEach(Pool::clear);
    }

    /// Ends lending and waits until every lease came back.
    ///
    /// @return how many were still out at the deadline
    public int drain(Deadline deadline) throws InterruptedException {
        stop();
        while (true) {
            int lent = madePools().stream().mapToInt(Pool::lent).sum();
            if (lent == 0 || deadline.expired()) {
                return lent;
            }
            long pause = Math.min(TimeUnit.MILLISECONDS.toNanos(2), deadline.remainingNanos());
            LockSupport.parkNanos(this, pause);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// Closes every connection, the newest kind first, also those whose lease did not come back, which are
    /// reported as leaked. Idempotent, legal in every state.
    ///
    /// @throws RegistryCloseException when some did not close well, each as a suppressed exception
    @Override
    public void close() {
        // Before anything is closed: stopping closes idle connections already
        environment.closer().collect();
        stop();
        Thread keeper;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            keeper = housekeeper;
        }
        if (keeper != null) {
            keeper.interrupt();
        }
        environment.chores().end();
        closeAll(keeper);
    }

    <C> Pool<C> pool(String service, ConnectionFactory<?, C> factory, Endpoint endpoint) {
        requireOpen(service);
        return service(service).pool(factory, endpoint);
    }

    <C> Pool<C> pool(String service, ConnectionFactory<?, C> factory) {
        requireOpen(service);
        return service(service).pool(factory);
    }

    Hub subscription(String service, ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
        requireOpen(service);
        return service(service).subscription(factory, request);
    }

    /// Says from which message on an instance that starts now may be meant.
    void begin(InstanceConnections instance) {
        services.values().forEach(service -> service.hubs().forEach(hub -> hub.begin(instance)));
    }

    private void requireOpen(String service) {
        State now = state;
        if (now != State.OPEN) {
            throw new RegistryClosedException("'" + service + "': no connection is lent; the registry is " + text(now));
        }
    }

    /// What is to be done from time to time.
    void housekeep() {
        long now = environment.now();
        for (Pool<?> pool : madePools()) {
            try {
                pool.housekeep(now);
            } catch (RuntimeException e) {
                environment.log().log(Level.WARNING, pool.host().title() + ": looking after the connections failed", e);
            }
        }
    }

    private Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException(
                    "service '" + name + "' is not declared; there are " + services.keySet());
        }
        return service;
    }

    private List<LeaseException> openDeclared(Deadline deadline) throws InterruptedException {
        List<LeaseException> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        // Several steps use one pool
        Set<Pool<?>> used = new LinkedHashSet<>();
        declared.forEach(each -> used.add(pool(each)));
        for (Pool<?> pool : used) {
            threads.add(Thread.ofVirtual()
                    .name("turbulence-" + environment.run() + "-opening")
                    .start(() -> {
                        try {
                            failures.addAll(pool.fill(deadline));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
        return List.copyOf(failures);
    }

    private Pool<?> pool(Declared each) {
        Service service = service(each.service());
        SubscriptionRequest request = each.request();
        return request != null && each.factory() instanceof ConnectionFactory.Subscribed<?> subscribed
                ? service.subscription(subscribed, request)
                : service.pool(each.factory());
    }

    private void stop() {
        synchronized (lock) {
            if (state == State.DRAINING || state == State.CLOSED) {
                return;
            }
            state = State.DRAINING;
        }
        environment.closer().collect();
        madePools().forEach(Pool::stop);
    }

    private void closeAll(@Nullable Thread keeper) {
        Closer closer = environment.closer();
        Deadline deadline = Deadline.after(longestClose, "closing");
        List<Throwable> failures = new ArrayList<>();
        boolean interrupted = false;
        for (Pool<?> pool : madePools().reversed()) {
            pool.closeAll();
            try {
                closer.await(deadline);
            } catch (InterruptedException e) {
                // Closing goes on; the caller learns of it afterwards
                interrupted = true;
            }
        }
        try {
            // What these held or opened meanwhile is closed too
            if (keeper == null || keeper.join(deadline.remaining())) {
                environment.chores().await(deadline);
            }
            closer.await(deadline);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        failures.addAll(closer.failures());
        failures.addAll(closer.giveUp(longestClose));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!failures.isEmpty()) {
            throw new RegistryCloseException(failures);
        }
    }

    private void pooled(Pool<?> pool) {
        boolean late;
        synchronized (lock) {
            pools.add(pool);
            late = state == State.DRAINING || state == State.CLOSED;
        }
        if (late) {
            pool.stop();
        }
    }

    private List<Pool<?>> madePools() {
        synchronized (lock) {
            return List.copyOf(pools);
        }
    }

    private void startHousekeeper() {
        if (selfKept) {
            housekeeper = Thread.ofPlatform()
                    .name("turbulence-" + environment.run() + "-housekeeper")
                    .daemon(true)
                    .start(this::keepHouse);
        }
    }

    private void keepHouse() {
        while (state == State.OPEN || state == State.DRAINING) {
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                return;
            }
            housekeep();
        }
    }

    private static String text(State state) {
        return switch (state) {
            case NEW -> "not open yet";
            case OPENING -> "still opening";
            case OPEN -> "open";
            case DRAINING -> "draining";
            case CLOSED -> "closed";
        };
    }

    private record Declared(
            String service,
            ConnectionFactory<?, ?> factory,
            @Nullable SubscriptionRequest request) {}

    private record Settings(Record settings, PoolSettings pool) {}

    /// Collects what a registry is made of. Not thread-safe.
    public static final class Builder {

        private final Map<String, Settings> services = new LinkedHashMap<>();
        private final List<Declared> declared = new ArrayList<>();
        private String run = "run";
        private int concurrency = 1;
        private LongSupplier nanoClock = System::nanoTime;
        private Instant epoch = Instant.now();
        private @Nullable Json json;
        private Logger log = System.getLogger(Registry.class.getName());
        private boolean traceLeases;
        private boolean housekeeping = true;
        private Duration longestClose = Duration.ofSeconds(10);

        private Builder() {}

        /// A service that may be leased from.
        ///
        /// @param settings what its factories are given
        public Builder service(String name, Record settings, PoolSettings pool) {
            requireNonNull(settings, "settings");
            requireNonNull(pool, "pool");
            if (services.put(name, new Settings(settings, pool)) != null) {
                throw new IllegalArgumentException("service '" + name + "' is declared twice");
            }
            return this;
        }

        /// Says that connections of this kind will be used, so that `pool.min` of them are opened before the
        /// run.
        public Builder connect(String service, ConnectionFactory<?, ?> factory) {
            if (!(factory instanceof ConnectionFactory.Subscribed<?>)) {
                declared.add(new Declared(service, factory, null));
            }
            return this;
        }

        /// A channel that is opened and positioned before the run. Declaring it twice is fine.
        public Builder subscription(
                String service, ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
            declared.add(new Declared(service, factory, request));
            return this;
        }

        /// How long closing everything may take; what takes longer is given up and told.
        public Builder longestClose(Duration most) {
            this.longestClose = most;
            return this;
        }

        /// How many instances run at once: the default of `max` where each instance or step has its own.
        public Builder concurrency(int instances) {
            this.concurrency = Math.max(1, instances);
            return this;
        }

        /// Names threads.
        public Builder run(String id) {
            this.run = requireNonNull(id, "id");
            return this;
        }

        public Builder json(Json codec) {
            this.json = codec;
            return this;
        }

        public Builder log(Logger logger) {
            this.log = requireNonNull(logger, "logger");
            return this;
        }

        /// Has every lease remember the stack that took it, for reports of leaks. Costly.
        public Builder traceLeases(boolean trace) {
            this.traceLeases = trace;
            return this;
        }

        /// Another clock than [System#nanoTime], and what the wall clock says now.
        public Builder clock(LongSupplier nanos, Instant now) {
            this.nanoClock = requireNonNull(nanos, "nanos");
            this.epoch = requireNonNull(now, "now");
            return this;
        }

        /// For tests that call [Registry#housekeep] themselves.
        Builder withoutHousekeeper() {
            this.housekeeping = false;
            return this;
        }

        public Registry build() {
            return new Registry(this);
        }
    }
}
