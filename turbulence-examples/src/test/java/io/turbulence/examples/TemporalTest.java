package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `examples/jobs/temporal` against Temporal's test server.
@Tag("servers")
@Timeout(180)
class TemporalTest {

    private static final Path TEMPORAL = Path.of("../examples/jobs/temporal");
    private static final Path CLASS_PATH = Path.of("target/temporal.cp");

    @TempDir
    static Path home;

    private static Process server;
    private static int port;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Files.isReadable(CLASS_PATH),
                "Temporal's class path is not there: mvn -q -f turbulence-examples/src/it/temporal/pom.xml"
                        + " dependency:build-classpath -Dmdep.outputFile=$PWD/turbulence-examples/target/temporal.cp");
        port = FreePort.choose();
        Path log = home.resolve("log");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "src/it/temporal/TemporalServer.java",
                        "" + port,
                        home.resolve("temporal.binpb").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int attempt = 0; !Files.readString(log).contains("Temporal is ready"); attempt++) {
            if (attempt == 900 || !server.isAlive()) {
                throw new IOException("Temporal did not start: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.destroy();
            server.waitFor();
        }
    }

    private RunResult run(String scenario, int instances) {
        return TurbulenceRun.builder()
                .system(TEMPORAL.resolve("system.yaml"))
                .scenario(TEMPORAL.resolve(scenario))
                .variable("TEMPORAL", "127.0.0.1:" + port)
                .variable("TEMPORAL_PROTOS", home.resolve("temporal.binpb").toString())
                .instances(instances)
                .concurrency(5)
                .output(folder.resolve("results"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();
    }

    @Test
    void startsQueriesSignalsAndReadsTheResult() {
        assertThat(run("order.yaml", 5).exitCode()).as(out.toString()).isZero();
    }

    @Test
    void endsWhenTheWorkflowFails() throws Exception {
        assertThat(run("broken.yaml", 1).exitCode()).as(out.toString()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("results").resolve("instances.jsonl")))
                .contains("'WORKFLOW_EXECUTION_STATUS_FAILED'");
    }
}
