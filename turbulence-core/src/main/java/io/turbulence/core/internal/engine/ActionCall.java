package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.connection.HeldLease;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.LeaseException;
import io.turbulence.core.internal.connection.OpenFailedException;
import io.turbulence.core.internal.connection.WatchedInbox;
import io.turbulence.core.internal.definition.binding.RenderException;
import io.turbulence.core.internal.definition.binding.SettingsPlan;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.engine.event.Cause;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.PhaseTimes;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One action with its settings, ready to be performed by any instance.
///
/// @param <S> the step's settings
/// @param <C> the connection
public final class ActionCall<S extends Record, C> {

    private final ProtocolAction<S, C> action;
    private final String subject;
    private final PluginScope scope;
    private final SettingsPlan<S> settings;
    private final String service;
    private final Endpoint endpoint;
    private final String transport;
    private final @Nullable SubscriptionRequest subscription;
    private final Set<String> origins;

    /// @param subject      names the action and its plugin
    /// @param transport    told where the plugin could not say it
    /// @param subscription what an action over a subscription waits on; null for any other
    public ActionCall(
            ProtocolAction<S, C> action,
            String subject,
            PluginScope scope,
            SettingsPlan<S> settings,
            String service,
            Endpoint endpoint,
            String transport,
            @Nullable SubscriptionRequest subscription) {
        this(action, subject, scope, settings, service, endpoint, transport, subscription, Set.of());
    }

    private ActionCall(
            ProtocolAction<S, C> action,
            String subject,
            PluginScope scope,
            SettingsPlan<S> settings,
            String service,
            Endpoint endpoint,
            String transport,
            @Nullable SubscriptionRequest subscription,
            Set<String> origins) {
        this.subject = subject;
        this.origins = origins;
        this.subscription = subscription;
        this.action = action;
        this.scope = scope;
        this.settings = settings;
        this.service = service;
        this.endpoint = endpoint;
        this.transport = transport;
    }

    /// The same, when the messages that it waits for are found by what came back from these steps.
    public ActionCall<S, C> over(Set<String> steps) {
        return new ActionCall<>(action, subject, scope, settings, service, endpoint, transport, subscription, steps);
    }

    /// Makes one attempt. What goes wrong is an outcome.
    ///
    /// @param due when the attempt should have started, on the clock of [System#nanoTime]
    /// @throws InterruptedException when the instance is cancelled
    Exchange perform(Execution execution, Deadline deadline, long due) throws InterruptedException {
        RecordedAnswers answers = execution.answers();
        if (answers != null) {
            return recorded(answers, execution, due);
        }
        S rendered;
        Endpoint target;
        ConnectionFactory<?, C> factory;
        try {
            rendered = settings.render(execution);
            ClassLoader before = scope.enter();
            try {
                target = action.endpoint(rendered, endpoint);
                factory = action.connection(rendered);
            } finally {
                scope.exit(before);
            }
        } catch (EvaluationException | RenderException e) {
            return nothing(new Outcome.Failed(Failure.PROTOCOL, String.valueOf(e.getMessage()), e), due);
        } catch (RuntimeException e) {
            return nothing(Outcome.Failed.of(e), due);
        } catch (LinkageError e) {
            throw scope.misfit("action '" + action.type() + "'", e);
        } catch (OutOfMemoryError e) {
            return nothing(OutOfMemory.outcome(execution.step(), e), due);
        } catch (Error e) {
            return nothing(defect("threw " + e, e), due);
        }
        if (target == null || factory == null) {
            return nothing(defect("returned null from " + (target == null ? "endpoint" : "connection"), null), due);
        }
        CallContext context = new CallContext(execution, subject, service, scope, deadline, origins);
        Run run = execution.instance().run();
        run.callBegins(context);
        try {
            return exchange(rendered, target, factory, context, due);
        } finally {
            run.callEnds(context);
        }
    }

