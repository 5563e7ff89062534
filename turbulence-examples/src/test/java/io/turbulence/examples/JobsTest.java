package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// `examples/jobs`.
class JobsTest {

    private static final Path JOBS = Path.of("../examples/jobs");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private RunResult run(Path scenario, int instances) {
        return TurbulenceRun.builder()
                .system(JOBS.resolve("system.yaml"))
                .scenario(scenario)
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .instances(instances)
                .concurrency(5)
                .output(folder.resolve("results"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();
    }

    @Test
    void runsAJobOnEachPlatformAndFindsWhatItWrote() {
        RunResult result = run(JOBS.resolve("scenarios"), 20);
        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(20);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"airflow, failed", "dagster, FAILURE", "prefect, FAILED", "livy, dead", "spark, FAILED"})
    void endsAJobThatFailedAtOnce(String platform, String state) throws IOException {
        RunResult result = run(JOBS.resolve("failures").resolve(platform + ".yaml"), 1);
        assertThat(result.exitCode()).as(out.toString()).isEqualTo(1);
        assertThat(Files.readAllLines(folder.resolve("results").resolve("instances.jsonl")))
                .singleElement()
                .satisfies(line -> assertThat(JsonMapper.builder()
                                .build()
                                .readTree(line)
                                .path("error")
                                .asString())
                        .contains("'" + state + "'"));
    }
}
