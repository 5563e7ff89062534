package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import org.junit.jupiter.api.Test;

/// What a connection must do of which only opening tells how many may hold it.
public abstract class NegotiatedConnectionTck<S extends Record, C> extends ConnectionTck<S, C> {

    private static final int MOST_HOLDERS = 1000;

    @Override
    protected abstract ConnectionFactory.Negotiated<S, C> factory();

    @Test
    public void servesAsManyHoldersAsItSays() throws Exception {
        C connection = open(settings(), context(endpoint()));
        int holders = Math.min(factory().capacity(connection), MOST_HOLDERS);
        assertThat(holders).as("capacity of a connection that was just opened").isPositive();
        Concurrently.run(holders, number -> exchange(connection));
        if (factory().capacity(connection) == 1) {
            factory().reset(connection);
        }
        Promptly.doing("an exchange after it", () -> exchange(connection));
        close(connection);
    }

    @Test
    public void opensManyAtOnce() throws Exception {
        S settings = settings();
        Concurrently.run(50, number -> {
            C connection = open(settings, context(endpoint()));
            exchange(connection);
            close(connection);
        });
    }

    @Override
    final C open(S settings, OpenContext context) throws Exception {
        return factory().open(settings, context);
    }

    @Override
    final void close(C connection) throws Exception {
        factory().close(connection);
    }

    @Override
    final boolean isAlive(C connection, Deadline deadline) throws Exception {
        return factory().isAlive(connection, deadline);
    }
}
