package io.turbulence.core.internal.plugin;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Sets the thread's context class loader around calls into a plugin, for libraries that look their
/// parts up through it. Costs nothing for a plugin on the class path; two field writes for one with
/// class loader of its own. Immutable and thread-safe.
///
/// ```java
/// ClassLoader before = scope.enter();
/// try { action.execute(…); } finally { scope.exit(before); }
/// ```
public final class PluginScope {

    /// Ends what is told of a plugin that did what it may not do.
    public static final String DEFECT = "This is a defect of the plugin: tell its author, or remove it.";

    private static final PluginScope SHARED = new PluginScope(null);

    private final @Nullable ClassLoader isolated;

    private PluginScope(@Nullable ClassLoader isolated) {
        this.isolated = isolated;
    }

    /// The scope of the plugin that an action, a factory, a connection or any other object comes from.
    public static PluginScope of(Object contribution) {
        return ofLoader(contribution.getClass().getClassLoader());
    }

    static PluginScope ofLoader(@Nullable ClassLoader loader) {
        return loader instanceof PluginClassLoader ? new PluginScope(loader) : SHARED;
    }

    /// @return what to give to [#exit]
    public @Nullable ClassLoader enter() {
        if (isolated == null) {
            return null;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(isolated);
        return before;
    }

    public void exit(@Nullable ClassLoader before) {
        if (isolated != null) {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /// Explains that a contribution of the plugin does not fit the classes around it.
    ///
    /// @param subject `action 'fake'`
    public PluginException misfit(String subject, LinkageError thrown) {
        ClassLoader loader = isolated == null ? PluginScope.class.getClassLoader() : isolated;
        return new PluginException(VersionReport.problem(subject, loader, thrown));
    }

    /// A plugin threw what it may not throw there.
    public PluginException failed(String subject, String method, Throwable thrown) {
        return new PluginException(new PluginProblem(
                PluginCode.PLUGIN_FAILED, defect("%s threw in %s: %s".formatted(subject, method, thrown)), thrown));
    }

    /// What is told of a plugin that did what it may not do.
    ///
    /// @param what names the plugin's part and what it did; without a full stop
    public static String defect(String what) {
        return what + ". " + DEFECT;
    }

    /// Calls within the scope, so that what no plugin may do becomes a failure that names it: an error is thrown, or
    /// null returned where something must be.
    ///
    /// @param subject as in [#misfit]
    /// @param called  names the method and the class or plugin that it is of
    public <T> T demand(String subject, String called, Callable<? extends @Nullable T> task) throws Exception {
        T answer = guard(subject, called, task);
        if (answer == null) {
            throw new FailureException(Failure.PROTOCOL, defect(called + " returned null"));
        }
        return answer;
    }

    /// As [#demand], where null is an answer.
    public <T extends @Nullable Object> T guard(String subject, String called, Callable<? extends T> task)
            throws Exception {
        ClassLoader before = enter();
        try {
            return task.call();
        } catch (LinkageError e) {
            throw misfit(subject, e);
        } catch (Error e) {
            throw new FailureException(Failure.PROTOCOL, defect(called + " threw " + e), e);
        } finally {
            exit(before);
        }
    }

    /// Calls within the scope.
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        ClassLoader before = enter();
        try {
            return task.call();
        } finally {
            exit(before);
        }
    }
}
