package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/sql`.
class SqlExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/sql");

    @TempDir
    Path folder;

    @Test
    void movesMoneyWithoutMakingOrLosingAny() {
        StringWriter out = new StringWriter();
        RunResult result = TurbulenceRun.builder()
                .system(EXAMPLE.resolve("system.yaml"))
                .scenario(EXAMPLE.resolve("scenarios"))
                .output(folder.resolve("results"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();
        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(200);
    }
}