    private Exchange exchange(
            S rendered, Endpoint target, ConnectionFactory<?, C> factory, CallContext context, long due)
            throws InterruptedException {
        Execution execution = context.execution();
        HeldLease<C> lease;
        try {
            lease = lease(factory, execution, target, context);
        } catch (LeaseException e) {
            return withoutConnection(e, due).of(rendered, null);
        }
        if (lease == null) {
            return nothing(notOpened(context.deadline()), due).of(rendered, null);
        }
        if (lease.connection() instanceof WatchedInbox inbox) {
            context.watch(inbox);
        }
        long start = System.nanoTime();
        boolean good = false;
        try {
            Exchange exchange = call(rendered, lease, context, execution, start, due);
            if (context.givenUp()) {
                throw givenUp();
            }
            good = exchange.outcome() instanceof Outcome.Completed;
            if (factory instanceof ConnectionFactory.Shared<?, C>) {
                lease.told(exchange.outcome());
            }
            return exchange.of(rendered, context.sentTraceparent());
        } finally {
            if (!good && isExclusive(factory, lease.connection())) {
                lease.invalidate();
            }
            lease.reconnected(context.reconnected());
            giveBack(lease, context, execution.lane());
        }
    }

    /// A plugin that goes on making the connection ready for others is interrupted, as one that goes on with a call.
    private static void giveBack(HeldLease<?> lease, CallContext context, Lane lane) throws InterruptedException {
        context.returning();
        lane.enter(context);
        try {
            lease.close();
        } finally {
            lane.leave();
        }
        if (context.givenUp()) {
            throw givenUp();
        }
        if (context.expired() && !lane.cancelled()) {
            Thread.interrupted();
        }
    }

    /// What the step was answered in an earlier run; its settings are rendered, so that what is wrong in them is told.
    private Exchange recorded(RecordedAnswers answers, Execution execution, long due) {
        try {
            settings.render(execution);
        } catch (EvaluationException | RenderException e) {
            return nothing(new Outcome.Failed(Failure.PROTOCOL, String.valueOf(e.getMessage()), e), due);
        }
        RecordedAnswers.Answer answer =
                answers.answer(execution.instance().info().phase(), execution.step(), execution.path());
        if (answer != null) {
            return answer.exchange();
        }
        String message = "no answer to '%s' was recorded: it is new, or the instance did not come to it"
                .formatted(execution.step());
        return nothing(new Outcome.Failed(Failure.CLOSED, message, null), due);
    }

    /// A plugin that goes on opening a connection when its time is up is interrupted, as one that goes on with a call.
    ///
    /// @return null when it was
    private @Nullable HeldLease<C> lease(
            ConnectionFactory<?, C> kind, Execution execution, Endpoint target, CallContext context)
            throws InterruptedException {
        Lane lane = execution.lane();
        HeldLease<C> lease = null;
        lane.enter(context);
        try {
            lease = lease(kind, execution, target, context.deadline());
        } catch (InterruptedException | LeaseException e) {
            if (!context.expired()) {
                throw e;
            }
        } finally {
            lane.leave();
        }
        if (!context.expired()) {
            return lease;
        }
        if (context.givenUp()) {
            if (lease != null) {
                lease.close();
            }
            throw givenUp();
        }
        if (!lane.cancelled()) {
            Thread.interrupted();
        }
        if (lease != null) {
            lease.close();
        }
        return null;
    }

    private Outcome.Failed notOpened(Deadline deadline) {
        return new Outcome.Failed(
                Failure.TIMEOUT,
                "no connection of '%s' was open when the %s passed; its plugin had not given up opening one"
                        .formatted(service, deadline.limit()),
                null);
    }

    @SuppressWarnings("unchecked") // what a subscription lends is an inbox, which is then C
    private HeldLease<C> lease(ConnectionFactory<?, C> kind, Execution execution, Endpoint target, Deadline deadline)
            throws InterruptedException {
        InstanceConnections connections = execution.instance().connections();
        return kind instanceof ConnectionFactory.Subscribed<?> factory && subscription != null
                ? (HeldLease<C>) connections.lease(service, factory, subscription, deadline)
                : connections.lease(service, kind, target, deadline);
    }

    private Outcome.Failed defect(String what, @Nullable Throwable thrown) {
        return new Outcome.Failed(Failure.PROTOCOL, PluginScope.defect(subject + " " + what), thrown);
    }

    private Outcome.Failed nothingReturned() {
        return new Outcome.Failed(
                Failure.PROTOCOL,
                "the plugin's action '%s' returned null, where an observation must be".formatted(action.type()),
                null);
    }

    /// Whether what went wrong may have left the connection unfit for others. A shared one carries many
    /// exchanges; its health is the registry's matter.
    private boolean isExclusive(ConnectionFactory<?, C> factory, C connection) {
        return switch (factory) {
            case ConnectionFactory.Shared<?, C> shared -> false;
            case ConnectionFactory.Subscribed<?> subscribed -> false;
            case ConnectionFactory.Exclusive<?, C> exclusive -> true;
            case ConnectionFactory.Pooled<?, C> pooled -> true;
            case ConnectionFactory.Negotiated<?, C> negotiated -> capacity(negotiated, connection) == 1;
        };
    }

