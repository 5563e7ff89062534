package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.engine.event.Cause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A thread on which steps of an instance run: the instance's own, or one branch of a `parallel`. Knows
/// the call in progress, so that it can be cancelled. Cancelled once, it stays so: steps that follow are
/// skipped. Thread-safe.
final class Lane {

    private final Thread thread;
    private final Object lock = new Object();

    // Written under the lock, so that no interrupt meant for a call reaches what runs after it
    private @Nullable CallContext current;
    private volatile boolean cancelled;

    private final boolean cleaning;

    // Of the lane's own thread
    private @Nullable Cause cause;

    Lane(Thread thread) {
        this(thread, false);
    }

    private Lane(Thread thread, boolean cleaning) {
        this.thread = thread;
        this.cleaning = cleaning;
    }

    /// The same thread, for steps that run although it was cancelled.
    Lane forCleaning() {
        return new Lane(thread, true);
    }

    /// Another thread for a part of what runs here.
    Lane branch(Thread other) {
        return new Lane(other, cleaning);
    }

    boolean isCleaning() {
        return cleaning;
    }

    /// The newest exchange on this lane that may cause messages; null when there was none since it began or since
    /// other lanes joined it.
    @Nullable
    Cause cause() {
        return cause;
    }

    void cause(@Nullable Cause newest) {
        cause = newest;
    }

    void enter(CallContext call) {
        synchronized (lock) {
            current = call;
        }
    }

    /// No interrupt that was meant for the call comes afterwards.
    void leave() {
        synchronized (lock) {
            current = null;
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    /// What its thread does now.
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    /// Ends the call in progress: by the hooks that it has registered, and by an interrupt where they do
    /// not help soon or there are none. Whatever else the lane waits for is interrupted.
    void cancel(Timer timer) {
        CallContext call;
        synchronized (lock) {
            boolean again = cancelled;
            cancelled = true;
            call = current;
            if (call == null) {
                // An interrupt that comes again would reach the clean-up
                if (!again) {
                    thread.interrupt();
                }
                return;
            }
        }
        end(call, timer);
    }

    /// Cuts the call off when it is in progress, over its deadline and has not ended by itself.
    void expire(CallContext call, Timer timer) {
        if (!call.overdue()) {
            return;
        }
        synchronized (lock) {
            if (current != call || !call.overdue() || !call.expire()) {
                return;
            }
        }
        call.tellOverdue(thread.getStackTrace());
        end(call, timer);
    }

    /// Gives the call up when it is in progress and was cut off that long ago.
    ///
    /// @return whether it did
    boolean giveUp(CallContext call, Duration patience) {
        synchronized (lock) {
            return current == call && call.giveUp(patience);
        }
    }

    /// Hooks are a plugin's code: they run apart, for the timer serves all instances.
    private void end(CallContext call, Timer timer) {
        if (!call.hasHooks()) {
            call.cancel();
            interrupt(call);
            return;
        }
        Thread.ofVirtual().name(thread.getName() + "-cancel").start(call::cancel);
        timer.after(Timer.HOOKS_HELP_WITHIN, () -> interrupt(call));
    }

    private void interrupt(CallContext call) {
        synchronized (lock) {
            if (current == call) {
                thread.interrupt();
            }
        }
    }

    /// Waits, unless the lane is cancelled.
    ///
    /// @throws InterruptedException when it is
    void pause(Duration duration) throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException("cancelled");
        }
        Thread.sleep(duration);
    }
}
