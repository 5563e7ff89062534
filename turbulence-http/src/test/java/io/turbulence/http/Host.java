package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.FailureException;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.testkit.SimpleJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The least host that an action needs: keeps one idle connection for each endpoint and plays one
/// instance, one step after the other.
final class Host implements AutoCloseable {

    final HttpConnections connections = new HttpConnections();
    final Map<Endpoint, Deque<HttpConnection>> idle = new HashMap<>();
    final List<Phase> phases = new CopyOnWriteArrayList<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    final Map<String, Object> instanceState = new HashMap<>();
    final Map<String, Object> runState = new HashMap<>();
    final HttpService service;
    boolean verbose;
    Duration timeout = Duration.ofSeconds(10);
    int opened;
    int discarded;

    Host(HttpService service) {
        this.service = service;
    }

    static Host at(int port) {
        return new Host(HttpService.of("http://127.0.0.1:" + port));
    }

    Host within(Duration limit) {
        timeout = limit;
        return this;
    }

    Observation get(String path) {
        return send(Requests.get(path));
    }

    Observation send(HttpRequest settings) {
        return run(new HttpAction(connections), settings);
    }

    /// Looks at an observation while the connection is held.
    interface Look {
        void at(Observation observation) throws Exception;
    }

    <S extends Record> Observation run(ProtocolAction<S, HttpConnection> action, S settings) {
        return run(action, settings, observation -> {});
    }

    <S extends Record> Observation run(ProtocolAction<S, HttpConnection> action, S settings, Look look) {
        Deadline deadline = Deadline.after(timeout, "timeout of " + timeout.toMillis() + " ms");
        Endpoint endpoint = action.endpoint(settings, connections.endpoint(service));
        phases.clear();
        hooks.clear();
        try (Lease<HttpConnection> lease = lease(endpoint, deadline)) {
            Observation observation = action.execute(settings, lease.connection(), new Context(deadline));
            look.at(observation);
            return observation;
        } catch (FailureException e) {
            return Observation.failed(HttpAction.TRANSPORT, Outcome.Failed.of(e));
        } catch (Exception e) {
            return Observation.failed(HttpAction.TRANSPORT, action.classify(e));
        }
    }

    private Lease<HttpConnection> lease(Endpoint endpoint, Deadline deadline) {
        HttpConnection pooled =
                idle.computeIfAbsent(endpoint, e -> new ArrayDeque<>()).poll();
        HttpConnection connection = pooled == null ? open(endpoint, deadline) : pooled;
        return new HostLease(endpoint, connection);
    }

    /// Opens one that the caller keeps and closes.
    HttpConnection openAnother(Deadline deadline) {
        return open(connections.endpoint(service), deadline);
    }

    private HttpConnection open(Endpoint endpoint, Deadline deadline) {
        opened++;
        return connections.open(service, new Opening(endpoint, deadline));
    }

    @Override
    public void close() {
        idle.values().forEach(queue -> queue.forEach(connections::close));
        idle.clear();
    }

    private final class HostLease implements Lease<HttpConnection> {

        private final Endpoint endpoint;
        private final HttpConnection connection;
        private boolean closed;
        private boolean invalid;

        private HostLease(Endpoint endpoint, HttpConnection connection) {
            this.endpoint = endpoint;
            this.connection = connection;
        }

        @Override
        public HttpConnection connection() {
            return connection;
        }

        @Override
        public Instant createdAt() {
            return Instant.EPOCH;
        }

        @Override
        public Instant lastUsedAt() {
            return Instant.EPOCH;
        }

        @Override
        public long uses() {
            return 1;
        }

        @Override
        public void invalidate() {
            invalid = true;
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                if (!invalid) {
                    connections.reset(connection);
                    idle.computeIfAbsent(endpoint, e -> new ArrayDeque<>()).add(connection);
                    return;
                }
            } catch (ConnectionSpent e) {
                discarded++;
            }
            connections.close(connection);
        }
    }

    private final class Opening implements OpenContext {

        private final Endpoint endpoint;
        private final Deadline deadline;

        private Opening(Endpoint endpoint, Deadline deadline) {
            this.endpoint = endpoint;
            this.deadline = deadline;
        }

        @Override
        public String service() {
            return "api";
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
            return PoolSettings.defaults();
        }

        @Override
        public void mark(Phase phase) {
            phases.add(phase);
        }

        @Override
        public Json json() {
            return new SimpleJson();
        }

        @Override
        public Mailbox mailbox(String name) {
            throw new UnsupportedOperationException("mailbox");
        }

        @Override
        public <T> T common(Class<T> type, Supplier<? extends T> initial) {
            return initial.get();
        }
    }

    final class Context implements ActionContext {

        private final Deadline deadline;
        private final List<Lease<?>> leases = new ArrayList<>();

        Context(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public String instanceId() {
            return "instance-1";
        }

        @Override
        public long instance() {
            return 1;
        }

        @Override
        public String step() {
            return "step";
        }

        @Override
        public String service() {
            return "api";
        }

        @Override
        public String correlationId() {
            return "correlation-1";
        }

        @Override
        public String traceparent() {
            return "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) {
            Lease<HttpConnection> lease = Host.this.lease(endpoint, deadline);
            leases.add(lease);
            return (Lease<C>) lease;
        }

        @Override
        public Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
            throw new UnsupportedOperationException("inbox");
        }

        @Override
        public <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial) {
            return type.cast(instanceState.computeIfAbsent(key, k -> initial.get()));
        }

        @Override
        public <T> T runState(String key, Class<T> type, Supplier<? extends T> initial) {
            return type.cast(runState.computeIfAbsent(key, k -> initial.get()));
        }

        @Override
        public void onCancel(Runnable hook) {
            hooks.add(hook);
        }

        @Override
        public void mark(Phase phase) {
            phases.add(phase);
        }

        @Override
        public Json json() {
            return new SimpleJson();
        }

        @Override
        public boolean verbose() {
            return verbose;
        }

        @Override
        public void tell(String line) {
            told.add(line);
        }
    }
}
