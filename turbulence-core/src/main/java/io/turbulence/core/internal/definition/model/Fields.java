package io.turbulence.core.internal.definition.model;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.template.Template;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the keys of a mapping that the language itself defines, with a located problem for each value
/// of another kind. Texts may hold `{{env.…}}`, which is resolved here. For one thread.
public final class Fields {

    private final MappingNode mapping;
    private final String path;
    private final Compilation compilation;
    private final Set<String> known = new LinkedHashSet<>();

    public Fields(MappingNode mapping, String path, Compilation compilation) {
        this.mapping = mapping;
        this.path = path;
        this.compilation = compilation;
    }

    public MappingNode mapping() {
        return mapping;
    }

    /// The path of a key inside.
    public String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Whatever stands under the key; empty when the key is not there or holds nothing.
    public Optional<YamlNode> node(String key) {
        known.add(key);
        YamlNode node = mapping.get(key);
        return node == null || (node instanceof ScalarNode scalar && scalar.isNull())
                ? Optional.empty()
                : Optional.of(node);
    }

    /// Under the first of the keys that is there; two of them at once are a problem.
    public Optional<YamlNode> oneOf(String... keys) {
        List<String> given = new ArrayList<>();
        for (String key : keys) {
            known.add(key);
            if (mapping.has(key)) {
                given.add(key);
            }
        }
        if (given.size() > 1) {
            compilation
                    .problems()
                    .error(
                            Codes.CONFLICT,
                            keyLocation(given.get(1)),
                            at(given.get(1)),
                            "'" + given.get(1) + "' beside '" + given.get(0) + "', which means the same",
                            "only one of them",
                            null);
        }
        return given.isEmpty() ? Optional.empty() : node(given.getFirst());
    }

    private io.turbulence.core.internal.definition.problem.Location keyLocation(String key) {
        MappingNode.Entry entry = mapping.entry(key);
        return entry == null ? mapping.location() : entry.keyLocation();
    }

    public Optional<MappingNode> mapping(String key) {
        Optional<YamlNode> node = node(key);
        if (node.isPresent() && !(node.get() instanceof MappingNode)) {
            wrongType(node.get(), key, "a mapping");
            return Optional.empty();
        }
        return node.map(MappingNode.class::cast);
    }