    private int capacity(ConnectionFactory.Negotiated<?, C> factory, C connection) {
        ClassLoader before = scope.enter();
        try {
            return factory.capacity(connection);
        } finally {
            scope.exit(before);
        }
    }

    private Exchange call(
            S rendered, HeldLease<C> lease, CallContext context, Execution execution, long start, long due)
            throws InterruptedException {
        Lane lane = execution.lane();
        lane.enter(context);
        ClassLoader before = scope.enter();
        try {
            Observation observation = action.execute(rendered, lease.connection(), context);
            if (observation == null) {
                return failed(nothingReturned(), lease, context, start, due);
            }
            return told(observation, lease, context, execution, start, due);
        } catch (LinkageError e) {
            throw scope.misfit("action '" + action.type() + "'", e);
        } catch (OutOfMemoryError e) {
            return failed(OutOfMemory.outcome(execution.step(), e), lease, context, start, due);
        } catch (Error e) {
            return failed(defect("threw " + e, e), lease, context, start, due);
        } catch (Exception e) {
            return failed(broken(e, context, lane), lease, context, start, due);
        } finally {
            scope.exit(before);
            lane.leave();
            if (!(lease.connection() instanceof WatchedInbox)) {
                note(context, execution, start);
            }
            if (context.expired()) {
                Thread.interrupted();
            }
        }
    }

