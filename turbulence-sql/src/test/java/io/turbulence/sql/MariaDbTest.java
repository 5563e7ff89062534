package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Observation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("servers")
class MariaDbTest extends DatabasesKit {

    @TempDir
    static Path folder;

    private static MariaDb server;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDb.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database() {
        return server.database();
    }

    @Override
    String uniqueViolation() {
        return "23000";
    }

    @Override
    String fourthOfFive() {
        return "one of batch[0] to batch[4]";
    }

    @Override
    String slowQuery() {
        return "select sleep(30)";
    }

    @Override
    String manyRows() {
        return "select seq from seq_1_to_20000";
    }

    @Test
    void mapsTypes() {
        host.execute("drop table if exists types");
        host.execute("""
            create table types (a tinyint(1), b bigint unsigned, c decimal(5,2), d date, e time, f datetime(3), g timestamp null,
              h json, i blob, j year, k bit(4), l enum('x', 'y'), m double, n uuid)
            """);
        host.execute("""
            insert into types values (true, 18446744073709551615, 1.50, '2026-11-21', '01:02:03', '2026-11-21 01:02:03.5',
              '2026-11-21 01:02:03', '{"a": 1}', x'00ff', 2026, b'101', 'y', 0.5, '0f0e0d0c-0b0a-0908-0706-050403020100')
            """);
        assertThat(host.rows("select * from types"))
                .hasToString(
                        "[{a=true, b=18446744073709551615, c=1.50, d=2026-11-21, e=01:02:03, f=2026-11-21T01:02:03.5,"
                                + " g=2026-11-21T01:02:03, h={a=1}, i=AP8=, j=2026, k=BQ==, l=y, m=0.5,"
                                + " n=0f0e0d0c-0b0a-0908-0706-050403020100}]");
    }

    @Test
    void tellsGeneratedKeys() {
        host.execute("drop table if exists k");
        host.execute("create table k (id int auto_increment primary key, name text)");
        Observation insert = host.execute("insert into k (name) values (?)", "a");
        assertThat(String.valueOf(insert.metadata().get("generated_keys"))).contains("=1}");
        assertThat(host.execute("insert into k (name) values (?) returning id", "b")
                        .metadata()
                        .get("columns"))
                .isEqualTo(List.of("id"));
    }
}
