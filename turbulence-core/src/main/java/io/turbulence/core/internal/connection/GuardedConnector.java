package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.OpenContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Calls a plugin's factory with its context class loader set, and explains classes that do not fit.
///
/// @param subject `a connection of 'orders-db'`, for the explanation
record GuardedConnector<C>(Connector<C> connector, PluginScope scope, String subject) implements Connector<C> {

    @Override
    public C open(OpenContext context) throws Exception {
        return guarded(() -> connector.open(context));
    }

    @Override
    public void close(C connection) throws Exception {
        guarded(() -> {
            connector.close(connection);
            return null;
        });
    }

    @Override
    public boolean isAlive(C connection, Deadline deadline) throws Exception {
        return guarded(() -> connector.isAlive(connection, deadline));
    }

    @Override
    public void reset(C connection) throws Exception {
        guarded(() -> {
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

    private <T extends @Nullable Object> T guarded(Callable<T> call) throws Exception {
        try {
            return scope.call(call);
        } catch (LinkageError e) {
            throw scope.misfit(subject, e);
        }
    }
}
