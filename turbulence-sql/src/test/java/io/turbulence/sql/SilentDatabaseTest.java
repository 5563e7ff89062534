package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.FailureException;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.FakeOpenContext;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that takes connections and says nothing.
@Timeout(60)
class SilentDatabaseTest {

    @Test
    void leavesNoThreadBehindWhenItsPoolIsClosed() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SqlPool pool = pool("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/shop");
            assertThatThrownBy(() -> pool.lease(Deadline.after(Duration.ofMillis(300), "timeout of 300 ms")))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("it was not done when the timeout of 300 ms passed");

            pool.close();

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread)
                            && thread.getName().matches("db.*|turbulence-sql-db.*")
                            && !ended(thread))
                    .isEmpty();
        }
    }

    /// Its pool has ended; the thread itself may need a moment.
    private static boolean ended(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static SqlPool pool(String url) throws Exception {
        Databases databases = new Databases();
        Database database = new Database(url, "me", null, Map.of(), null);
        return (SqlPool) databases.open(
                database,
                FakeOpenContext.to(databases.endpoint(database))
                        .withService("db")
                        .withPool(new PoolSettings(
                                4,
                                0,
                                PoolSettings.Scope.RUN,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(50),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(30),
                                null,
                                Map.of())));
    }
}
