package io.turbulence.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.turbulence.core.RunDiff;
import io.turbulence.core.RunFolder;
import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.testkit.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pairs of real runs against a server whose delays are drawn anew for each request. The two of a pair run at the same
/// time, so that what else the machine does meets both: then they differ by chance alone, or by what the server does.
@Tag("stress")
@Timeout(600)
class RunsBesideEachOtherTest {

    private static final int PAIRS = 20;
    private static final Duration SHORT = Duration.ofSeconds(12);
    private static final Duration LONG = Duration.ofSeconds(75);
    private static final int USERS = 32;
    private static final double MEDIAN_MILLIS = 100;
    private static final double SPREAD = 0.3;

    @TempDir
    private Path folder;

    /// The comparison promises at most 5 of 100: one of 20. Two and more of 20 have a chance of 26 % at that rate, four
    /// and more of 1.6 %.
    @Test
    void areTheSameWhenTheyDifferByChanceAlone() throws Exception {
        List<RunDiff.Change> flagged = new ArrayList<>();
        int flaggedPairs = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            List<RunDiff.Change> of = flagged(pair("same" + pair, 1, SHORT));
            flagged.addAll(of);
            flaggedPairs += of.isEmpty() ? 0 : 1;
        }
        System.out.printf("%d of %d pairs flagged: %s%n", flaggedPairs, PAIRS, flagged);

        assertThat(flaggedPairs).as("flagged pairs: %s", flagged).isLessThanOrEqualTo(3);
    }

    /// A machine that others keep busy makes seconds differ so much that ten percent drown in it; the comparison says
    /// so by
    /// its interval.
    @Test
    void areWorseWhenTheSystemTakesTenPercentLonger() throws Exception {
        for (int pair = 0; pair < 2; pair++) {
            List<RunDiff.Change> changes = pair("slower" + pair, 1.1, LONG);
            RunDiff.Change median = changes.stream()
                    .filter(change -> change.figure().equals("p50"))
                    .findFirst()
                    .orElseThrow();
            System.out.println(median);

            assertThat(median.change()).isBetween(0.05, 0.2);
            assumeThat(median.high() - median.low())
                    .as("a machine that is quiet enough to measure on")
                    .isLessThan(0.09);
            assertThat(median.verdict()).as("%s", median).isEqualTo("worse");
        }
    }

    private static List<RunDiff.Change> flagged(List<RunDiff.Change> changes) {
        return changes.stream()
                .filter(change -> !change.verdict().equals("same"))
                .toList();
    }

    private List<RunDiff.Change> pair(String name, double slower, Duration length) throws Exception {
        try (LocalServer server = LocalServer.start(socket -> serve(socket, 1));
                LocalServer other = LocalServer.start(socket -> serve(socket, slower));
                ExecutorService both = Executors.newFixedThreadPool(2)) {
            List<Callable<RunResult>> runs = List.of(
                    () -> run(server.port(), length, folder.resolve(name + "-a")),
                    () -> run(other.port(), length, folder.resolve(name + "-b")));
            List<RunFolder> folders = new ArrayList<>();
            for (Future<RunResult> run : both.invokeAll(runs)) {
                RunResult result = run.get();
                assertThat(result.ok()).as(result.message()).isTrue();
                folders.add(new RunFolder(result.folder()));
            }
            return RunDiff.of(folders.getFirst(), folders.getLast()).changes();
        }
    }

    private static RunResult run(int port, Duration length, Path output) {
        return TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(SystemUnderTest.named("s")
                        .service(
                                "api",
                                Service.of("http")
                                        .set("base_url", "http://127.0.0.1:" + port)
                                        .pool("max", USERS)
                                        .pool("min", USERS)))
                .scenario(Scenario.named("known")
                        .step("look", HttpStep.http().get("/{{instance}}"))
                        .load(Map.of("concurrency", USERS, "duration", length.toSeconds() + "s", "warm_up", "1s")))
                .recording(TurbulenceRun.Recording.NONE)
                .output(output)
                .build()
                .execute();
    }

    /// Answers after a time that is log-normally distributed.
    private static void serve(Socket socket, double slower) throws IOException, InterruptedException {
        socket.setTcpNoDelay(true);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = socket.getOutputStream();
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
                .getBytes(StandardCharsets.US_ASCII);
        while (in.readLine() != null) {
            while (!requireNonNull(in.readLine()).isEmpty()) {
                // the headers
            }
            double millis = slower
                    * MEDIAN_MILLIS
                    * Math.exp(SPREAD * ThreadLocalRandom.current().nextGaussian());
            Thread.sleep(Duration.ofNanos((long) (millis * 1e6)));
            out.write(answer);
            out.flush();
        }
    }
}
