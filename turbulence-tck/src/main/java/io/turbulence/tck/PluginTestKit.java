package io.turbulence.tck;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.testkit.SimpleJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs a scenario with a plugin through the whole engine and answers what was observed: for an
/// author's own tests.
///
/// ```java
/// Result result = PluginTestKit.scenario("""
///                 id: talk
///                 flow: [ { name: say, type: echo, text: hello } ]
///                 """)
///         .system("services: { parrot: { protocol: echo, port: 4242 } }")
///         .with(new EchoPlugin())
///         .run();
/// ```
///
/// Not thread-safe. Leaves no file behind.
public final class PluginTestKit {

    private final String scenario;
    private String system = "services: {}";
    private final List<ProtocolPlugin> plugins = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private long instances = 1;
    private int concurrency = 1;

    private PluginTestKit(String scenario) {
        this.scenario = scenario;
    }

    /// @param yaml a scenario file's content
    public static PluginTestKit scenario(String yaml) {
        return new PluginTestKit(yaml);
    }

    /// @param yaml a system file's content
    public PluginTestKit system(String yaml) {
        system = yaml;
        return this;
    }

    /// These plugins alone, whatever is on the class path.
    public PluginTestKit with(ProtocolPlugin... some) {
        plugins.addAll(List.of(some));
        return this;
    }

    /// What `{{env.NAME}}` finds.
    public PluginTestKit variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    public PluginTestKit instances(long number, int atATime) {
        instances = number;
        concurrency = atATime;
        return this;
    }

    /// Runs it to the end.
    ///
    /// @throws io.turbulence.api.TurbulenceException when a definition is wrong or a plugin is broken
    public Result run() throws IOException {
        Path folder = Files.createTempDirectory("plugin-test-kit");
        try {
            TurbulenceRun.Builder builder = TurbulenceRun.builder()
                    .system(Files.writeString(folder.resolve("system.yaml"), system))
                    .scenario(Files.writeString(folder.resolve("scenario.yaml"), scenario))
                    .plugins(plugins.toArray(ProtocolPlugin[]::new))
                    .instances(instances)
                    .concurrency(concurrency)
                    .recording(TurbulenceRun.Recording.ALL)
                    .output(folder.resolve("result"));
            variables.forEach(builder::variable);
            RunResult run = builder.build().execute();
            return new Result(run, lines(run.folder().resolve("steps.jsonl")));
        } finally {
            delete(folder);
        }
    }

    private static List<Map<String, @Nullable Object>> lines(Path file) throws IOException {
        SimpleJson json = new SimpleJson();
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Map<String, @Nullable Object> step = new LinkedHashMap<>();
            if (json.read(line) instanceof Map<?, ?> map) {
                map.forEach((key, value) -> step.put(String.valueOf(key), value));
            }
            lines.add(step);
        }
        return lines;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// What a run came to.
    ///
    /// @param run          its folder is gone
    /// @param observations every executed step in order, with the fields of `steps.jsonl`: `step`, `ok`, `payload`,
    ///                     `metadata`, `failure`, `errors`, …
    public record Result(RunResult run, List<Map<String, @Nullable Object>> observations) {

        /// The observations of one step, by its name.
        public List<Map<String, @Nullable Object>> observations(String step) {
            return observations.stream()
                    .filter(line -> step.equals(line.get("step")))
                    .toList();
        }
    }
}
