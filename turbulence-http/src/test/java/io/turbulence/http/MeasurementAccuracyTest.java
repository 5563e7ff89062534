package io.turbulence.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.testkit.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Percentiles beside what a server with known delays wrote down itself. On a machine that others keep busy the
/// run says that its figures are not valid; then there is nothing to compare, and it is run again.
@Tag("stress")
@Timeout(240)
class MeasurementAccuracyTest {

    private static final double TRUTH = 0.02;
    private static final int TRIES = 4;
    private static final long WARM_UP_NUMBERS = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;

    @TempDir
    private Path folder;

    @Test
    void agreeWithAConstantDelay() throws Exception {
        Measured measured = valid(number -> 200 * MILLI, 100, "rate: 100/s");

        assertAgreement(measured, "latency", measured.server.service(), 50, 90, 95, 99);
        assertAgreement(measured, "scheduled_latency", measured.server.service(), 50, 90, 95, 99);
    }

    @Test
    void agreeWithTwoDelays() throws Exception {
        Measured measured = valid(number -> (number % 10 == 0 ? 600 : 100) * MILLI, 100, "rate: 100/s");

        assertAgreement(measured, "latency", measured.server.service(), 50, 85, 95, 99);
        assertThat(measured.millis("latency", 50)).isLessThan(300);
        assertThat(measured.millis("latency", 95)).isGreaterThan(600);
    }

    @Test
    void leaveTheWarmUpOut() throws Exception {
        Measured measured =
                valid(number -> (number >= WARM_UP_NUMBERS ? 900 : 100) * MILLI, 100, "rate: 50/s, warm_up: 3s");

        assertThat(measured.server.answered.keySet()).anyMatch(number -> number >= WARM_UP_NUMBERS);
        assertThat(measured.run.total()).isEqualTo(measured.server.service().size());
        assertThat(measured.millis("latency", 100)).isLessThan(900);
        assertAgreement(measured, "latency", measured.server.service(), 50, 99);
    }

    /// One second of stall in three, and ten connections, so that those that should have been sent in a stall wait
    /// for a connection and then are answered at once.
    @Test
    void showAStallFromTheScheduledStartThatAClosedLoopHides() throws Exception {
        long period = 3_000 * MILLI;
        long stall = 1_000 * MILLI;
        LongUnaryOperator gate = at -> Math.floorMod(at, period) < stall ? stall - Math.floorMod(at, period) : 0;
        Measured measured = valid(new Server(number -> 10 * MILLI, gate), 10, "rate: 200/s");
        List<Long> truth = measured.server.sinceDue(200);

        assertAgreement(measured, "scheduled_latency", truth, 75, 90, 95, 99);
        assertThat(measured.millis("latency", 90))
                .as("service time, which begins when there is a connection")
                .isLessThan(millis(truth, 90) / 4);

        double naive = naiveClosedLoop(new Server(number -> 10 * MILLI, gate), Duration.ofSeconds(9));
        assertThat(naive).as("p90 of a loop that waits for answers").isLessThan(millis(truth, 90) / 4);
    }

    private static void assertAgreement(Measured measured, String figure, List<Long> truth, double... percentiles) {
        for (double percentile : percentiles) {
            double expected = millis(truth, percentile);
            assertThat(measured.millis(figure, percentile))
                    .as("p%s of %s", percentile, figure)
                    .isEqualTo(expected, within(TRUTH * expected));
        }
    }

