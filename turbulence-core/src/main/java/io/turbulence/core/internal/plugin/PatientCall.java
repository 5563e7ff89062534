package io.turbulence.core.internal.plugin;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls of a plugin before the first instance, on a thread of their own: one that waits for ever must not keep the
/// program, which has sent nothing yet.
public final class PatientCall {

    private PatientCall() {}

    /// @param name of the thread, which is interrupted and left behind when the time is up
    /// @throws TimeoutException with where the call stands, when it has not come back
    /// @throws InterruptedException when the caller is interrupted; the call is, too
    public static <T extends @Nullable Object> T within(Duration patience, String name, Callable<T> call)
            throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = Thread.ofPlatform().daemon().name(name).start(task);
        try {
            return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            e.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            throw e;
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    /// Where the call stood: the innermost method that is not of Java itself.
    public static String place(TimeoutException late) {
        for (StackTraceElement element : late.getStackTrace()) {
            if (element.getModuleName() == null) {
                return "it stands in " + element.getClassName() + "." + element.getMethodName();
            }
        }
        return "it stands nowhere that can be seen";
    }

    private static Exception thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof Exception exception ? exception : e;
    }

    /// What a task threw that declares nothing.
    ///
    /// @return for the compiler's sake: an error is thrown
    public static RuntimeException unchecked(ExecutionException e) {
        return thrown(e) instanceof RuntimeException exception ? exception : new IllegalStateException(e.getCause());
    }
}
