package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.core.internal.engine.workload.Feeder;
import io.turbulence.core.internal.observation.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `data` block of a scenario and the rows of its file. For one thread.
final class DataReader {

    private final Compilation compilation;

    DataReader(Compilation compilation) {
        this.compilation = compilation;
    }

    Optional<Feeder> read(MappingNode node) {
        Fields fields = new Fields(node, "data", compilation);
        Optional<String> name = fields.text("file");
        Feeder.Pick pick = fields.choice("pick", Feeder.Pick.class, Feeder.Pick.SEQUENTIAL);
        Optional<YamlNode> inline = fields.node("rows");
        fields.refuseOthers();
        if (inline.isPresent()) {
            if (!(inline.get() instanceof SequenceNode)) {
                fields.wrongType(inline.get(), "rows", "a list of rows");
                return Optional.empty();
            }
            try {
                return feeder(node, node.location().file(), rowsOf(inline.get()), pick);
            } catch (IllegalArgumentException e) {
                compilation
                        .problems()
                        .error(
                                Codes.TYPE,
                                inline.get().location(),
                                "data.rows",
                                String.valueOf(e.getMessage()),
                                "a mapping of names to values in each row",
                                null);
                return Optional.empty();
            }
        }
        if (name.isEmpty()) {
            fields.missing("file", "a file of rows: csv, json, jsonl or yaml", null);
            return Optional.empty();
        }
        Path file = Loaded.folderOf(node.location().file()).resolve(name.get());
        try {
            return feeder(node, file, rows(file), pick);
        } catch (IOException | IllegalArgumentException e) {
            compilation
                    .problems()
                    .error(
                            Codes.FILE,
                            fields.node("file").orElseThrow().location(),
                            "data.file",
                            "'" + name.get() + "', which cannot be read: " + reason(e),
                            "a file of rows: csv, json, jsonl or yaml",
                            null);
            return Optional.empty();
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
    }

    private Optional<Feeder> feeder(MappingNode node, Path file, List<?> rows, Feeder.Pick pick) {
        if (rows.isEmpty()) {
            compilation
                    .problems()
                    .error(
                            Codes.VALUE,
                            node.location(),
                            "data",
                            "'" + file.getFileName() + "' without rows",
                            "at least one",
                            null);
            return Optional.empty();
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!(rows.get(i) instanceof Map<?, ?>)) {
                throw new IllegalArgumentException("row %d is %s and no mapping of names to values"
                        .formatted(i + 1, ScalarNode.describe(rows.get(i), String.valueOf(rows.get(i)))));
            }
        }
        return Optional.of(new Feeder(file, rows, pick));
    }

    private List<?> rows(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return csv(Csv.parse(Files.readString(file)));
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            List<@Nullable Object> rows = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    rows.add(JsonCodec.INSTANCE.read(line));
                }
            }
            return rows;
        }
        if (name.endsWith(".json")) {
            return asRows(JsonCodec.INSTANCE.read(Files.readString(file)));
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return new YamlReader(compilation.problems())
                    .read(file, Files.readString(file))
                    .<List<?>>map(DataReader::rowsOf)
                    .orElse(List.of());
        }
        throw new IllegalArgumentException("its ending is none of .csv, .json, .jsonl, .yaml");
    }

    private static List<?> rowsOf(YamlNode node) {
        return node instanceof SequenceNode || !(node instanceof ScalarNode) ? asRows(node.toTree()) : List.of();
    }

    private static List<?> asRows(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("it holds no list of rows");
    }

    private static void checkHeader(List<String> header) {
        Set<String> names = new HashSet<>();
        for (String name : header) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("its header has the name '" + name + "' twice");
            }
        }
        for (char other : new char[] {';', '\t'}) {
            if (header.size() == 1 && header.getFirst().indexOf(other) >= 0) {
                throw new IllegalArgumentException("its header has %s and no ','; separate values by ','"
                        .formatted(other == ';' ? "';'" : "tabs"));
            }
        }
    }

    private static List<Map<String, String>> csv(List<List<String>> records) {
        List<Map<String, String>> rows = new ArrayList<>();
        if (records.isEmpty()) {
            return rows;
        }
        List<String> header = records.getFirst();
        checkHeader(header);
        for (int i = 1; i < records.size(); i++) {
            List<String> values = records.get(i);
            if (values.size() != header.size()) {
                throw new IllegalArgumentException(
                        "row %d has %d values but the header has %d names".formatted(i, values.size(), header.size()));
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int column = 0; column < header.size(); column++) {
                row.put(header.get(column), values.get(column));
            }
            rows.add(row);
        }
        return rows;
    }
}
