package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import io.turbulence.tck.PluginTestKit.Result;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the server sees of a pool.
@Tag("stress")
@Timeout(120)
class PoolUnderLoadTest {

    private static final int MAX = 10;

    private static int connections(Connection observer) throws SQLException {
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select count(*) from pg_stat_activity where application_name = 'turbulence'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void hasNeverMoreConnectionsThanAllowedAndNoneAtTheEnd() throws Exception {
        try (Postgres server = Postgres.start();
                Connection observer = server.server().getPostgresDatabase().getConnection()) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger looks = new AtomicInteger();
            Thread looking = Thread.ofPlatform().name("observer").start(() -> {
                try {
                    while (!done.get()) {
                        most.accumulateAndGet(connections(observer), Math::max);
                        looks.incrementAndGet();
                    }
                } catch (SQLException e) {
                    most.set(Integer.MAX_VALUE);
                }
            });
            Result result = PluginTestKit.scenario("""
                id: s
                thresholds: [ "pools.db.reuse_rate > 0.99" ]
                flow:
                  - { name: one, type: sql, query: "select :n::int as n", params: { n: "{{instance}}" } }
                  - { name: two, type: sql, query: "select :n::int as n", params: { n: "{{instance}}" } }
                """)
                    .with(new SqlPlugin())
                    .system(server.system("{ max: 10 }"))
                    .instances(5_000, 5_000)
                    .run();
            done.set(true);
            looking.join();
            assertThat(result.run().exitCode()).isZero();
            assertThat(looks.get()).isGreaterThan(10);
            assertThat(most.get()).isPositive().isLessThanOrEqualTo(MAX);
            while (connections(observer) > 0) {
                // The server takes a moment to end its processes; the test's time limit bounds it
                Thread.onSpinWait();
            }
        }
    }
}
