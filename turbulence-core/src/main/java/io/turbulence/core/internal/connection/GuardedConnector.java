package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.OpenContext;
import org.jspecify.annotations.Nullable;

/// Calls a plugin's factory with its context class loader set, and explains what it may not do: classes that do not
/// fit, errors, null.
///
/// @param subject `a connection of 'orders-db'`, for the explanation
/// @param factory the class of the factory
record GuardedConnector<C>(Connector<C> connector, PluginScope scope, String subject, String factory)
        implements Connector<C> {

    @Override
    public C open(OpenContext context) throws Exception {
        return scope.<C>demand(subject, called("open"), () -> connector.open(context));
    }

    @Override
    public void close(C connection) throws Exception {
        scope.<@Nullable Void>guard(subject, called("close"), () -> {
            connector.close(connection);
            return null;
        });
    }

    @Override
    public boolean isAlive(C connection, Deadline deadline) throws Exception {
        return scope.guard(subject, called("isAlive"), () -> connector.isAlive(connection, deadline));
    }

    @Override
    public void reset(C connection) throws Exception {
        scope.<@Nullable Void>guard(subject, called("reset"), () -> {
            connector.reset(connection);
            return null;
        });
    }

    @Override
    public int capacity(C connection) {
        ClassLoader before = scope.enter();
        try {
            return connector.capacity(connection);
        } catch (LinkageError e) {
            throw scope.misfit(subject, e);
        } finally {
            scope.exit(before);
        }
    }

    private String called(String method) {
        return method + "() of " + factory;
    }
}