    /// The value that so many percent of all do not exceed.
    private static double millis(List<Long> nanos, double percentile) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int rank = (int) Math.ceil(percentile / 100 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1) / 1e6;
    }

    private Measured valid(LongUnaryOperator delay, int connections, String load) throws IOException {
        return valid(new Server(delay, at -> 0), connections, load);
    }

    private Measured valid(Server server, int connections, String load) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            server.answered.clear();
            Path output = folder.resolve(i + "-" + System.nanoTime());
            RunResult result = run(server, connections, load, output);
            String summary = Files.readString(output.resolve("summary.json"));
            // With too few connections the pool's wait is most of it, which is what is tested
            String reason = summary.replaceAll("(?s).*\"validity_reasons\" : \\[(.*?)],?\n.*", "$1");
            if (result.exitCode() == 0
                    && reason.replaceAll("\"waiting for a connection of[^\"]*\"", "")
                            .isBlank()) {
                return new Measured(server, result, histograms(output.resolve("totals.hlog")));
            }
            reasons.add(reason);
        }
        assumeThat(reasons).as("a machine that is quiet enough to measure on").isEmpty();
        throw new AssertionError("not reached");
    }

    private static RunResult run(Server server, int connections, String load, Path output) throws IOException {
        Map<String, Object> workload = new HashMap<>(Map.of("duration", "9s", "max_concurrency", 5_000));
        for (String pair : load.split(", ", -1)) {
            workload.put(pair.split(": ", -1)[0], pair.split(": ", -1)[1]);
        }
        try (LocalServer listening = LocalServer.start(server::serve)) {
            return TurbulenceRun.builder()
                    .plugins(new HttpPlugin())
                    .system(SystemUnderTest.named("s")
                            .service(
                                    "api",
                                    Service.of("http")
                                            .set("base_url", "http://127.0.0.1:" + listening.port())
                                            .pool("max", connections)
                                            .pool("min", connections)))
                    .scenario(scenario(workload))
                    .recording(TurbulenceRun.Recording.NONE)
                    .output(output)
                    .build()
                    .execute();
        }
    }

    private static Scenario scenario(Map<String, Object> workload) {

        return Scenario.named("known")
                .step("look", HttpStep.http().get("/{{instance}}"))
                .load(workload);
    }

    private static Map<String, Histogram> histograms(Path file) throws IOException {
        Map<String, Histogram> histograms = new HashMap<>();
        try (InputStream in = Files.newInputStream(file);
                HistogramLogReader reader = new HistogramLogReader(in)) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                histograms.put(requireNonNull(next.getTag()), (Histogram) next);
            }
        }
        return histograms;
    }

    /// Ten users, each asking again when it was answered: what most scripts do.
    ///
    /// @return its p90 in milliseconds
    private static double naiveClosedLoop(Server server, Duration length) throws Exception {
        List<Long> times = new ArrayList<>();
        try (LocalServer listening = LocalServer.start(server::serve);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listening.port() + "/1"))
                    .build();
            long end = System.nanoTime() + length.toNanos();
            List<Thread> users = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                users.add(Thread.ofVirtual().start(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        try {
                            client.send(request, HttpResponse.BodyHandlers.discarding());
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        synchronized (times) {
                            times.add(System.nanoTime() - start);
                        }
                    }
                }));
            }
            for (Thread user : users) {
                user.join();
            }
        }
        return millis(times, 90);
    }

    private record Measured(Server server, RunResult run, Map<String, Histogram> histograms) {

        double millis(String figure, double percentile) {
            return requireNonNull(histograms.get("known/look:" + figure)).getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /// Answers each request after a delay that depends on its number, and after a stall, if it came in one; and
    /// writes down when it did.
    private static final class Server {

        private final LongUnaryOperator delay;
        private final LongUnaryOperator stall;
        private final Map<Long, long[]> answered = new ConcurrentHashMap<>();

        Server(LongUnaryOperator delay, LongUnaryOperator stall) {
            this.delay = delay;
            this.stall = stall;
        }

        void serve(Socket socket) throws Exception {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
                    .getBytes(StandardCharsets.US_ASCII);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long came = System.nanoTime();
                long number = Long.parseLong(line.split(" ", -1)[1].substring(1));
                while (!requireNonNull(in.readLine()).isEmpty()) {
                    // the headers
                }
                long wait = stall.applyAsLong(came) + delay.applyAsLong(number);
                Thread.sleep(Duration.ofNanos(wait));
                // before it is sent: afterwards somebody else may have the processor
                answered.put(number, new long[] {came, System.nanoTime()});
                out.write(answer);
                out.flush();
            }
        }

        /// What it took for each, those of the warm-up left out.
        List<Long> service() {
            return answered.entrySet().stream()
                    .filter(entry -> entry.getKey() < WARM_UP_NUMBERS)
                    .map(entry -> entry.getValue()[1] - entry.getValue()[0])
                    .toList();
        }

        /// How long after it was due each was answered, where the n-th is due n / rate after the first. The first was
        /// due when the one came that was the least late.
        List<Long> sinceDue(double rate) {
            long first = answered.entrySet().stream()
                    .mapToLong(entry -> entry.getValue()[0] - Math.round(entry.getKey() * 1e9 / rate))
                    .min()
                    .orElseThrow();
            return answered.entrySet().stream()
                    .map(entry -> entry.getValue()[1] - first - Math.round(entry.getKey() * 1e9 / rate))
                    .toList();
        }
    }
}
