package io.turbulence.core.internal.definition.model;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Reads scenario files. For one thread.
public final class ScenarioReader {

    private static final List<String> OF_THE_PAST = List.of("pressure", "turbulence", "variation", "policy_ref");
    private static final int DEFAULT_MAX_STEPS = 100;

    private final Compilation compilation;

    public ScenarioReader(Compilation compilation) {
        this.compilation = compilation;
    }

    /// Empty when nothing can be made of the file; what is wrong is among the problems.
    public Optional<ScenarioFile> read(Path file) {
        Optional<MappingNode> read = new YamlReader(compilation.problems()).readMapping(file);
        if (read.isPresent() && read.get().has("services") && !read.get().has("flow")) {
            compilation
                    .problems()
                    .error(
                            Codes.FILE,
                            read.get().location(),
                            "",
                            "a system file, for it has 'services' and no 'flow'",
                            "a scenario",
                            "Name the system file first and scenarios after it.");
            return Optional.empty();
        }
        return read.map(root -> scenario(file, sha256(file), root));
    }

    /// As the other, of one that a program built.
    ///
    /// @param content all that it says, for its digest
    public ScenarioFile read(MappingNode root, byte[] content) {
        return scenario(root.location().file(), sha256(content), root);
    }

    private ScenarioFile scenario(Path file, String sha256, MappingNode root) {
        Fields fields = new Fields(root, "", compilation);
        refuseThePast(root, fields);
        Optional<String> id = fields.text("id");
        if (id.isEmpty() && !root.has("id")) {
            fields.missing("id", "a name that is unique among the scenarios", null);
        }
        if (id.isPresent() && id.get().isBlank()) {
            fields.missing("id", "a name that is unique among the scenarios", null);
        }
        Fields stopWhen = fields.mapping("stop_when")
                .map(node -> new Fields(node, "stop_when", compilation))
                .orElseGet(() -> new Fields(MappingNode.empty(root.location()), "stop_when", compilation));
        ScenarioFile scenario = new ScenarioFile(
                file,
                sha256,
                id.orElse(file.getFileName().toString()),
                fields.text("description").orElse(""),
                new LinkedHashSet<>(fields.texts("tags")),
                fields.decimal("weight", 1, 0),
                fields.flag("callable", false),
                fields.mapping("entry"),
                fields.mapping("data"),
                fields.list("flow"),
                fields.list("assertions"),
                fields.list("finally"),
                stopWhen.flag("any_action_fails", true),
                stopWhen.flag("any_assertion_fails", false),
                (int) fields.number("max_steps", DEFAULT_MAX_STEPS, 1),
                fields.mapping("load"),
                fields.list("thresholds"),
                root);
        if (scenario.flow().isEmpty()) {
            fields.missing("flow", "a list of steps", null);
        }
        fields.allow(java.util.Set.of("version"));
        stopWhen.refuseOthers();
        fields.refuseOthers();
        return scenario;
    }

    private void refuseThePast(MappingNode root, Fields fields) {
        for (String key : OF_THE_PAST) {
            MappingNode.Entry entry = root.entry(key);
            if (entry != null) {
                compilation
                        .problems()
                        .error(
                                Codes.OF_THE_PAST,
                                entry.keyLocation(),
                                key,
                                "'" + key + "', which this version does not have",
                                "a file without it",
                                "RFC-008 says what became of it.");
                fields.allow(java.util.Set.of(key));
            }
        }
    }

    private static String sha256(Path file) {
        try {
            return sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            return "";
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
