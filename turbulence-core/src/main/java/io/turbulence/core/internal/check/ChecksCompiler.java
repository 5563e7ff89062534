package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.ServiceType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.xpath.XPathExpressionException;
import org.jspecify.annotations.Nullable;

/// Compiles expectations and extractions from YAML. For one thread.
public final class ChecksCompiler {

    private static final String KEY = "key";
    private static final Set<String> SUBJECTS =
            new LinkedHashSet<>(List.of("jsonpath", "context_path", "metadata", "header"));
    private static final Set<String> OTHERS =
            new LinkedHashSet<>(List.of("expression", "schema", "body", "latency_ms", "name", "description"));
    private static final Set<String> SOURCES =
            new LinkedHashSet<>(List.of("jsonpath", "header", "metadata", "expression", "regex", "xpath"));

    private final Compilation compilation;
    private final Map<String, StatusValues> statusKeys;
    private final boolean ofMessages;

    /// @param statusKeys what the loaded protocols call their status, with its values
    public ChecksCompiler(Compilation compilation, Map<String, StatusValues> statusKeys) {
        this(compilation, statusKeys, false);
    }

    private ChecksCompiler(Compilation compilation, Map<String, StatusValues> statusKeys, boolean ofMessages) {
        this.compilation = compilation;
        this.statusKeys = statusKeys;
        this.ofMessages = ofMessages;
    }

    /// For what is expected of a message: it may be meant by its key alone.
    static ChecksCompiler ofMessages(Compilation compilation) {
        return new ChecksCompiler(compilation, Map.of(), true);
    }

    /// The same for what a service of this type answers: of its status, only its own values.
    public ChecksCompiler of(ServiceType<?> type) {
        if (type.statusKey().isEmpty()) {
            return this;
        }
        StatusValues.Range range = type.statusRange()
                .map(given -> new StatusValues.Range(given.least(), given.most()))
                .orElse(null);
        Map<String, StatusValues> own = new LinkedHashMap<>(statusKeys);
        own.put(type.statusKey().get(), StatusValues.NONE.and(type.statusNames(), range));
        return new ChecksCompiler(compilation, own);
    }