    /// What an exception of a call means.
    ///
    /// @throws InterruptedException when the instance is cancelled
    private Outcome.Failed broken(Exception thrown, CallContext context, Lane lane) throws InterruptedException {
        if (context.expired()) {
            return overdue(context);
        }
        if (thrown instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (lane.cancelled()) {
            throw cancelled(thrown);
        }
        return classified(thrown);
    }

    private Exchange told(
            Observation observation, HeldLease<C> lease, CallContext context, Execution execution, long start, long due)
            throws Exception {
        Outcome outcome =
                context.expired() && !observation.outcome().success() ? overdue(context) : observation.outcome();
        Metadata metadata = observation.metadata();
        Content content;
        Exchange.Messages messages = null;
        long firstNanos = context.since(start, Phase.FIRST_BYTE);
        if (observation.payload() instanceof Payload.Stream stream) {
            StreamDrain.Drained drained = new StreamDrain(
                            stream.stream(),
                            stream.bounds(),
                            context.deadline(),
                            start,
                            subject,
                            thrown -> broken(thrown, context, execution.lane()))
                    .drain(metadata);
            outcome = drained.outcome() == null ? outcome : drained.outcome();
            metadata = drained.metadata();
            content = drained.last();
            messages = drained.messages();
            firstNanos = firstNanos < 0 ? drained.firstNanos() : firstNanos;
        } else {
            content = Content.of(observation.payload(), subject);
        }
        long end = System.nanoTime();
        PhaseTimes phases = phases(lease, context, start, firstNanos, end);
        metadata = phases.isEmpty() ? metadata : metadata.with(PhaseTimes.NAME, phases);
        Exchange.Propagation propagation = propagation(lease.connection(), context);
        if (propagation != null) {
            metadata = metadata.with("caused_by", propagation.causedBy())
                    .with("propagation_ms", Math.round(propagation.nanos() / 1e3) / 1e3);
        }
        if (lease.connection() instanceof WatchedInbox inbox && inbox.overflowed() > 0) {
            metadata = metadata.with("overflowed", inbox.overflowed());
        }
        return new Exchange(
                observation.transport().name(),
                outcome,
                end - start,
                end - due,
                lease.waitNanos(),
                lease.openNanos(),
                firstNanos,
                metadata,
                content,
                messages,
                List.of(),
                propagation,
                null,
                null);
    }

    /// How long the newest message that a step took was on its way; null when it took none or nothing caused it.
    private static Exchange.@Nullable Propagation propagation(Object connection, CallContext context) {
        if (!(connection instanceof WatchedInbox inbox) || inbox.cameAt().isEmpty()) {
            return null;
        }
        Cause cause = context.causeOfTaken();
        // What names its cause may come before its sending is noted
        return cause == null
                ? null
                : new Exchange.Propagation(
                        cause.step(), Math.max(0, inbox.cameAt().getAsLong() - cause.nanos()));
    }

    /// Notes an exchange that others may have to wait for.
    private static void note(CallContext context, Execution execution, long start) {
        long sent = context.at(Phase.SENT);
        long nanos = sent < 0 ? start : sent;
        Instant sentAt = execution.clock().minusNanos(System.nanoTime() - nanos);
        Cause before = execution.lane().cause();
        execution
                .instance()
                .caused(execution.lane(), Cause.of(execution.step(), execution.span(), nanos, sentAt, before));
    }

    private Outcome.Failed classified(Exception thrown) {
        try {
            Outcome.Failed outcome = action.classify(thrown);
            return outcome == null ? defect("returned null from classify, asked for " + thrown, thrown) : outcome;
        } catch (LinkageError e) {
            throw scope.misfit("action '" + action.type() + "'", e);
        } catch (RuntimeException | Error e) {
            thrown.addSuppressed(e);
            return defect("threw in classify, asked for " + thrown + ": " + e, thrown);
        }
    }

    /// What the marks of the plugin come to: those of opening the connection, when it was opened for this step or
    /// anew within the call, and those of the call itself.
    private PhaseTimes phases(HeldLease<C> lease, CallContext context, long start, long firstNanos, long end) {
        boolean anew = context.reconnected() > 0;
        long resolved = anew ? context.since(start, Phase.RESOLVED) : lease.phaseNanos(Phase.RESOLVED);
        long connected = anew ? context.since(start, Phase.CONNECTED) : lease.phaseNanos(Phase.CONNECTED);
        long secured = anew ? context.since(start, Phase.SECURED) : lease.phaseNanos(Phase.SECURED);
        long asked = anew ? Math.max(connected, secured) : 0;
        long firstByte = firstNanos < asked ? -1 : firstNanos - asked;
        return new PhaseTimes(
                resolved,
                connected < 0 ? -1 : connected - Math.clamp(resolved, 0, connected),
                secured < 0 ? -1 : secured - Math.clamp(Math.max(resolved, connected), 0, secured),
                firstByte,
                firstByte < 0 ? -1 : end - start - firstNanos);
    }

    private Exchange failed(Outcome.Failed outcome, HeldLease<C> lease, CallContext context, long start, long due) {
        long end = System.nanoTime();
        long first = context.since(start, Phase.FIRST_BYTE);
        PhaseTimes phases = phases(lease, context, start, first, end);
        return new Exchange(
                transport,
                outcome,
                end - start,
                end - due,
                lease.waitNanos(),
                lease.openNanos(),
                first,
                phases.isEmpty() ? Metadata.empty() : Metadata.of(PhaseTimes.NAME, phases),
                Content.EMPTY,
                null,
                List.of());
    }

    /// The step went wrong before a connection was asked for.
    private Exchange nothing(Outcome.Failed outcome, long due) {
        long nanos = System.nanoTime() - due;
        return unanswered(outcome, nanos, nanos, -1, -1);
    }

    /// What was not spent waiting was spent on the attempt to open one: that is all the peer had to do with it.
    private Exchange withoutConnection(LeaseException e, long due) {
        long nanos = System.nanoTime() - due;
        long opening = e instanceof OpenFailedException failed ? failed.openNanos() : -1;
        long wait = Math.clamp(e.waitNanos(), 0, nanos);
        return unanswered(e.outcome(), Math.max(0, opening), nanos, wait, opening);
    }

    private Exchange unanswered(Outcome.Failed outcome, long latency, long sinceDue, long wait, long opening) {
        return new Exchange(
                transport,
                outcome,
                latency,
                sinceDue,
                wait,
                opening,
                -1,
                Metadata.empty(),
                Content.EMPTY,
                null,
                List.of());
    }

    private static Outcome.Failed overdue(CallContext context) {
        return new Outcome.Failed(
                Failure.TIMEOUT,
                "no answer when the %s passed; the call did not end by itself and was cut off"
                        .formatted(context.deadline().limit()),
                null);
    }

    /// Ends the steps of a thread that nobody waits for any more.
    private static InterruptedException givenUp() {
        return new InterruptedException("the call was given up");
    }

    private static InterruptedException cancelled(Exception cause) {
        InterruptedException interrupted = new InterruptedException("the instance was cancelled");
        interrupted.initCause(cause);
        return interrupted;
    }
}
