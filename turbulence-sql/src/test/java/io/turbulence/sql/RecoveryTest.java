package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pool does while its server is away, and after.
@Timeout(120)
class RecoveryTest {

    @TempDir
    Path folder;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20), "20 s");
    }

    private static void assertFailed(Observation observation, Failure failure) {
        assertThat(observation.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(failure));
    }

    @Test
    void saysThatTheServerIsAwayAndUsesItWhenItIsBack() throws Exception {
        java.io.File data = folder.resolve("data").toFile();
        Postgres first = Postgres.startIn(data);
        int port = first.port();
        try (SqlHost host = new SqlHost(first.database())) {
            host.rows("select 1");
            first.close();
            assertFailed(host.run(Steps.query("select 1")), Failure.CLOSED);
            host.giveBack(true);

            Throwable refused = catchThrowable(() -> host.pool().lease(soon()));
            assertThat(Outcome.Failed.of(refused).failure()).isEqualTo(Failure.CONNECT);
            assertThat(refused).hasMessageStartingWith("could not connect to '127.0.0.1:" + port + "': Connection");
            assertThat(host.pool().figures().waiting()).isZero();

            Postgres again = Postgres.startAgain(port, data);
            try {
                SqlConnection connection = host.pool().lease(soon());
                assertThat(new SqlAction()
                                .execute(Steps.query("select 1"), connection, host.context())
                                .outcome()
                                .success())
                        .isTrue();
                host.pool().release(connection, false);
            } finally {
                again.close();
            }
        }
    }

    @Test
    void replacesWhatACrashOfTheServerBroke() throws Exception {
        try (Postgres server = Postgres.start();
                SqlHost host = new SqlHost(server.database())) {
            SqlConnection victim = host.pool().lease(soon());
            Observation pid =
                    new SqlAction().execute(Steps.query("select pg_backend_pid() as pid"), victim, host.context());
            // One of its processes dies, so the server ends all of them and recovers
            ProcessHandle.of(((Number) SqlHost.rows(pid).getFirst().get("pid")).longValue())
                    .orElseThrow()
                    .destroyForcibly();
            Observation afterwards = host.run(Steps.query("select 1"));
            while (afterwards.outcome().success()) {
                afterwards = host.run(Steps.query("select 1"));
            }
            assertFailed(afterwards, Failure.CLOSED);
            host.pool().release(victim, true);
            SqlConnection fresh = null;
            while (fresh == null) {
                try {
                    fresh = host.pool().lease(soon());
                } catch (Exception e) {
                    assertThat(Outcome.Failed.of(e).failure()).isIn(Failure.CONNECT, Failure.CLOSED);
                }
            }
            assertThat(new SqlAction()
                            .execute(Steps.query("select 1"), fresh, host.context())
                            .outcome()
                            .success())
                    .isTrue();
            host.pool().release(fresh, false);
        }
    }
}
