package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a connection for many holders must do.
public abstract class SharedConnectionTck<S extends Record, C> extends ConnectionTck<S, C> {

    @Override
    protected abstract ConnectionFactory.Shared<S, C> factory();

    @Test
    public void servesAThousandVirtualThreadsAtOnce() throws Exception {
        C connection = open(settings(), context(endpoint()));
        Concurrently.run(1000, number -> exchange(connection));
        close(connection);
    }

    @Test
    public void survivesTheInterruptionOfOneHolder() throws Exception {
        C connection = open(settings(), context(endpoint()));
        exchange(connection);
        List<Promptly<String>> holders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            holders.add(Promptly.start("an exchange", () -> {
                exchange(connection);
                return "done";
            }));
        }
        holders.getFirst().interrupt();
        for (Promptly<String> holder : holders.subList(1, holders.size())) {
            assertThat(holder.join()).isEqualTo("done");
        }
        Promptly.doing("an exchange after it", () -> exchange(connection));
        close(connection);
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
        return factory().isHealthy(connection, deadline);
    }
}