    /// A list; empty when the key is not there.
    public List<YamlNode> list(String key) {
        Optional<YamlNode> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode sequence) {
            return sequence.items();
        }
        wrongType(node.get(), key, "a list");
        return List.of();
    }

    /// Texts, of which a single one may stand alone.
    public List<String> texts(String key) {
        Optional<YamlNode> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        List<YamlNode> items = node.get() instanceof SequenceNode sequence ? sequence.items() : List.of(node.get());
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items) {
            text(item, key).ifPresent(texts::add);
        }
        return texts;
    }

    public Optional<String> text(String key) {
        return node(key).flatMap(node -> text(node, key));
    }

    private Optional<String> text(YamlNode node, String key) {
        if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
            wrongType(node, key, "a text");
            return Optional.empty();
        }
        return Optional.of(resolved(scalar, key));
    }

    public boolean flag(String key, boolean otherwise) {
        Optional<YamlNode> node = node(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        if (node.get() instanceof ScalarNode scalar) {
            if (scalar.value() instanceof Boolean flag) {
                return flag;
            }
            switch (resolved(scalar, key)) {
                case "true" -> {
                    return true;
                }
                case "false" -> {
                    return false;
                }
                default -> {}
            }
        }
        wrongType(node.get(), key, "true or false");
        return otherwise;
    }

    /// A whole number of at least the least.
    public long number(String key, long otherwise, long least) {
        Optional<YamlNode> node = node(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        String expected = "a whole number from " + least;
        if (!(node.get() instanceof ScalarNode scalar)) {
            wrongType(node.get(), key, expected);
            return otherwise;
        }
        if (isQuotedNumber(scalar, key, expected)) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(resolved(scalar, key).replace("_", ""));
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number that is too small is
        }
        wrongType(scalar, key, expected);
        return otherwise;
    }

    public double decimal(String key, double otherwise, double least) {
        Optional<YamlNode> node = node(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        if (node.get() instanceof ScalarNode scalar) {
            if (isQuotedNumber(scalar, key, "a number from " + least)) {
                return otherwise;
            }
            try {
                double number = Double.parseDouble(resolved(scalar, key));
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below
            }
        }
        wrongType(node.get(), key, "a number from " + least);
        return otherwise;
    }

    /// A duration; a plain number is seconds.
    public Optional<Duration> duration(String key) {
        return node(key).flatMap(node -> duration(node, key));
    }

    /// A duration under any of several keys that mean the same, of which those ending in `_seconds` and
    /// `_ms` say their unit.
    public Optional<Duration> durationOf(String... keys) {
        Optional<YamlNode> node = oneOf(keys);
        for (String key : keys) {
            if (node.isPresent() && mapping.has(key)) {
                return duration(node.get(), key);
            }
        }
        return Optional.empty();
    }

    private Optional<Duration> duration(YamlNode node, String key) {
        if (node instanceof ScalarNode scalar && !scalar.isNull()) {
            String text = resolved(scalar, key);
            boolean plain = !text.isEmpty() && text.chars().allMatch(c -> Character.isDigit(c) || c == '.');
            Optional<Duration> parsed = Durations.parse(plain && key.endsWith("_ms") ? text + "ms" : text);
            if (parsed.isPresent()) {
                return parsed;
            }
        }
        wrongType(node, key, "a duration such as 500ms, 5s or 2m; a plain number is seconds");
        return Optional.empty();
    }

    /// One of an enum's names, in lower case.
    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (name.equals(text.get())) {
                return constant;
            }
            names.add(name);
        }
        compilation
                .problems()
                .error(
                        Codes.VALUE,
                        node(key).orElseThrow().location(),
                        at(key),
                        "'" + text.get() + "'",
                        "one of " + String.join(", ", names),
                        Nearest.hint(text.get(), names).orElse(null));
        return otherwise;
    }

    /// Reports what stands beside the first of keys that exclude each other.
    ///
    /// @param given those of them that are there
    public void refuseSecond(List<String> given, String expected) {
        given.stream()
                .skip(1)
                .forEach(second -> compilation
                        .problems()
                        .error(
                                Codes.CONFLICT,
                                keyLocation(second),
                                at(second),
                                "'" + second + "' beside '" + given.getFirst() + "'",
                                expected,
                                null));
    }

    /// Says that a key belongs to somebody else.
    public Fields allow(Set<String> keys) {
        // Sorted, so that messages have one order
        known.addAll(new TreeSet<>(keys));
        return this;
    }

    /// Reports every key that nobody asked for.
    public void refuseOthers() {
        for (MappingNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                compilation
                        .problems()
                        .error(
                                Codes.UNKNOWN_KEY,
                                entry.keyLocation(),
                                at(entry.key()),
                                "unknown key '" + entry.key() + "'",
                                "one of " + String.join(", ", known),
                                Nearest.hint(entry.key(), known).orElse(null));
            }
        }
    }

    /// Reports a key that is not there, or holds nothing that can be used. Of one whose mistake is told already nothing
    /// is said.
    public void missing(String key, String expected, @Nullable String hint) {
        Optional<YamlNode> given = node(key);
        if (given.isPresent()) {
            if (!compilation.problems().hasErrorAt(at(key), given.get().location())) {
                wrongType(given.get(), key, expected);
            }
            return;
        }
        compilation
                .problems()
                .error(Codes.MISSING_KEY, mapping.location(), at(key), "no '" + key + "'", expected, hint);
    }

    public void wrongType(YamlNode node, String key, String expected) {
        wrongType(node, key, expected, null);
    }

    private void wrongType(YamlNode node, String key, String expected, @Nullable String hint) {
        String found =
                node instanceof SequenceNode list && list.items().isEmpty() ? "an empty list" : node.description();
        compilation.problems().error(Codes.TYPE, node.location(), at(key), found, expected, hint);
    }

    /// A number in quotes is a text, unless a template gives it.
    private boolean isQuotedNumber(ScalarNode scalar, String key, String expected) {
        boolean quoted = scalar.quoted() && scalar.isText() && !scalar.text().contains("{{");
        if (quoted) {
            boolean number = scalar.text().matches("-?\\d+(\\.\\d+)?");
            wrongType(scalar, key, expected, number ? "Take the quotes away." : null);
        }
        return quoted;
    }

    private String resolved(ScalarNode scalar, String key) {
        if (!scalar.text().contains("{{")) {
            return scalar.text();
        }
        Template template = compilation.template(scalar, at(key));
        if (!template.isConstant()) {
            compilation
                    .problems()
                    .error(
                            Codes.TEMPLATE,
                            scalar.location(),
                            at(key),
                            "a template that is rendered when a step runs",
                            "a value that is known when the file is loaded, such as {{env.NAME}}",
                            null);
            return "";
        }
        return String.valueOf(template.constant());
    }
}
