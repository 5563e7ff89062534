package io.turbulence.core.internal.engine;

import org.jspecify.annotations.Nullable;

/// One thread of an instance and the call it is in, so that others can end the call.
final class Lane {

    private final Thread thread;
    private volatile @Nullable CallContext current;

    Lane(Thread thread) {
        this.thread = thread;
    }

    void enter(CallContext call) {
        current = call;
    }

    void leave() {
        current = null;
    }

    /// Ends what the thread does: the call's own hooks first, an interrupt when they do not help or there
    /// are none.
    void cancel(Timer timer) {
        CallContext call = current;
        if (call == null || !call.cancel()) {
            thread.interrupt();
            return;
        }
        timer.after(Timer.HOOKS_HELP_WITHIN, () -> {
            if (current == call) {
                thread.interrupt();
            }
        });
    }

    /// Ends a call whose deadline has passed and which did not end by itself.
    void expire(Timer timer) {
        CallContext call = current;
        if (call != null && call.overdue() && call.expire()) {
            cancel(timer);
        }
    }
}
