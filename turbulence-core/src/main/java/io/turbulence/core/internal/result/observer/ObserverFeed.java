package io.turbulence.core.internal.result.observer;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.RunObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/*
 * Instances only put what happened into a queue: a counter and a linked node, no lock. A thread of the observer's own
 * takes it out, makes of it what plugins see, and gives it to the session. Whoever takes things out too slowly never holds
 * anybody up: when the queue is nearly full, instances that begin are left out whole, since half a trace is worth less
 * than none, and what others do finds room until it is full.
 */
final class ObserverFeed implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ObserverFeed.class.getName());

    /// What waits is what steps came to, without what they were answered: about a kilobyte each.
    static final int MOST_WAITING = 16_384;

    private static final int NEARLY_FULL = MOST_WAITING / 4 * 3;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(8);
    private static final Duration INTERRUPT_AFTER = Duration.ofSeconds(1);
    private static final long LOOK_EVERY_NANOS = 20_000_000;

    private final String name;
    private final RunObserver.Session session;
    private final PluginScope scope;
    private final ObservedEvents events;
    private final Consumer<String> warn;
    private final Queue<Event> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder offered = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;
    private boolean complained;

    private sealed interface Event {

        record StepEnded(StepResult result, Instant at) implements Event {}

        record InstanceEnded(InstanceResult result, Instant at) implements Event {}
    }

    /// @param warn takes what somebody should know of it
    ObserverFeed(String runId, String name, RunObserver.Session session, ObservedEvents events, Consumer<String> warn) {
        this.name = name;
        this.session = session;
        this.scope = PluginScope.of(session);
        this.events = events;
        this.warn = warn;
        this.thread = Thread.ofPlatform()
                .name("turbulence-" + runId + "-observer-" + name)
                .daemon()
                .start(this::work);
    }

    void instanceStarted(InstanceInfo instance) {
        if (count.get() >= NEARLY_FULL) {
            leftOut.add(instance.instanceId());
        }
    }

    void stepEnded(StepResult result) {
        if (takes(!leftOut.contains(result.instance().instanceId()))) {
            waiting.add(new Event.StepEnded(ObservedEvents.withoutContent(result), Instant.now()));
        }
    }

    void instanceEnded(InstanceResult result) {
        if (takes(!leftOut.remove(result.instance().instanceId()))) {
            waiting.add(new Event.InstanceEnded(result, Instant.now()));
        }
    }

    private boolean takes(boolean wanted) {
        offered.increment();
        if (!wanted || count.get() >= MOST_WAITING) {
            dropped.increment();
            return false;
        }
        count.incrementAndGet();
        return true;
    }

    /// Gives what waits to the session and closes it. Idempotent; returns after a while, whatever the session does.
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = !joined(CLOSE_WITHIN.plus(INTERRUPT_AFTER));
        if (thread.isAlive()) {
            thread.interrupt();
            interrupted |= !joined(INTERRUPT_AFTER);
        }
        if (thread.isAlive()) {
            late();
        }
        long lost = dropped.sum();
        if (lost > 0) {
            warn.accept("%s was too slow for the run: it missed %,d of %,d steps and instances"
                    .formatted(name, lost, offered.sum()));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void late() {
        warn.accept("%s was not done %d s after the run had ended; what it had not sent is lost"
                .formatted(name, CLOSE_WITHIN.toSeconds()));
    }

    private boolean joined(Duration within) {
        try {
            thread.join(within);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void work() {
        ClassLoader before = scope.enter();
        try {
            while (!closing) {
                if (!takeOne()) {
                    LockSupport.parkNanos(LOOK_EVERY_NANOS);
                }
            }
            Deadline all = Deadline.after(CLOSE_WITHIN, "time to close");
            Deadline drain = Deadline.after(DRAIN_WITHIN, "time to send");
            while (!drain.expired() && takeOne()) {
                // until nothing waits, or there is no more time
            }
            dropped.add(count.get());
            session.close(all);
        } catch (InterruptedException e) {
            late();
        } catch (Exception | LinkageError e) {
            warn.accept("%s could not send all that it had: %s".formatted(name, e));
        } finally {
            scope.exit(before);
        }
    }

    /// @return false when nothing waits
    private boolean takeOne() {
        Event event = waiting.poll();
        if (event == null) {
            return false;
        }
        count.decrementAndGet();
        try {
            switch (event) {
                case Event.StepEnded step -> session.stepEnded(events.step(step.result(), step.at()));
                case Event.InstanceEnded instance ->
                    session.instanceEnded(events.instance(instance.result(), instance.at()));
            }
        } catch (InterruptedException e) {
            // Nobody but close interrupts; it looks at the time again
            Thread.currentThread().interrupt();
        } catch (Exception | LinkageError e) {
            complain(e);
        }
        return true;
    }

    private void complain(Throwable thrown) {
        if (complained) {
            LOG.log(System.Logger.Level.DEBUG, name + " failed again", thrown);
            return;
        }
        complained = true;
        warn.accept("%s could not take what happened: %s. The run goes on; this is told once.".formatted(name, thrown));
    }
}
