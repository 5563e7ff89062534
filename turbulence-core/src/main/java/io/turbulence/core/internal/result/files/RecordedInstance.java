package io.turbulence.core.internal.result.files;

import io.turbulence.api.Failure;
import io.turbulence.api.Headers;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.engine.RecordedAnswers;
import io.turbulence.core.internal.engine.Replay;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An instance of a run as its lines tell of it: its inputs, its answers and how its steps ended. Thread-safe.
public final class RecordedInstance implements RecordedAnswers {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /// What of a path says which execution of a step it was, wherever the step stands.
    private static final Pattern TURN = Pattern.compile("#\\d+|\\.call:[^.]+");

    /// Instances of the warm-up are numbered from here on.
    private static final long WARM_UP_NUMBERS = 1_000_000_000L;

    private final Path folder;
    private final JsonView manifest;
    private final long number;
    private final @Nullable JsonView line;
    private final List<JsonView> steps;
    private final List<JsonView> before;

    /// Guarded by itself: the line that a place was answered with.
    private final Map<String, JsonView> found = new HashMap<>();

    private RecordedInstance(
            Path folder,
            JsonView manifest,
            long number,
            @Nullable JsonView line,
            List<JsonView> steps,
            List<JsonView> before) {
        this.folder = folder;
        this.manifest = manifest;
        this.number = number;
        this.line = line;
        this.steps = steps;
        this.before = before;
    }

    /// Looks an instance up.
    ///
    /// @param wanted its id or its number; null for the first that failed
    /// @throws IOException              when the folder holds no run, or a file cannot be read
    /// @throws IllegalArgumentException when the run has no such instance
    public static RecordedInstance read(Path folder, @Nullable String wanted) throws IOException {
        JsonView manifest = manifest(folder);
        JsonView line = instance(folder, wanted);
        if (line == null) {
            return unrecorded(folder, manifest, wanted);
        }
        String id = "\"instance_id\":\"" + line.get("instance_id").text() + "\"";
        String run = "\"run_id\":\"" + line.get("run_id").text() + "\"";
        Path file = folder.resolve(ResultFiles.File.STEPS.fileName());
        List<JsonView> all = lines(
                file, text -> text.contains(id) || (text.contains("\"phase\":\"BEFORE_RUN\"") && text.contains(run)));
        return new RecordedInstance(
                folder,
                manifest,
                line.get("instance").count(),
                line,
                all.stream().filter(step -> step.get("phase").isNull()).toList(),
                all.stream().filter(step -> !step.get("phase").isNull()).toList());
    }

    private static RecordedInstance unrecorded(Path folder, JsonView manifest, @Nullable String wanted)
            throws IOException {
        if (wanted == null) {
            throw new IllegalArgumentException(
                    "no instance of '" + folder + "' failed; name one by its number or its id, such as 0");
        }
        String runId = manifest.get("run_id").text() + "-";
        String number = wanted.startsWith(runId) ? wanted.substring(runId.length()) : wanted;
        if (!NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("'" + wanted + "' is no instance of '" + folder
                    + "'; its number was expected, such as 7, or its id, such as " + runId + "7");
        }
        refuseWhatNeverWas(folder, Long.parseLong(number));
        return new RecordedInstance(folder, manifest, Long.parseLong(number), null, List.of(), List.of());
    }

    /// Where each instance has a line, one without never was.
    private static void refuseWhatNeverWas(Path folder, long number) throws IOException {
        Path summary = folder.resolve(SummaryFile.FILE);
        if (number >= WARM_UP_NUMBERS || !Files.exists(summary)) {
            return;
        }
        long total = new JsonView(JsonCodec.INSTANCE.read(Files.readString(summary)))
                .get("instances")
                .get("total")
                .count();
        LongSummaryStatistics recorded =
                lines(folder.resolve(ResultFiles.File.INSTANCES.fileName()), text -> true).stream()
                        .filter(line -> line.get("phase").isNull()
                                && !line.get("warm_up").isTrue())
                        .mapToLong(line -> line.get("instance").count())
                        .summaryStatistics();
        if (recorded.getCount() > 0 && recorded.getCount() >= total) {
            throw new IllegalArgumentException("'%s' has no instance %d: it ran %s"
                    .formatted(
                            folder,
                            number,
                            recorded.getCount() == 1
                                    ? "one, number " + recorded.getMin()
                                    : "%d, numbered from %d to %d"
                                            .formatted(recorded.getCount(), recorded.getMin(), recorded.getMax())));
        }
    }

