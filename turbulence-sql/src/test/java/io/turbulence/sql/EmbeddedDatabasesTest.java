package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases that run in this process: H2 in memory and in a file, SQLite, DuckDB.
class EmbeddedDatabasesTest {

    @TempDir
    static Path folder;

    @Nested
    class H2InMemory extends DatabasesKit {

        @Override
        Database database() {
            return Database.at("jdbc:h2:mem:kit");
        }

        @Override
        String fourthOfFive() {
            return "batch[3]";
        }

        @Override
        String uniqueViolation() {
            return "23505";
        }

        @Override
        String slowQuery() {
            return "select count(*) from system_range(1, 100000) a, system_range(1, 100000) b where a.x * b.x = 7";
        }

        @Override
        String manyRows() {
            return "select x from system_range(1, 20000)";
        }

        @Test
        void mapsTypes() {
            assertThat(host.rows("""
                select true as a, 2147483648 as b, 1.50 as c, date '2026-11-21' as d, time '01:02:03' as e,
                  timestamp '2026-11-21 01:02:03' as f, timestamp with time zone '2026-11-21 01:02:03+02' as g,
                  uuid '0f0e0d0c-0b0a-0908-0706-050403020100' as h, json '{"x": [1]}' as i, array[1, 2] as j,
                  x'00ff' as k, cast('long' as clob) as l, interval '1' day as m, cast(null as int) as n
                """))
                    .hasToString("[{A=true, B=2147483648, C=1.50, D=2026-11-21, E=01:02:03, F=2026-11-21T01:02:03,"
                            + " G=2026-11-20T23:02:03Z, H=0f0e0d0c-0b0a-0908-0706-050403020100, I={x=[1]}, J=[1, 2],"
                            + " K=AP8=, L=long, M=INTERVAL '1' DAY, N=null}]");
        }

        @Test
        void livesAsLongAsItsPool() throws Exception {
            host.execute("insert into t (id) values (1)");
            host.giveBack(true);
            SqlConnection other =
                    host.pool().lease(io.turbulence.api.Deadline.after(java.time.Duration.ofSeconds(10), "10 s"));
            assertThat(SqlHost.rows(new SqlAction().execute(Steps.query("select id from t"), other, host.context())))
                    .hasToString("[{ID=1}]");
        }

        @Test
        void tellsGeneratedKeys() {
            host.execute("create table if not exists k (id int generated always as identity, name varchar)");
            assertThat(host.execute("insert into k (name) values ('a')")
                            .metadata()
                            .get("generated_keys"))
                    .hasToString("[{ID=1}]");
        }
    }

    @Nested
    class H2InAFile extends DatabasesKit {

        @Override
        Database database() {
            return Database.at("jdbc:h2:file:" + folder.resolve("kit").toAbsolutePath());
        }

        @Override
        String fourthOfFive() {
            return "batch[3]";
        }

        @Override
        String uniqueViolation() {
            return "23505";
        }

        @Override
        String slowQuery() {
            return "select count(*) from system_range(1, 100000) a, system_range(1, 100000) b where a.x * b.x = 7";
        }

        @Override
        String manyRows() {
            return "select x from system_range(1, 20000)";
        }
    }

    @Nested
    class Sqlite extends DatabasesKit {

        @Override
        Database database() {
            return Database.at("jdbc:sqlite:" + folder.resolve("kit.sqlite").toAbsolutePath());
        }

        @Override
        String fourthOfFive() {
            return "one of batch[0] to batch[4]";
        }

        @Override
        String uniqueViolation() {
            return "HY000";
        }

        @Override
        String slowQuery() {
            return "with recursive n(x) as (select 1 union all select x + 1 from n where x < 1000000000) select"
                    + " count(*) from n";
        }

        @Override
        String manyRows() {
            return "with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000) select x from n";
        }

        @Test
        void mapsTypes() {
            assertThat(host.rows("select 1 as a, 2147483648 as b, 1.5 as c, 'x' as d, x'00ff' as e, null as f"))
                    .hasToString("[{a=1, b=2147483648, c=1.5, d=x, e=AP8=, f=null}]");
        }

        @Test
        void runsOnPlatformThreadsOfItsOwn() throws Exception {
            assertThat(host.pool().workers().call(Thread::currentThread)).satisfies(thread -> {
                assertThat(thread.isVirtual()).isFalse();
                assertThat(thread.getName()).startsWith("turbulence-sql-db-");
            });
        }

        @Test
        void tellsItsOwnCode() {
            host.execute("insert into t (id) values (1)");
            // SQLITE_CONSTRAINT_PRIMARYKEY
            assertThat(host.execute("insert into t (id) values (1)").metadata().get("vendor_code"))
                    .isIn(19, 1555);
        }
    }

    @Nested
    class DuckDb extends DatabasesKit {

        @Override
        Database database() {
            return Database.at("jdbc:duckdb:" + folder.resolve("kit.duckdb").toAbsolutePath());
        }

        @Override
        String fourthOfFive() {
            return "batch[3]";
        }

        @Override
        String uniqueViolation() {
            return "HY000";
        }

        @Override
        String slowQuery() {
            return "select count(*) from range(10000000) a(x), range(1000000) b(y) where a.x * b.y = 7";
        }

        @Override
        String manyRows() {
            return "select * from range(1, 20001)";
        }

        @Test
        void mapsTypes() {
            assertThat(host.rows("""
                select true as a, 2147483648 as b, 1.50::decimal(5,2) as c, date '2026-11-21' as d,
                  timestamp '2026-11-21 01:02:03' as e, timestamptz '2026-11-21 01:02:03+02' as f,
                  '0f0e0d0c-0b0a-0908-0706-050403020100'::uuid as g, [1, 2] as h, {'x': 1} as i, 'x'::blob as j,
                  170141183460469231731687303715884105727::hugeint as k, time '01:02:03' as l
                """))
                    .hasToString("[{a=true, b=2147483648, c=1.50, d=2026-11-21, e=2026-11-21T01:02:03,"
                            + " f=2026-11-20T23:02:03Z, g=0f0e0d0c-0b0a-0908-0706-050403020100, h=[1, 2], i=[1],"
                            + " j=eA==, k=" + BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE)
                            + ", l=01:02:03}]");
        }
    }
}
