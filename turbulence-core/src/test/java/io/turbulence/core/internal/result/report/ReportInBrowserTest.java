package io.turbulence.core.internal.result.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.RunRecorder;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.files.RecorderOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The report as a browser shows it. The pictures stay in `target/report-pictures`, to be looked at.
@Tag("servers")
@Timeout(240)
class ReportInBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "report-pictures").toAbsolutePath();
    private static final List<StepInfo> STEPS = SyntheticRun.steps();

    @TempDir
    private Path folder;

    private Path report;

    @BeforeEach
    void writeReport() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), "needs Chromium");
        Files.createDirectories(PICTURES);
        report = report();
    }

    @Test
    void isDrawnInLightAndDark() throws Exception {
        Path light = PICTURES.resolve("light.png");
        Path dark = PICTURES.resolve("dark.png");
        String log = chromium("--screenshot=" + light) + chromium("--screenshot=" + dark, "--force-dark-mode");

        assertThat(log).doesNotContain("CONSOLE");
        assertThat(brightness(light)).isGreaterThan(0.85);
        assertThat(brightness(dark)).isLessThan(0.25);
        assertThat(colours(light)).as("colours of text, lines and areas").hasSizeGreaterThan(200);
    }

    @Test
    void isDrawnOnANarrowScreen() throws Exception {
        Path narrow = PICTURES.resolve("narrow.png");

        assertThat(chromium("--screenshot=" + narrow, "--window-size=500,4000")).doesNotContain("CONSOLE");
        assertThat(colours(narrow)).hasSizeGreaterThan(200);
    }

    @Test
    void isPrinted() throws Exception {
        Path print = PICTURES.resolve("print.pdf");

        assertThat(chromium("--print-to-pdf=" + print, "--no-pdf-header-footer"))
                .doesNotContain("CONSOLE");
        assertThat(Files.readString(print, StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
        assertThat(Files.size(print)).isGreaterThan(50_000);
    }

    @Test
    void hasItsFiguresInChartsThatCanBeReadOut() throws Exception {
        String page = chromium("--dump-dom");

        assertThat(page)
                .doesNotContain("CONSOLE")
                .contains("data-charts=\"6\"")
                .contains("aria-pressed=\"true\"><i style=\"border-top: 3px solid")
                .contains("p99 from the scheduled start</button>")
                .contains("aria-pressed=\"false\"")
                .contains("Lines of the latency percentiles of actions; over the whole run p50")
                .contains("aria-label=\"Switch to the dark theme\"");
        for (String id : List.of("c-rate", "c-latency", "c-errors", "c-steps", "c-pool-0", "c-percentiles")) {
            assertThat(page).containsPattern("<canvas id=\"" + id + "\"[^>]*width=\"[1-9]");
        }
    }

    @Test
    void tellsAllOfAFailure() throws Exception {
        String page = chromium("--dump-dom").replace("\n", "");

        assertThat(page)
                .contains("<span class=\"count\">10 ×</span>")
                .contains("checkout.yaml:18")
                .contains("<dt>trace</dt><dd>00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01</dd>")
                .contains("turbulence replay " + report.getParent() + " 20261120-100000-7f3a-3")
                .contains("<div class=\"faint\">request</div><pre>{  \"method\" : \"POST\",  \"path\" :"
                        + " \"/carts\"}</pre>")
                .contains("{  \"error\" : \"&lt;/script&gt;&lt;b&gt;503\"}")
                .contains("list_catalogue 200")
                .contains("it was foggy");
    }

    /// @return what the program printed
    private String chromium(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=3000",
                "--window-size=1280,3600"));
        command.addAll(List.of(more));
        command.add(report.toUri().toString());
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    private static double brightness(Path picture) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        double sum = 0;
        int pixels = 0;
        for (int x = 0; x < image.getWidth(); x += 7) {
            for (int y = 0; y < image.getHeight(); y += 7) {
                int rgb = image.getRGB(x, y);
                sum += ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 765.0;
                pixels++;
            }
        }
        return sum / pixels;
    }

    private static Set<Integer> colours(Path picture) throws IOException {
        BufferedImage image = ImageIO.read(picture.toFile());
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }

    private Path report() throws IOException {
        Path run = folder.resolve("run");
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(200L, 5, List.of()),
                RecorderOptions.quiet()
                        .withFolder(run)
                        .withThresholds(List.of(
                                Threshold.parse("pass_rate >= 99%", SyntheticRun.names()),
                                Threshold.parse("p50_latency_ms < 500", SyntheticRun.names()))),
                () -> Map.of("api", SyntheticRun.pool(2, 1)));
        for (int i = 0; i < 200; i++) {
            instance(recorder, SyntheticRun.instance(i));
        }
        recorder.finish(new RunEnd(
                SyntheticRun.START.plusSeconds(4),
                false,
                RunEnd.Validity.SUSPECT,
                List.of("it was foggy"),
                false,
                null));
        return run.resolve("report.html");
    }

    private record Asked(String method, String path) {}

    private static void instance(RunRecorder recorder, InstanceInfo instance) {
        recorder.instanceStarted(instance);
        long number = instance.number();
        recorder.stepFinished(
                SyntheticRun.ok(instance, STEPS.get(0), 3_000_000 + 40_000 * number, "{\"items\":[1,2]}"));
        if (number % 20 != 3) {
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(1), 5_000_000 + 90_000 * number, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(instance, 2));
            return;
        }
        String error = "'create_cart': <b>503</b> is no success";
        recorder.stepFinished(SyntheticRun.result(
                instance,
                STEPS.get(1),
                false,
                SyntheticRun.exchange(503, 4_000_000, SyntheticRun.json("{\"error\":\"</script><b>503\"}"))
                        .of(new Asked("POST", "/carts"), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                List.of(error)));
        recorder.instanceFinished(SyntheticRun.failed(instance, 2, "create_cart", error));
    }
}