    private static JsonView manifest(Path folder) throws IOException {
        Path file = folder.resolve("manifest.json");
        if (!Files.exists(file)) {
            throw new IOException(
                    "'" + folder + "' holds no run: there is no 'manifest.json'. A run's folder was expected.");
        }
        return new JsonView(JsonCodec.INSTANCE.read(Files.readString(file)));
    }

    /// What a run was started with, as its manifest tells.
    public record Start(
            List<String> flags,
            @Nullable Path system,
            List<Path> scenarios,
            @Nullable String profile) {}

    /// @throws IOException when the folder holds no run
    public static Start start(Path folder) throws IOException {
        JsonView manifest = manifest(folder);
        JsonView system = manifest.get("system");
        JsonView profile = manifest.get("profile");
        return new Start(
                manifest.get("flags").list().stream().map(JsonView::text).toList(),
                system.isNull() ? null : Path.of(system.text()),
                manifest.get("scenarios").list().stream()
                        .map(scenario -> Path.of(scenario.get("file").text()))
                        .toList(),
                profile.isNull() ? null : profile.text());
    }

    private static @Nullable JsonView instance(Path folder, @Nullable String wanted) throws IOException {
        Path file = folder.resolve(ResultFiles.File.INSTANCES.fileName());
        String text;
        if (wanted == null) {
            text = "\"status\":\"failed\"";
        } else if (NUMBER.matcher(wanted).matches()) {
            text = "\"instance\":" + Long.parseLong(wanted) + ",";
        } else {
            text = "\"instance_id\":" + JsonCodec.INSTANCE.writeText(wanted);
        }
        return lines(file, line -> line.contains(text)).stream()
                .filter(line -> line.get("phase").isNull())
                .min((a, b) -> Long.compare(
                        a.get("instance").count(), b.get("instance").count()))
                .orElse(null);
    }

