package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that goes away in the middle of a load and comes back.
@Tag("servers")
@Timeout(120)
class NginxRestartTest {

    private static final int AT_A_TIME = 20;
    private static final Pattern FAILURE = Pattern.compile("\"failure\":\"([A-Z]+)\"");

    private static final Pattern STARTED = Pattern.compile("\"started_at\":\"([^\"]+)\"");
    private static final Pattern OUTAGE = Pattern.compile("\"outages\" : \\[ \\{\\s+\"service\" : \"api\",\\s+"
            + "\"host\" : \"127\\.0\\.0\\.1:\\d+\",\\s+\"from\" : \"[^\"]+\",\\s+\"until\" : \"([^\"]+)\"");

    @TempDir
    Path folder;

    @Test
    void failsOnlyTheStepsInFlightAndTellsOfIt() throws Exception {
        Nginx.assume();
        Certificates certificates = Certificates.in(folder);
        String locations = "location / { return 200 \"ok\"; }";
        Nginx first = Nginx.start(folder, certificates, locations);
        TurbulenceRun run = TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(SystemUnderTest.named("s")
                        .service(
                                "api",
                                Service.of("http")
                                        .set("base_url", "http://127.0.0.1:" + first.port)
                                        .pool("max", AT_A_TIME)))
                .scenario(Scenario.named("ask")
                        .step("ask", HttpStep.http().get("/"))
                        .step("think", "sleep", Map.of("duration", "20ms")))
                .concurrency(AT_A_TIME)
                .duration(Duration.ofSeconds(6))
                .recording(TurbulenceRun.Recording.ALL)
                .output(folder.resolve("result"))
                .build();

        CompletableFuture<RunResult> running = CompletableFuture.supplyAsync(run::execute);
        while (first.answered() < 200 && !running.isDone()) {
            Thread.sleep(20);
        }
        first.kill();
        Instant killed = Instant.now();
        Thread.sleep(1500);
        Instant starting = Instant.now();
        try (Nginx second = first.again()) {
            long before = second.answered();
            RunResult result = running.get();

            assertThat(second.answered()).isGreaterThan(before + 200);
            List<String> steps = Files.readAllLines(result.folder().resolve("steps.jsonl"));
            assertThat(failures(steps)).isNotEmpty().isSubsetOf("CONNECT", "CLOSED");
            List<String> meanwhile = steps.stream()
                    .filter(line -> startedAt(line).isAfter(killed.plusMillis(500)))
                    .filter(line -> startedAt(line).isBefore(starting.minusMillis(100)))
                    .toList();
            assertThat(failures(meanwhile)).containsExactly("CONNECT");
            Matcher outage = OUTAGE.matcher(Files.readString(result.folder().resolve("summary.json")));
            assertThat(outage.find()).isTrue();
            Instant back = Instant.parse(outage.group(1));
            List<String> later =
                    steps.stream().filter(line -> startedAt(line).isAfter(back)).toList();
            assertThat(later).hasSizeGreaterThan(200);
            assertThat(failures(later)).isEmpty();
        }
    }

    private static Instant startedAt(String line) {
        Matcher matcher = STARTED.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return Instant.parse(matcher.group(1));
    }

    private static Set<String> failures(List<String> lines) {
        Set<String> failures = new HashSet<>();
        for (String line : lines) {
            Matcher matcher = FAILURE.matcher(line);
            if (matcher.find()) {
                failures.add(matcher.group(1));
            }
        }
        return failures;
    }
}
