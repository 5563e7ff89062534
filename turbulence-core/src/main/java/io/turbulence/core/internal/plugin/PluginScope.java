package io.turbulence.core.internal.plugin;

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
    public PluginException failed(String subject, String method, RuntimeException thrown) {
        return new PluginException(new PluginProblem(
                PluginCode.PLUGIN_FAILED,
                "%s threw in %s: %s. This is a defect of the plugin: tell its author, or remove it."
                        .formatted(subject, method, thrown),
                thrown));
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