    /// One expectation or a list of them; a text is an expression.
    public List<Expectation> expectations(YamlNode node, String path) {
        Contradictions together = new Contradictions(compilation.problems());
        if (!(node instanceof SequenceNode sequence)) {
            return expectation(node, path, together).stream().toList();
        }
        List<Expectation> all = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            expectation(sequence.items().get(i), path + "[" + i + "]", together).ifPresent(all::add);
        }
        return all;
    }

    private Optional<Expectation> expectation(YamlNode node, String path, Contradictions together) {
        if (node instanceof ScalarNode scalar && scalar.isText()) {
            return compilation
                    .condition(node, path)
                    .map(expression ->
                            new Expectation(node.location(), null, null, List.of(), expression, null, null, List.of()));
        }
        if (!(node instanceof MappingNode mapping)) {
            compilation
                    .problems()
                    .error(
                            Codes.TYPE,
                            node.location(),
                            path,
                            node.description(),
                            "an expectation: a mapping with keys such as status_code, jsonpath and equals",
                            null);
            return Optional.empty();
        }
        checkKeys(mapping, path);
        Subject subject = subject(mapping, path);
        List<Expectation.Comparison> comparisons =
                comparisons(mapping, path, subject == null ? "" : subject.text(), together);
        if (subject == null && !comparisons.isEmpty()) {
            compilation
                    .problems()
                    .error(
                            Codes.CONFLICT,
                            mapping.location(),
                            path,
                            "a comparison without a subject",
                            "one of " + String.join(", ", SUBJECTS) + " beside it",
                            null);
        }
        Expression expression = mapping.has("expression")
                ? compilation
                        .condition(get(mapping, "expression"), path + ".expression")
                        .orElse(null)
                : null;
        TreeTemplate body = mapping.has("body") ? compilation.tree(get(mapping, "body"), path + ".body") : null;
        if (body != null) {
            checkShape(get(mapping, "body"), path + ".body");
        }
        return Optional.of(new Expectation(
                mapping.location(),
                status(mapping, path, together),
                subject,
                comparisons,
                expression,
                mapping.has("schema") ? schema(get(mapping, "schema"), path + ".schema") : null,
                body,
                mapping.has("latency_ms")
                        ? latency(get(mapping, "latency_ms"), path + ".latency_ms", together)
                        : List.of()));
    }

    /// What stands for kinds of values in a shape.
    private void checkShape(YamlNode node, String path) {
        switch (node) {
            case MappingNode mapping ->
                mapping.entries().forEach(entry -> checkShape(entry.value(), path + "." + entry.key()));
            case SequenceNode list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    checkShape(list.items().get(i), path + "[" + i + "]");
                }
            }
            case ScalarNode scalar -> {
                String regex = Shape.regex(scalar.text());
                if (regex != null && !regex.contains("{{")) {
                    pattern(ScalarNode.of(scalar.location(), regex), path);
                } else if (Shape.isUnknownMarker(scalar.text())) {
                    compilation
                            .problems()
                            .error(
                                    Codes.VALUE,
                                    scalar.location(),
                                    path,
                                    "'" + scalar.text() + "', which stands for no kind of value",
                                    "one of " + String.join(", ", Shape.MARKERS) + ", <re:…>",
                                    Nearest.hint(scalar.text(), Shape.MARKERS)
                                            .orElse("Compare a text that looks so by 'jsonpath' and 'equals'."));
                }
            }
        }
    }

    private void checkKeys(MappingNode mapping, String path) {
        Set<String> known = new LinkedHashSet<>(statusKeys.keySet());
        if (ofMessages) {
            known.add(KEY);
            checkAlone(mapping, path);
        }
        known.addAll(SUBJECTS);
        Arrays.stream(Operator.values()).map(Operator::key).forEach(known::add);
        known.addAll(OTHERS);
        for (MappingNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                compilation
                        .problems()
                        .error(
                                Codes.UNKNOWN_KEY,
                                entry.keyLocation(),
                                path + "." + entry.key(),
                                "unknown key '" + entry.key() + "'",
                                "one of " + String.join(", ", known),
                                hint(entry.key(), known));
            }
        }
    }

    private void checkAlone(MappingNode mapping, String path) {
        MappingNode.Entry key = mapping.entry(KEY);
        if (key == null || mapping.entries().size() == 1) {
            return;
        }
        String others = mapping.keys().stream()
                .filter(name -> !name.equals(KEY))
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
        compilation
                .problems()
                .error(
                        Codes.CONFLICT,
                        key.keyLocation(),
                        path + "." + KEY,
                        "'" + KEY + "' beside " + others,
                        "'" + KEY + "' alone",
                        "An expression can ask for all: \"metadata.key == '…' and …\".");
    }

    private static @Nullable String hint(String key, Set<String> known) {
        return Nearest.of(key, known)
                .map(near -> "Did you mean '" + near + "'?")
                .orElse(null);
    }

    private Expectation.@Nullable Status status(MappingNode mapping, String path, Contradictions together) {
        for (Map.Entry<String, StatusValues> known : statusKeys.entrySet()) {
            if (mapping.has(known.getKey())) {
                YamlNode node = get(mapping, known.getKey());
                String inner = path + "." + known.getKey();
                TreeTemplate anyOf = compilation.tree(node, inner);
                if (anyOf instanceof TreeTemplate.Constant constant) {
                    checkStatus(constant.value(), known.getValue(), known.getKey(), node, inner, together);
                }
                return new Expectation.Status(
                        known.getKey(), anyOf, known.getValue().names());
            }
        }
        return null;
    }

    private void checkStatus(
            @Nullable Object expected,
            StatusValues values,
            String key,
            YamlNode node,
            String path,
            Contradictions together) {
        List<?> anyOf = expected instanceof List<?> list ? list : Collections.singletonList(expected);
        List<@Nullable Object> statuses = new ArrayList<>();
        for (int i = 0; i < anyOf.size(); i++) {
            Object status = anyOf.get(i);
            if (!values.mayBe(status)) {
                YamlNode place =
                        node instanceof SequenceNode sequence ? sequence.items().get(i) : node;
                compilation
                        .problems()
                        .error(
                                Codes.VALUE,
                                place.location(),
                                path,
                                "'" + status + "', which is never a " + key,
                                values.description(),
                                status instanceof String name
                                        ? Nearest.hint(name, values.names().keySet())
                                                .orElse(null)
                                        : null);
                return;
            }
            statuses.add(values.value(status));
        }
        together.addStatus(key, statuses, node.location(), path);
    }

    private @Nullable Subject subject(MappingNode mapping, String path) {
        List<String> given = SUBJECTS.stream().filter(mapping::has).toList();
        if (given.size() > 1) {
            compilation
                    .problems()
                    .error(
                            Codes.CONFLICT,
                            mapping.location(),
                            path,
                            String.join(" and ", given),
                            "at most one subject",
                            "Write a list of expectations, one for each.");
        }
        return given.isEmpty() ? null : subject(given.getFirst(), get(mapping, given.getFirst()), path);
    }

    private @Nullable Subject subject(String kind, YamlNode node, String path) {
        String inner = path + "." + kind;
        if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
            compilation.problems().error(Codes.TYPE, node.location(), inner, node.description(), "a text", null);
            return null;
        }
        return switch (kind) {
            case "jsonpath" ->
                compilation.jsonPath(node, inner).map(Subject.Path::new).orElse(null);
            case "context_path" -> context(scalar, inner);
            case "metadata" -> new Subject.Fact("metadata." + scalar.text(), factPath(scalar.text()));
            case "header" -> new Subject.Header(scalar.text());
            case "expression" ->
                compilation.expression(node, inner).map(Subject.Computed::new).orElse(null);
            case "regex" -> regex(scalar, inner);
            case "xpath" -> xpath(scalar, inner);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private @Nullable Subject context(ScalarNode node, String path) {
        String text = node.text().startsWith("$.") ? node.text().substring(2) : node.text();
        return compilation
                .expression(ScalarNode.of(node.location(), text), path)
                .<Subject>map(expression -> new Subject.Context(node.text(), expression))
                .orElse(null);
    }

    /// `headers.x-token`: after the first dot everything is one name when the first part is `headers`.
    private static List<String> factPath(String text) {
        int dot = text.indexOf('.');
        return text.startsWith("headers.") ? List.of("headers", text.substring(dot + 1)) : List.of(text.split("\\."));
    }

    private @Nullable Subject regex(ScalarNode node, String path) {
        Pattern pattern = pattern(node, path);
        return pattern == null ? null : new Subject.Regex(pattern);
    }

    private @Nullable Pattern pattern(ScalarNode node, String path) {
        try {
            return GuardedRegex.compile(node.text());
        } catch (EvaluationException e) {
            compilation
                    .problems()
                    .error(
                            Codes.EXPRESSION,
                            node.location(),
                            path,
                            String.valueOf(e.getMessage()),
                            "a regular expression",
                            null);
            return null;
        }
    }

    private @Nullable Subject xpath(ScalarNode node, String path) {
        try {
            return new Subject.Xml(XPathQuery.compile(node.text()));
        } catch (XPathExpressionException e) {
            compilation
                    .problems()
                    .error(
                            Codes.EXPRESSION,
                            node.location(),
                            path,
                            "'" + node.text() + "' is no XPath: " + e.getMessage(),
                            "an XPath 1.0 such as \"//id\"",
                            null);
            return null;
        }
    }

    private List<Expectation.Comparison> comparisons(
            MappingNode mapping, String path, String subject, Contradictions together) {
        List<Expectation.Comparison> all = new ArrayList<>();
        for (MappingNode.Entry entry : mapping.entries()) {
            String inner = path + "." + entry.key();
            operator(entry.key()).ifPresent(operator -> {
                Expectation.Comparison comparison = comparison(operator, entry.value(), inner);
                all.add(comparison);
                if (!subject.isEmpty() && comparison.expected() instanceof TreeTemplate.Constant constant) {
                    together.add(
                            subject, operator, constant.value(), entry.value().location(), inner);
                }
            });
        }
        return all;
    }

    private Expectation.Comparison comparison(Operator operator, YamlNode node, String path) {
        if (operator == Operator.MATCHES && node instanceof ScalarNode scalar && scalar.isText()) {
            TreeTemplate text = compilation.tree(node, path);
            Pattern pattern = text.isConstant() ? pattern(scalar, path) : null;
            return new Expectation.Comparison(operator, pattern == null ? text : TreeTemplate.constant(pattern));
        }
        if (operator == Operator.IN && !(node instanceof SequenceNode) && !isTemplate(node)) {
            compilation.problems().error(Codes.TYPE, node.location(), path, node.description(), "a list", null);
        }
        return new Expectation.Comparison(operator, compilation.tree(node, path));
    }

    private static boolean isTemplate(YamlNode node) {
        return node instanceof ScalarNode scalar && scalar.text().contains("{{");
    }

    private static Optional<Operator> operator(String key) {
        return Arrays.stream(Operator.values())
                .filter(operator -> operator.key().equals(key))
                .findFirst();
    }

    private List<Expectation.Comparison> latency(YamlNode node, String path, Contradictions together) {
        if (!(node instanceof MappingNode mapping)) {
            compilation
                    .problems()
                    .error(
                            Codes.TYPE,
                            node.location(),
                            path,
                            node.description(),
                            "a comparison such as {lt: 500}",
                            null);
            return List.of();
        }
        for (MappingNode.Entry entry : mapping.entries()) {
            if (operator(entry.key()).isEmpty()) {
                compilation
                        .problems()
                        .error(
                                Codes.UNKNOWN_KEY,
                                entry.keyLocation(),
                                path + "." + entry.key(),
                                "unknown key '" + entry.key() + "'",
                                "a comparison such as lt or gte",
                                null);
            }
        }
        String subject = "latency_ms";
        together.add(subject, Operator.GTE, 0, node.location(), path);
        return comparisons(mapping, path, subject, together);
    }

    private @Nullable SchemaCheck schema(YamlNode node, String path) {
        YamlNode source = node;
        if (node instanceof MappingNode mapping
                && mapping.keys().equals(Set.of("$ref"))
                && get(mapping, "$ref") instanceof ScalarNode reference
                && !reference.text().startsWith("#")
                && !reference.text().contains("://")) {
            Path folder = node.location().file().toAbsolutePath().getParent();
            Path file = (folder == null ? Path.of("") : folder).resolve(reference.text());
            if (!Files.isRegularFile(file)) {
                String why = Files.isDirectory(file) ? "a folder" : "no such file";
                compilation
                        .problems()
                        .error(
                                Codes.FILE,
                                reference.location(),
                                path + ".$ref",
                                "'" + reference.text() + "', which cannot be read: " + why,
                                "a file with a JSON Schema, in JSON or YAML",
                                null);
                return null;
            }
            Optional<YamlNode> read = new YamlReader(compilation.problems()).read(file);
            if (read.isEmpty()) {
                return null;
            }
            source = read.get();
        }
        try {
            return SchemaCheck.compile(source.toTree());
        } catch (RuntimeException e) {
            compilation
                    .problems()
                    .error(
                            Codes.VALUE,
                            node.location(),
                            path,
                            "no valid JSON Schema: " + e.getMessage(),
                            "a JSON Schema of draft 2020-12",
                            null);
            return null;
        }
    }

    /// A mapping of names to what they are extracted from.
    public List<Extraction> extractions(YamlNode node, String path, Set<String> reserved) {
        if (!(node instanceof MappingNode mapping)) {
            compilation
                    .problems()
                    .error(
                            Codes.TYPE,
                            node.location(),
                            path,
                            node.description(),
                            "a mapping of names to JSONPaths",
                            null);
            return List.of();
        }
        Map<String, Extraction> all = new LinkedHashMap<>();
        for (MappingNode.Entry entry : mapping.entries()) {
            String inner = path + "." + entry.key();
            if (reserved.contains(entry.key())) {
                compilation
                        .problems()
                        .error(
                                Codes.VALUE,
                                entry.keyLocation(),
                                inner,
                                "'" + entry.key() + "', a name that Turbulence uses",
                                "another name",
                                null);
            }
            extraction(entry, inner).ifPresent(extraction -> all.put(entry.key(), extraction));
        }
        return List.copyOf(all.values());
    }

    private Optional<Extraction> extraction(MappingNode.Entry entry, String path) {
        if (entry.value() instanceof ScalarNode) {
            return compilation
                    .jsonPath(entry.value(), path)
                    .map((JsonPath jsonPath) -> new Extraction(entry.key(), new Subject.Path(jsonPath), null, false));
        }
        if (!(entry.value() instanceof MappingNode mapping)) {
            compilation
                    .problems()
                    .error(
                            Codes.TYPE,
                            entry.value().location(),
                            path,
                            entry.value().description(),
                            "a JSONPath, or a mapping with one of " + String.join(", ", SOURCES),
                            null);
            return Optional.empty();
        }
        List<String> given = SOURCES.stream().filter(mapping::has).toList();
        for (MappingNode.Entry inner : mapping.entries()) {
            if (!SOURCES.contains(inner.key())
                    && !inner.key().equals("default")
                    && !inner.key().equals("secret")) {
                compilation
                        .problems()
                        .error(
                                Codes.UNKNOWN_KEY,
                                inner.keyLocation(),
                                path + "." + inner.key(),
                                "unknown key '" + inner.key() + "'",
                                "one of " + String.join(", ", SOURCES) + ", default, secret",
                                hint(inner.key(), SOURCES));
            }
        }
        if (given.size() != 1) {
            compilation
                    .problems()
                    .error(
                            Codes.CONFLICT,
                            mapping.location(),
                            path,
                            given.isEmpty() ? "nothing to extract from" : String.join(" and ", given),
                            "exactly one of " + String.join(", ", SOURCES),
                            null);
            return Optional.empty();
        }
        Subject subject = subject(given.getFirst(), get(mapping, given.getFirst()), path);
        TreeTemplate fallback =
                mapping.has("default") ? compilation.tree(get(mapping, "default"), path + ".default") : null;
        boolean secret = mapping.get("secret") instanceof ScalarNode scalar && Boolean.TRUE.equals(scalar.value());
        return subject == null ? Optional.empty() : Optional.of(new Extraction(entry.key(), subject, fallback, secret));
    }

    private static YamlNode get(MappingNode mapping, String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            throw new IllegalArgumentException(key);
        }
        return node;
    }
}
