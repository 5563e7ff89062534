package io.turbulence.testkit;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Phase;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// The host's side of one instance, which writes down what an action says: marks, lines told, hooks
/// for cancelling, second leases. Its deadline is ten seconds unless another is set.
///
/// [#cancel] does what the host does when an instance is cancelled: it runs the hooks, newest first.
/// Closing it closes what the instance kept. Recorded things may be read from any thread.
public final class FakeActionContext implements ActionContext, AutoCloseable {

    private final Record settings;
    private final List<Phase> marks = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
    private final List<FakeLease<?>> leases = new CopyOnWriteArrayList<>();
    private final Map<String, Object> instanceState = new ConcurrentHashMap<>();
    private final Map<String, Object> runState = new ConcurrentHashMap<>();
    private final Map<SubscriptionRequest, Inbox> inboxes = new ConcurrentHashMap<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile Deadline deadline = Deadline.after(Duration.ofSeconds(10), "timeout of 10 s");
    private volatile long instance;
    private volatile boolean verbose;

    private FakeActionContext(Record settings) {
        this.settings = settings;
    }

    /// A context of a step whose service has these settings; they serve to open second leases.
    public static FakeActionContext of(Record serviceSettings) {
        return new FakeActionContext(serviceSettings);
    }

    public FakeActionContext deadline(Deadline other) {
        deadline = other;
        return this;
    }

    public FakeActionContext deadline(Duration fromNow) {
        return deadline(Deadline.after(fromNow, "timeout of " + fromNow.toMillis() + " ms"));
    }

    public FakeActionContext instance(long number) {
        instance = number;
        return this;
    }

    public FakeActionContext verbose(boolean on) {
        verbose = on;
        return this;
    }

    /// Answers this inbox to who asks for the channel.
    public FakeActionContext inbox(SubscriptionRequest request, Inbox inbox) {
        inboxes.put(request, inbox);
        return this;
    }

    /// The phases that the action marked, in order.
    public List<Phase> marks() {
        return List.copyOf(marks);
    }

    /// The lines of the account that the action told, in order.
    public List<String> told() {
        return List.copyOf(told);
    }

    /// How many hooks for cancelling stand.
    public int hooks() {
        return hooks.size();
    }

    /// Second leases that were taken and not given back.
    public long leasesHeld() {
        return leases.stream().filter(lease -> !lease.closed()).count();
    }

    /// Runs the hooks, newest first. A hook given later runs at once.
    public void cancel() {
        cancelled.set(true);
        for (Runnable hook : hooks.reversed()) {
            if (hooks.remove(hook)) {
                hook.run();
            }
        }
    }

    @Override
    public String runId() {
        return "run-1";
    }

    @Override
    public String instanceId() {
        return "run-1-" + instance;
    }

    @Override
    public long instance() {
        return instance;
    }

    @Override
    public String step() {
        return "step";
    }

    @Override
    public String service() {
        return "service";
    }

    @Override
    public String correlationId() {
        return "correlation-" + instance;
    }

    @Override
    public String traceparent() {
        return String.format("00-%032x-%016x-01", instance + 1, instance + 1);
    }

    @Override
    public Deadline deadline() {
        return deadline;
    }

    @Override
    public <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) throws Exception {
        FakeLease<C> lease =
                FakeLease.open(factory, settings, FakeOpenContext.to(endpoint).withDeadline(deadline));
        leases.add(lease);
        return lease;
    }

    @Override
    public Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
        Inbox inbox = inboxes.get(request);
        if (inbox == null) {
            throw new IllegalStateException("no inbox for '" + request.channel()
                    + "': the action asked for a channel that its subscriptions() did not name. Add it there, or"
                    + " give the context one with inbox(request, inbox)");
        }
        return inbox;
    }

    @Override
    public <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial) {
        return type.cast(instanceState.computeIfAbsent(key, ignored -> initial.get()));
    }

    @Override
    public <T> T runState(String key, Class<T> type, Supplier<? extends T> initial) {
        return type.cast(runState.computeIfAbsent(key, ignored -> initial.get()));
    }

    @Override
    public void onCancel(Runnable hook) {
        hooks.add(hook);
        if (cancelled.get() && hooks.remove(hook)) {
            hook.run();
        }
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
    public boolean verbose() {
        return verbose;
    }

    @Override
    public void tell(String line) {
        told.add(line);
    }

    @Override
    public void close() throws Exception {
        for (Map<String, Object> states : List.of(instanceState, runState)) {
            for (Object state : states.values()) {
                if (state instanceof AutoCloseable closeable) {
                    closeable.close();
                }
            }
            states.clear();
        }
    }
}
