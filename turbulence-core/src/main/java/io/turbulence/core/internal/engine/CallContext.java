package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.core.internal.connection.WatchedInbox;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Phase;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an action sees of the host during one attempt.
final class CallContext implements ActionContext {

    /// How long after its deadline a call may still end by itself.
    private static final long GRACE_NANOS = 1_000_000_000L;

    private final Execution execution;
    private final String action;
    private final String service;
    private final PluginScope scope;
    private final Deadline deadline;
    private final Set<String> origins;
    private final long span;

    /// What is told goes there; null when nobody asked.
    private final @Nullable Account account;

    private final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    private final Object lock = new Object();
    private @Nullable Deque<Runnable> hooks;
    private boolean cancelled;
    private volatile boolean expired;
    private volatile long expiredAt;
    private volatile boolean givenUp;

    /// Since when the connection is given back; 0 before.
    private volatile long returningSince;
    private volatile @Nullable String traceparent;

    // Of the thread of the action
    private @Nullable WatchedInbox inbox;

    /// Written by whoever the call connects on; read when the call has ended.
    private int reconnected;

    /// @param action  names the action and its plugin
    /// @param origins the steps that what is waited for comes from, as far as they are known
    CallContext(
            Execution execution,
            String action,
            String service,
            PluginScope scope,
            Deadline deadline,
            Set<String> origins) {
        this.origins = origins;
        this.action = action;
        this.execution = execution;
        this.service = service;
        this.scope = scope;
        this.deadline = deadline;
        this.span = execution.span();
        this.account = execution.account();
    }

    @Override
    public String runId() {
        return execution.instance().run().info().runId();
    }

    @Override
    public String instanceId() {
        return execution.instance().info().instanceId();
    }

    @Override
    public long instance() {
        return execution.instance().info().number();
    }

    @Override
    public String step() {
        return execution.step();
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public String correlationId() {
        return execution.instance().info().correlationId();
    }

    @Override
    public String traceparent() {
        String made = traceparent;
        if (made == null) {
            made = execution.instance().info().trace().parent(span);
            traceparent = made;
        }
        return made;
    }

    /// The one that was asked for; null for none.
    @Nullable
    String sentTraceparent() {
        return traceparent;
    }

    @Override
    public Optional<ActionContext.Cause> cause() {
        return Optional.ofNullable(causeOfTaken()).map(cause -> new ActionContext.Cause(cause.step(), cause.sentAt()));
    }

    /// The call waits for messages here.
    void watch(WatchedInbox lent) {
        inbox = lent;
    }

    /// What caused the newest message that the call took, or what would cause the one that it waits for.
    io.turbulence.core.internal.engine.event.@Nullable Cause causeOfTaken() {
        io.turbulence.core.internal.engine.event.Cause newest =
                execution.instance().cause(execution.lane());
        if (newest == null) {
            return null;
        }
        WatchedInbox watched = inbox;
        if (watched == null || watched.cameAt().isEmpty()) {
            return newest.of(origins, null);
        }
        long cameAt = watched.cameAt().getAsLong();
        String traceparent = watched.traceparent();
        io.turbulence.core.internal.engine.event.Cause named = traceparent == null
                ? null
                : newest.named(traceparent, execution.instance().info().trace(), cameAt);
        return named == null ? newest.of(origins, cameAt) : named;
    }

    @Override
    public Deadline deadline() {
        return deadline;
    }

    @Override
    public <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) throws Exception {
        return execution.instance().connections().lease(service, factory, endpoint, deadline);
    }

