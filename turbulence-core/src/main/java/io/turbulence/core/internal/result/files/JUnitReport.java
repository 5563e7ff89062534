package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.engine.event.InstanceResult.Status;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.json.JsonLines;
import io.turbulence.core.internal.result.text.Style;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/// `junit.xml` as Jenkins, GitLab and GitHub read it: a suite for each scenario, one for the thresholds, and one for
/// the
/// run itself when it did not come to a good end.
///
/// In a small run each instance is a test case. In a larger one each step is: nobody wants ten
/// thousand test cases named by numbers; its failure lists the kinds and how often they came.
public final class JUnitReport {

    static final String FILE = "junit.xml";

    /// Up to so many instances each is a test case.
    public static final int SMALL_RUN = 200;

    private final String run;
    private final RunSummary summary;
    private final List<EndedInstance> instances;
    private final XMLStreamWriter xml;

    private JUnitReport(String run, RunSummary summary, List<EndedInstance> instances, XMLStreamWriter xml) {
        this.run = run;
        this.summary = summary;
        this.instances = instances;
        this.xml = xml;
    }

    /// An instance as a test case.
    ///
    /// @param error masked; null when it passed
    /// @param more  what else was wrong at the failed step, masked
    public record EndedInstance(
            String scenario,
            long number,
            String instanceId,
            Status status,
            long durationNanos,
            @Nullable String failedStep,
            @Nullable String error,
            List<String> more) {}

    private record Counts(long tests, long failures, long errors, double seconds) {}

