package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a connection for one holder at a time must do.
public abstract class ExclusiveConnectionTck<S extends Record, C> extends ConnectionTck<S, C> {

    @Override
    protected abstract ConnectionFactory.Exclusive<S, C> factory();

    @Test
    public void isReadyAgainAfterReset() throws Exception {
        C connection = open(settings(), context(endpoint()));
        for (int i = 0; i < 3; i++) {
            exchange(connection);
            factory().reset(connection);
            assertThat(isAlive(connection, deadline(Duration.ofSeconds(10)))).isTrue();
        }
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