    @Override
    public Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request)
            throws InterruptedException {
        return execution.instance().connections().inbox(service, factory, request, deadline);
    }

    @Override
    public <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial) {
        return execution.instance().states().get(service + "/" + key, type, initial);
    }

    @Override
    public <T> T runState(String key, Class<T> type, Supplier<? extends T> initial) {
        return execution.instance().run().states().get(service + "/" + key, type, initial);
    }

    @Override
    public void onCancel(Runnable hook) {
        synchronized (lock) {
            if (!cancelled) {
                if (hooks == null) {
                    hooks = new ArrayDeque<>(2);
                }
                hooks.push(hook);
                return;
            }
        }
        hook.run();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the thread of the action marks
    public void mark(Phase phase) {
        if (phase == Phase.CONNECTED) {
            reconnected++;
        }
        phases.put(phase, System.nanoTime());
    }

    /// How often the connection that was lent connected anew in its place: opening one is not a call's business,
    /// so whoever connects in a call does that.
    int reconnected() {
        return reconnected;
    }

    /// When a phase ended on the clock of [System#nanoTime]; -1 when it did not.
    long at(Phase phase) {
        return phases.getOrDefault(phase, -1L);
    }

    /// How long after the start of the attempt a phase ended; -1 when it did not.
    long since(long start, Phase phase) {
        Long at = phases.get(phase);
        return at == null ? -1 : Math.max(0, at - start);
    }

    @Override
    public Json json() {
        return JsonCodec.INSTANCE;
    }

    @Override
    public boolean verbose() {
        return account != null;
    }

    @Override
    public void tell(String line) {
        if (account != null) {
            account.add(line);
        }
    }

    /// Runs the hooks.
    ///
    /// @return whether there were any
    boolean cancel() {
        Deque<Runnable> toRun;
        synchronized (lock) {
            cancelled = true;
            toRun = hooks;
            hooks = null;
        }
        if (toRun == null) {
            return false;
        }
        ClassLoader before = scope.enter();
        try {
            toRun.forEach(CallContext::runHook);
        } finally {
            scope.exit(before);
        }
        return true;
    }

    boolean hasHooks() {
        synchronized (lock) {
            return hooks != null;
        }
    }

    private static void runHook(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException | LinkageError e) {
            System.getLogger(CallContext.class.getName())
                    .log(System.Logger.Level.WARNING, "a hook that ends a call failed", e);
        }
    }

    /// The call has ended; from now on its connection is given back, which has a time of its own.
    void returning() {
        returningSince = System.nanoTime();
        expired = givenUp;
    }

    private boolean isReturning() {
        return returningSince != 0;
    }

    boolean overdue() {
        return isReturning()
                ? System.nanoTime() - returningSince > returnWithin().toNanos()
                : deadline.remainingNanos() < -GRACE_NANOS;
    }

    private Duration returnWithin() {
        return execution.instance().run().patience().close();
    }

    /// Tells that it is cut off where that shows in no outcome.
    ///
    /// @param stack what its thread does now
    void tellOverdue(StackTraceElement[] stack) {
        if (isReturning()) {
            execution
                    .instance()
                    .run()
                    .warnOnce(
                            "return of " + service,
                            "'%s': a connection was still being given back %s after its use. That is interrupted, and the connection is not lent again. %s"
                                    .formatted(service, Durations.text(returnWithin()), PluginScope.DEFECT),
                            stack);
        }
    }

    /// Marks the call as ended by its deadline.
    ///
    /// @return false when it was marked before
    boolean expire() {
        if (expired) {
            return false;
        }
        expiredAt = System.nanoTime();
        expired = true;
        return true;
    }

    /// Gives the call up when it was cut off that long ago, and goes on.
    ///
    /// @return false when it was not, or was given up before
    boolean giveUp(Duration patience) {
        if (givenUp || !expired || System.nanoTime() - expiredAt < patience.toNanos()) {
            return false;
        }
        givenUp = true;
        return true;
    }

    /// Whether nobody waits for what the call comes to.
    boolean givenUp() {
        return givenUp;
    }

    Execution execution() {
        return execution;
    }

    /// Names the action and its plugin.
    String action() {
        return action;
    }

    String whyGivenUp(Duration patience) {
        if (isReturning()) {
            return "the connection was still being given back %s after its use, and %s after an interrupt: %s hears of none. The run goes on without it."
                    .formatted(Durations.text(returnWithin()), Durations.text(patience), action);
        }
        return "no answer when the %s passed; the call was cut off and had not ended %s later: %s hears of no deadline, no hook and no interrupt. The run goes on without it."
                .formatted(deadline.limit(), Durations.text(patience), action);
    }

    boolean expired() {
        return expired;
    }
}