    private static List<JsonView> lines(Path file, Predicate<String> wanted) throws IOException {
        List<JsonView> found = new ArrayList<>();
        if (!Files.exists(file)) {
            return found;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (wanted.test(line)) {
                    JsonView view = parsed(line);
                    if (!view.isNull()) {
                        found.add(view);
                    }
                }
            }
        }
        return found;
    }

    /// The last line of a killed run may be half a line: then null.
    private static JsonView parsed(String line) {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(line));
        } catch (IllegalArgumentException e) {
            return new JsonView(null);
        }
    }

    public Path folder() {
        return folder;
    }

    public long number() {
        return number;
    }

    public long seed() {
        return Long.parseLong(manifest.get("seed").text());
    }

    /// The run that it was an instance of; of runs that were put together, the part.
    public String runId() {
        return (line == null ? manifest : line).get("run_id").text();
    }

    /// Null when nothing was recorded of it.
    public @Nullable String scenario() {
        return line == null ? null : line.get("scenario").text();
    }

    /// Whether its steps are known, and not only that it was.
    public boolean hasSteps() {
        return !steps.isEmpty();
    }

    /// The checksum of each scenario's file then, by id.
    public Map<String, String> checksums() {
        return manifest.get("scenarios").list().stream()
                .collect(Collectors.toMap(
                        one -> one.get("id").text(), one -> one.get("sha256").text(), (a, b) -> a));
    }

    /// What it is to be run again with.
    ///
    /// @param offline whether it gets the recorded answers
    public Replay replay(boolean offline) {
        Map<String, List<Instant>> instants = new HashMap<>();
        for (JsonView step : steps) {
            instants.put(step.get("path").text(), instants(step));
        }
        for (JsonView step : before) {
            instants.put(step.get("path").text(), instants(step));
        }
        if (line != null) {
            instants.put(Replay.ENTRY, instants(line));
        }
        return new Replay(number, scenario(), Map.copyOf(instants), offline ? this : null);
    }

    private static List<Instant> instants(JsonView view) {
        return view.get("now").list().stream()
                .map(instant -> Instant.parse(instant.text()))
                .toList();
    }

    /// What should be known before its answers are believed.
    public List<String> warnings() {
        return steps.stream()
                .filter(step -> step.get("truncated").isTrue())
                .map(step -> "The answer to '" + step.get("step").text()
                        + "' was shortened when it was recorded: what is looked for in it may be missing.")
                .distinct()
                .toList();
    }

    @Override
    public String instanceId() {
        return line == null ? "" : line.get("instance_id").text();
    }

    @Override
    public String correlationId() {
        return line == null ? "" : line.get("correlation_id").text();
    }

    @Override
    public @Nullable Answer answer(InstanceInfo.Phase phase, String step, String path) {
        List<JsonView> all = phase == InstanceInfo.Phase.INSTANCE ? steps : before;
        String place = phase + " " + path + " " + step;
        JsonView answered;
        synchronized (found) {
            answered = found.get(place);
            if (answered == null) {
                answered = look(all, step, path);
                found.put(place, answered);
            }
        }
        return answered.isNull() ? null : answer(answered);
    }

    /// The step at the same place, else the first of its name and turn that no other has.
    private JsonView look(List<JsonView> all, String step, String path) {
        List<JsonView> named = all.stream()
                .filter(line -> line.get("step").text().equals(step)
                        && !line.get("skipped").isTrue()
                        && !line.get("transport").isNull())
                .toList();
        return named.stream()
                .filter(line -> line.get("path").text().equals(path))
                .findFirst()
                .or(() -> named.stream()
                        .filter(line -> turn(line.get("path").text()).equals(turn(path)) && !found.containsValue(line))
                        .findFirst())
                .orElse(new JsonView(null));
    }

    static String turn(String path) {
        StringBuilder turn = new StringBuilder();
        for (Matcher matcher = TURN.matcher(path); matcher.find(); ) {
            turn.append(matcher.group());
        }
        return turn.toString();
    }

    private static Answer answer(JsonView line) {
        Map<String, @Nullable Object> extracted = new LinkedHashMap<>();
        line.get("extracted").map().forEach((name, value) -> extracted.put(name, value.value()));
        boolean submitted = line.get("errors").list().stream()
                .noneMatch(error -> error.text().startsWith("submit: "));
        return new Answer(exchange(line), extracted, submitted);
    }

    private static Exchange exchange(JsonView line) {
        return new Exchange(
                line.get("transport").text(),
                outcome(line),
                nanos(line, "latency_ms"),
                nanos(line, "scheduled_latency_ms"),
                nanos(line, "pool_wait_ms"),
                nanos(line, "connect_ms"),
                nanos(line, "first_byte_ms"),
                metadata(line.get("metadata")),
                content(line),
                messages(line),
                List.of());
    }

    private static Outcome outcome(JsonView line) {
        JsonView failure = line.get("failure");
        if (!failure.isNull()) {
            String message = line.get("errors").list().stream()
                    .findFirst()
                    .map(JsonView::text)
                    .orElse("no valid answer");
            return new Outcome.Failed(Failure.valueOf(failure.text()), message, null);
        }
        JsonView success = line.get("success");
        boolean good = success.isNull() ? line.get("ok").isTrue() : success.isTrue();
        return new Outcome.Completed(good, line.get("status").text());
    }

    private static long nanos(JsonView line, String name) {
        Double millis = line.get(name).numberOrNull();
        return millis == null ? -1 : Math.round(millis * 1e6);
    }

    private static Metadata metadata(JsonView view) {
        Metadata.Builder metadata = Metadata.builder();
        view.map().forEach((name, value) -> metadata.put(name, fact(value.value())));
        return metadata.build();
    }

    /// Names of headers are found however they are written, so what may be headers becomes such.
    private static @Nullable Object fact(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map) || map.isEmpty()) {
            return value;
        }
        boolean texts = map.values().stream()
                .allMatch(member -> member instanceof String
                        || (member instanceof List<?> list && list.stream().allMatch(String.class::isInstance)));
        if (!texts) {
            return value;
        }
        Headers.Builder headers = Headers.builder();
        map.forEach((name, member) -> {
            List<?> values = member instanceof List<?> list ? list : List.of(Objects.requireNonNull(member));
            values.forEach(one -> headers.add(String.valueOf(name), String.valueOf(one)));
        });
        return headers.build();
    }

    private static Content content(JsonView line) {
        Object payload = line.get("payload").value();
        if (payload == null) {
            return Content.EMPTY;
        }
        if (payload instanceof String text
                && line.get("payload_encoding").text().equals("base64")) {
            return Content.of(Payload.document(Base64.getDecoder().decode(text)));
        }
        return Content.ofTree(payload);
    }

    private static Exchange.@Nullable Messages messages(JsonView line) {
        if (line.get("payloads").isNull()) {
            return null;
        }
        return new Exchange.Messages(
                line.get("payloads").list().stream()
                        .map(message -> new Exchange.Message(
                                nanos(message, "at_ms"), metadata(message.get("metadata")), content(message)))
                        .toList(),
                line.get("payloads_total").count());
    }

    /// How its steps ended, in the order in which they did.
    public List<StepOutcome> outcomes() {
        return steps.stream().map(StepOutcome::of).toList();
    }
}
