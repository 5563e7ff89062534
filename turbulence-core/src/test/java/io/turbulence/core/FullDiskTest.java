package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A run whose results find no room ends, and says so once.
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @Test
    void endsRunThatNobodyInterrupted() throws IOException {
        Path results = Files.createDirectory(folder.resolve("result"));
        Files.createSymbolicLink(results.resolve("steps.jsonl"), Path.of("/dev/full"));
        fake.on("/a", ok("x"));
        StringWriter out = new StringWriter();

        RunResult result = new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { type: fake, path: /a }, { type: sleep, duration: 1ms } ]\n")
                .with(builder -> builder.concurrency(2)
                        .duration(Duration.ofMinutes(1))
                        .grace(Duration.ofSeconds(10))
                        .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 500, false))
                .build()
                .execute();

        String why = "Results are not whole: '" + results.resolve("steps.jsonl")
                + "' could not be written: No space left on device."
                + " The run was stopped. Free space or choose another folder with --output.";
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(results.resolve("summary.json")).content().contains("\"total\" : " + result.total());
        assertThat(results.resolve("manifest.json")).content().contains("\"exit_code\" : 6");
        assertThat(result.interrupted()).isFalse();
        assertThat(result.message()).isEqualTo(why);
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(why)
                .doesNotContain("interrupted", "report.html")
                .endsWith("/s), then the run was stopped ");
    }
}
