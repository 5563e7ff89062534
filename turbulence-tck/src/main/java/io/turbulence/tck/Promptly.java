package io.turbulence.tck;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Something that runs on a virtual thread of its own, as the host would run it, and must end soon.
final class Promptly<T extends @Nullable Object> {

    /// Names a system property: what "soon" is, in seconds.
    static final String PATIENCE = "turbulence.tck.patience";

    private final String what;
    private final Thread thread;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    private Promptly(String what, Callable<T> task) {
        this.what = what;
        this.thread = Thread.ofVirtual().name("tck-" + what.replace(' ', '-')).start(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
    }

    /// Long enough for the slowest machine unless the property says otherwise; what is right ends in milliseconds.
    static Duration soon() {
        return Duration.ofSeconds(Long.getLong(PATIENCE, 60));
    }

    /// Begins something; [#join] waits for it.
    ///
    /// @param what names it in messages: `opening a connection`
    static <T extends @Nullable Object> Promptly<T> start(String what, Callable<T> task) {
        return new Promptly<>(what, task);
    }

    /// Does something that must end soon.
    ///
    /// @throws Exception what it throws
    static <T extends @Nullable Object> T run(String what, Callable<T> task) throws Exception {
        return start(what, task).join();
    }

    static void doing(String what, Action action) throws Exception {
        run(what, () -> {
            action.run();
            return "done";
        });
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean ended() {
        return result.isDone();
    }

    /// @throws AssertionError when it did not end in time, with where it hangs
    /// @throws Exception      what it threw
    T join() throws Exception {
        Duration soon = soon();
        try {
            return result.get(soon.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw new AssertionError(what + " failed", e.getCause());
        } catch (TimeoutException e) {
            String where = Arrays.stream(thread.getStackTrace())
                    .map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining());
            thread.interrupt();
            throw new AssertionError(what + " did not end within " + soon.toSeconds() + " s; it hangs" + where, e);
        }
    }

    /// Something to do that answers nothing.
    interface Action {

        void run() throws Exception;
    }
}