    /// @param instances all of a small run; of a larger one it does not matter which
    public static void write(Path folder, RunSummary summary, List<EndedInstance> instances) throws IOException {
        Path file = folder.resolve(FILE);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            new JUnitReport(RunName.of(folder, summary.runId()), summary, instances, xml).write();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("'" + file + "' could not be written: " + e.getMessage(), e);
        }
    }

    private void write() throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        line(0);
        xml.writeStartElement("testsuites");
        xml.writeAttribute("name", "turbulence");
        boolean small = summary.instances().total() == instances.size() && instances.size() <= SMALL_RUN;
        for (Map.Entry<String, RunSummary.Scenario> scenario :
                summary.scenarios().entrySet()) {
            if (small) {
                instanceSuite(scenario.getKey());
            } else {
                stepSuite(scenario.getKey(), scenario.getValue());
            }
        }
        if (!summary.thresholds().isEmpty()) {
            thresholdSuite();
        }
        String broken = broken();
        if (broken != null) {
            runSuite(broken);
        }
        line(0);
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void instanceSuite(String scenario) throws XMLStreamException {
        List<EndedInstance> cases = instances.stream()
                .filter(instance -> instance.scenario().equals(scenario))
                .toList();
        long nanos = cases.stream().mapToLong(EndedInstance::durationNanos).sum();
        startSuite(
                scenario,
                new Counts(cases.size(), count(cases, Status.FAILED), count(cases, Status.ABORTED), nanos / 1e9));
        for (EndedInstance instance : cases) {
            startCase(scenario, "instance " + instance.number(), instance.durationNanos() / 1e9);
            place(place(scenario, instance.failedStep()));
            String error = instance.error() == null ? "no reason is known" : instance.error();
            switch (instance.status()) {
                case PASSED -> {}
                case FAILED ->
                    problem(
                            "failure",
                            error + andMore(instance.more()),
                            String.valueOf(instance.failedStep()),
                            details(instance));
                case ABORTED -> problem("error", "aborted: " + error, "aborted", details(instance));
            }
            endCase(instance.status() != Status.PASSED);
        }
        endSuite();
    }

    private static long count(List<EndedInstance> instances, Status status) {
        return instances.stream()
                .filter(instance -> instance.status() == status)
                .count();
    }

    private static String andMore(List<String> more) {
        return more.isEmpty() ? "" : " (and " + more.size() + " more)";
    }

    private String details(EndedInstance instance) {
        String more = instance.more().stream().map(error -> error + "\n").collect(Collectors.joining());
        return instance.error() + "\n" + more + "\ninstance " + instance.instanceId() + " of run " + summary.runId()
                + "\n" + "turbulence replay " + run + " " + instance.instanceId() + "\n";
    }

    private void stepSuite(String scenario, RunSummary.Scenario ended) throws XMLStreamException {
        List<RunSummary.Step> steps = summary.steps().stream()
                .filter(step -> step.info().scenario().equals(scenario))
                .filter(step -> step.count() > 0)
                .toList();
        List<RunSummary.ErrorKind> others =
                summary.errors().stream().filter(error -> error.step() == null).toList();
        long failed = steps.stream().filter(step -> step.failed() > 0).count() + (others.isEmpty() ? 0 : 1);
        startSuite(
                scenario,
                new Counts(
                        steps.size() + (others.isEmpty() ? 0 : 1),
                        failed,
                        0,
                        summary.measured().toMillis() / 1e3));
        for (RunSummary.Step step : steps) {
            startCase(scenario, step.info().name(), step.latency().mean() / 1e3);
            place(step.info());
            if (step.failed() > 0) {
                String message = Style.count(step.failed()) + " of " + Style.count(step.count()) + " failed";
                problem("failure", message, step.info().type(), kinds(step.info()));
            }
            endCase(step.failed() > 0);
        }
        if (!others.isEmpty()) {
            startCase(scenario, "(instance)", ended.duration().mean() / 1e3);
            place(place(scenario, null));
            problem("failure", "instances failed outside of their steps", "instance", kinds(null));
            endCase(true);
        }
        endSuite();
    }

    /// How often which kind of failure came.
    private String kinds(@Nullable StepInfo step) {
        StringBuilder text = new StringBuilder();
        for (RunSummary.ErrorKind error : summary.errors()) {
            boolean same = step == null ? error.step() == null : step.equals(error.step());
            if (same) {
                text.append(Style.count(error.count()))
                        .append(" × ")
                        .append(error.message())
                        .append('\n');
                error.more().forEach(more -> text.append("  and ").append(more).append('\n'));
                text.append("  instance ").append(error.exampleInstance()).append('\n');
            }
        }
        return text.toString();
    }

    private void thresholdSuite() throws XMLStreamException {
        List<ThresholdResult> results = summary.thresholds();
        long failed = results.stream().filter(result -> !result.holds()).count();
        startSuite("thresholds", new Counts(results.size(), failed, 0, 0));
        for (ThresholdResult result : results) {
            startCase("thresholds", result.threshold().expression(), 0);
            if (!result.holds()) {
                String message = "'" + result.threshold().expression() + "' "
                        + switch (result.threshold().sense()) {
                            case MUST_HOLD -> "does not hold: ";
                            case FAILS -> "came true: ";
                        }
                        + result.actualText();
                problem("failure", message, "threshold", message);
            }
            endCase(!result.holds());
        }
        endSuite();
    }

    /// Why the run's results are not the last word; null when they are. Readers of this file know no exit code, and one
    /// without test cases looks as good as one whose cases passed.
    private @Nullable String broken() {
        if (summary.message() != null) {
            return summary.message();
        }
        if (summary.interrupted()) {
            return "the run was interrupted";
        }
        return summary.exitCode() == ExitCode.NOT_VALID
                ? "the run is not valid: " + String.join("; ", summary.validityReasons())
                : null;
    }

    private void runSuite(String broken) throws XMLStreamException {
        startSuite("run", new Counts(1, 0, 1, summary.duration().toMillis() / 1e3));
        startCase("run", "comes to its end", summary.duration().toMillis() / 1e3);
        problem("error", broken, "exit code " + summary.exitCode().number(), broken);
        endCase(true);
        endSuite();
    }

    private void startSuite(String name, Counts counts) throws XMLStreamException {
        line(1);
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", text(name));
        xml.writeAttribute("tests", Long.toString(counts.tests()));
        xml.writeAttribute("failures", Long.toString(counts.failures()));
        xml.writeAttribute("errors", Long.toString(counts.errors()));
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("time", seconds(counts.seconds()));
        // without fraction and zone, as the schema of Jenkins has it
        xml.writeAttribute("timestamp", JsonLines.time(summary.startedAt()).substring(0, 19));
        line(2);
        xml.writeStartElement("properties");
        property("run_id", summary.runId());
        property("seed", Long.toString(summary.seed()));
        property("valid", summary.validity().name().toLowerCase(Locale.ROOT));
        line(2);
        xml.writeEndElement();
    }

    private void property(String name, String value) throws XMLStreamException {
        line(3);
        xml.writeEmptyElement("property");
        xml.writeAttribute("name", name);
        xml.writeAttribute("value", text(value));
    }

    private void endSuite() throws XMLStreamException {
        line(1);
        xml.writeEndElement();
    }

    private void startCase(String className, String name, double seconds) throws XMLStreamException {
        line(2);
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", text(className));
        xml.writeAttribute("name", text(name));
        xml.writeAttribute("time", seconds(seconds));
    }

    /// Where the reader's link leads to.
    private void place(@Nullable StepInfo step) throws XMLStreamException {
        if (step != null && !step.file().isEmpty()) {
            xml.writeAttribute("file", text(step.file()));
            xml.writeAttribute("line", Integer.toString(step.line()));
        }
    }

    /// The step of the name; the scenario's first where none is named, or another than its own.
    private @Nullable StepInfo place(String scenario, @Nullable String name) {
        StepInfo first = null;
        for (RunSummary.Step step : summary.steps()) {
            StepInfo info = step.info();
            if (info.scenario().equals(scenario)) {
                first = first == null ? info : first;
                if (info.name().equals(name)) {
                    return info;
                }
            }
        }
        return first;
    }

    private void problem(String element, String message, String type, String details) throws XMLStreamException {
        line(3);
        xml.writeStartElement(element);
        xml.writeAttribute("message", text(message));
        xml.writeAttribute("type", text(type));
        xml.writeCharacters(text(details));
        xml.writeEndElement();
    }

    private void endCase(boolean hasContent) throws XMLStreamException {
        if (hasContent) {
            line(2);
        }
        xml.writeEndElement();
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    /// Without what XML cannot hold.
    private static String text(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().map(c -> isXml(c) ? c : 0xFFFD).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }
}
