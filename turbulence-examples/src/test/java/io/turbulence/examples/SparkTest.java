package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.examples.jobs.WarehouseDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `examples/jobs/scenarios/spark.yaml` against a Spark standalone cluster.
@Tag("servers")
@Timeout(240)
class SparkTest {

    @TempDir
    static Path home;

    private static SparkCluster cluster;
    private static Server warehouse;
    private static Path jar;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        cluster = SparkCluster.start(home);
        System.setProperty("h2.bindAddress", "127.0.0.1");
        warehouse = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        jar = jar();
    }

    @AfterAll
    static void stop() throws Exception {
        if (warehouse != null) {
            warehouse.stop();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Path jar() throws IOException {
        Path made = home.resolve("warehouse.jar");
        String entry = WarehouseDriver.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(made);
                JarOutputStream all = new JarOutputStream(file);
                InputStream driver = WarehouseDriver.class.getClassLoader().getResourceAsStream(entry)) {
            all.putNextEntry(new JarEntry(entry));
            driver.transferTo(all);
            all.closeEntry();
        }
        return made;
    }

    private RunResult run(String arguments) throws IOException {
        String url = "jdbc:h2:tcp://127.0.0.1:%d/mem:jobs;DB_CLOSE_DELAY=-1".formatted(warehouse.getPort());
        Path system = Files.writeString(folder.resolve("system.yaml"), """
            services:
              spark: { base_url: "http://127.0.0.1:%d" }
              warehouse: { protocol: sql, url: "%s" }
            """.formatted(cluster.submissionPort(), url));
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
            id: on_spark
            flow:
              - name: run
                type: call
                scenario: "%s"
                timeout: 180s
                with:
                  master: "%s"
                  jar: "file:%s"
                  class_path: "%s"
                  main_class: %s
                  arguments: %s
              - name: wrote
                type: sql
                query: select records as "records" from job_output where platform = 'spark' and run_id = ?
                params: [ ours ]
                expect: { jsonpath: "$[0].records", equals: 42 }
            """.formatted(
                        Path.of("../examples/jobs/scenarios/spark.yaml")
                                .toAbsolutePath()
                                .normalize(),
                        cluster.master(),
                        jar,
                        Path.of(Server.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath()),
                        WarehouseDriver.class.getName(),
                        arguments.formatted(url)));
        return TurbulenceRun.builder()
                .system(system)
                .scenario(scenario)
                .output(folder.resolve("results"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();
    }

    @Test
    void runsADriverAndFindsWhatItWrote() throws Exception {
        assertThat(run("[ \"42\", ours, \"%s\" ]").exitCode())
                .as(out.toString())
                .isZero();
    }

    @Test
    void endsWhenTheDriverFails() throws Exception {
        assertThat(run("[]").exitCode()).as(out.toString()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("results").resolve("instances.jsonl")))
                .contains("'FAILED'");
    }
}
