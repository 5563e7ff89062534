package io.turbulence.sql;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/// What a select by key costs this process, against a bare HikariCP loop on virtual threads: a program, not a
/// test. Both run on one PostgreSQL in turns, 10 threads on 10 connections, and are compared by the processor
/// time of this process.
public final class SelectCost {

    private static final int THREADS = 10;
    private static final int SELECTS = 5_000;
    private static final int ROUNDS = 8;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private SelectCost() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        try (Postgres server = Postgres.start();
                SqlHost host = new SqlHost(server.database())) {
            host.execute("create table item (id int primary key, name text, price numeric)");
            host.execute("insert into item select i, 'item ' || i, i * 1.5 from generate_series(0, 999) i");
            for (int round = 0; round < ROUNDS; round++) {
                double bare = bare(server);
                double turbulence = turbulence(server);
                out.printf(
                        "round %d: bare %.1f us, turbulence %.1f us per select, ratio %.2f%n",
                        round, bare, turbulence, turbulence / bare);
            }
        }
    }

    private static double bare(Postgres server) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url());
        config.setUsername("postgres");
        config.setMaximumPoolSize(10);
        try (HikariDataSource source = new HikariDataSource(config)) {
            long before = SYSTEM.getProcessCpuTime();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> loop(source, number)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return (SYSTEM.getProcessCpuTime() - before) / 1000.0 / (THREADS * SELECTS);
        }
    }

    private static void loop(HikariDataSource source, int number) {
        try {
            for (int i = 0; i < SELECTS; i++) {
                try (Connection connection = source.getConnection();
                        PreparedStatement select =
                                connection.prepareStatement("select id, name, price from item where id = ?")) {
                    select.setInt(1, (number * 31 + i) % 1000);
                    try (ResultSet rows = select.executeQuery()) {
                        if (!rows.next() || rows.getString(2).isEmpty() || rows.getBigDecimal(3) == null) {
                            throw new IllegalStateException("no row");
                        }
                    }
                }
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double turbulence(Postgres server) throws Exception {
        Path folder = Files.createTempDirectory("select-cost");
        Path system = Files.writeString(folder.resolve("system.yaml"), server.system("{ max: 10 }"));
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
            id: cost
            max_steps: 100000
            flow:
              - type: loop
                times: %d
                do:
                  - name: select
                    type: sql
                    query: "select id, name, price from item where id = ?"
                    params: [ "{{ (instance * 31 + loop_index) %% 1000 }}" ]
            """.formatted(SELECTS));
        long before = SYSTEM.getProcessCpuTime();
        RunResult result = TurbulenceRun.builder()
                .system(system)
                .scenario(scenario)
                .plugins(new SqlPlugin())
                .instances(THREADS)
                .concurrency(THREADS)
                .recording(TurbulenceRun.Recording.NONE)
                .output(folder.resolve("result"))
                .build()
                .execute();
        if (!result.ok()) {
            throw new IllegalStateException(result.toString());
        }
        return (SYSTEM.getProcessCpuTime() - before) / 1000.0 / (THREADS * SELECTS);
    }
}
