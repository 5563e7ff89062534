package io.turbulence.core.internal.check;

import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.BindingContext;
import io.turbulence.core.internal.definition.binding.CompiledMatcher;
import io.turbulence.core.internal.definition.binding.MatcherCompiler;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import io.turbulence.spi.Matcher;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compiles matchers: `{key: …}`, `{header: {name: …}}` and `{jsonpath: …, equals: …}` can be looked up
/// in an index; any other expectation is evaluated on each message.
public final class MatcherNodes implements MatcherCompiler {

    private final Compilation compilation;

    private MatcherNodes(Compilation compilation) {
        this.compilation = compilation;
    }

    public static MatcherNodes of(Compilation compilation) {
        return new MatcherNodes(compilation);
    }

    @Override
    public CompiledMatcher compile(YamlNode node, BindingContext context) {
        if (node instanceof MappingNode mapping) {
            Optional<CompiledMatcher> indexed = indexed(mapping, context.path());
            if (indexed.isPresent()) {
                return indexed.get();
            }
        }
        int before = compilation.uses().size();
        List<Expectation> expectations = ChecksCompiler.ofMessages(compilation).expectations(node, context.path());
        List<Compilation.Use> own =
                compilation.uses().subList(before, compilation.uses().size());
        own.replaceAll(Compilation.Use::onMessage);
        String written = Values.shorten(flow(SecretValues.hidden(node.toTree())));
        return scope -> new Evaluated(expectations, scope, written);
    }

    /// A tree on one line, as YAML has it.
    private static String flow(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> keys ->
                keys.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> items -> items.stream().map(MatcherNodes::flow).collect(Collectors.joining(", ", "[", "]"));
            case null -> "null";
            default -> tree.toString();
        };
    }

    /// Whether it can be said of a message that it matches or not: an expression may name what the message lacks.
    public static boolean isEvaluable(Matcher matcher, Frame frame) {
        return !(matcher instanceof Evaluated evaluated) || evaluated.isEvaluable(frame);
    }

    private Optional<CompiledMatcher> indexed(MappingNode mapping, String path) {
        if (mapping.keys().equals(Set.of("key"))) {
            return Optional.of(keyed(new Fact(List.of("key")), get(mapping, "key"), path + ".key"));
        }
        if (mapping.keys().equals(Set.of("header")) && mapping.get("header") instanceof MappingNode header) {
            if (header.entries().size() == 1) {
                MappingNode.Entry entry = header.entries().iterator().next();
                return Optional.of(keyed(
                        new Fact(List.of("headers", entry.key())), entry.value(), path + ".header." + entry.key()));
            }
        }
        if (mapping.keys().equals(Set.of("jsonpath", "equals"))) {
            return compilation
                    .jsonPath(get(mapping, "jsonpath"), path + ".jsonpath")
                    .map(jsonPath ->
                            keyed(new Node(jsonPath.text(), jsonPath), get(mapping, "equals"), path + ".equals"));
        }
        return Optional.empty();
    }

    private CompiledMatcher keyed(Part selector, YamlNode value, String path) {
        TreeTemplate template = compilation.tree(value, path);
        return scope -> new Keyed(selector, template.render(scope));
    }

    private static YamlNode get(MappingNode mapping, String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            throw new IllegalArgumentException(key);
        }
        return node;
    }

    /// A value in the form that an index uses: numbers by value, whatever their class.
    static @Nullable Object indexable(@Nullable Object value) {
        return switch (value) {
            case Integer number -> BigDecimal.valueOf(number.longValue());
            case Long number -> BigDecimal.valueOf(number);
            case Double number -> new BigDecimal(number.toString()).stripTrailingZeros();
            case BigDecimal number -> number.stripTrailingZeros();
            case byte[] bytes -> java.nio.ByteBuffer.wrap(bytes);
            case null -> null;
            default -> value;
        };
    }

    /// A part of a message.
    sealed interface Part extends Matcher.Selector {

        /// Whether a message has it at all, be it null.
        boolean isIn(Frame frame);

        /// What is matched, as it is written.
        String written(String value);
    }

    /// A fact of a message's metadata.
    record Fact(List<String> path) implements Part {

        @Override
        public boolean isIn(Frame frame) {
            return select(frame) != null;
        }

        @Override
        public String written(String value) {
            return path.size() == 1
                    ? "{%s: %s}".formatted(path.getFirst(), value)
                    : "{header: {%s: %s}}".formatted(path.getLast(), value);
        }

        @Override
        public @Nullable Object select(Frame frame) {
            Object value = frame.metadata().asMap();
            for (String name : path) {
                value = value instanceof Map<?, ?> map ? map.get(name) : null;
            }
            return indexable(value);
        }

        @Override
        public String toString() {
            return String.join(" ", path);
        }
    }

    /// A node of a message's payload. Two paths of the same text are equal.
    static final class Node implements Part {

        private final String text;
        private final JsonPath path;

        Node(String text, JsonPath path) {
            this.text = text;
            this.path = path;
        }

        @Override
        public @Nullable Object select(Frame frame) {
            List<@Nullable Object> nodes =
                    path.select(Content.of(frame.payload()).tree());
            return nodes.isEmpty() ? null : indexable(nodes.getFirst());
        }

        @Override
        public boolean isIn(Frame frame) {
            return !path.select(Content.of(frame.payload()).tree()).isEmpty();
        }

        @Override
        public String written(String value) {
            return "{jsonpath: %s, equals: %s}".formatted(text, value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Node node && node.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Equality of one part of a message.
    record Keyed(Part selector, @Nullable Object value) implements Matcher {

        @Override
        public boolean matches(Frame frame) {
            Object wanted = indexable(value);
            return wanted != null && wanted.equals(selector.select(frame));
        }

        @Override
        public String describe() {
            return selector + " " + Values.show(value);
        }

        @Override
        public Optional<Key> key() {
            Object wanted = indexable(value);
            return wanted == null ? Optional.empty() : Optional.of(new Key(selector, wanted));
        }

        @Override
        public String explain(Frame frame) {
            if (matches(frame)) {
                return "";
            }
            return selector.isIn(frame)
                    ? "its %s was %s".formatted(selector, Values.show(selector.select(frame)))
                    : "it had no " + selector;
        }

        @Override
        public String toString() {
            return selector.written(flow(SecretValues.hidden(value)));
        }
    }

    /// Expectations evaluated on each message. The scope of the step is read on whatever thread delivers the
    /// message, so its names are taken over when the matcher is made.
    static final class Evaluated implements Matcher {

        private final List<Expectation> expectations;
        private final Scope scope;
        private final String written;

        Evaluated(List<Expectation> expectations, Scope scope, String written) {
            this.expectations = expectations;
            this.scope = scope;
            this.written = written;
        }

        @Override
        public boolean matches(Frame frame) {
            return failures(frame).isEmpty();
        }

        @Override
        public String describe() {
            return written;
        }

        @Override
        public String toString() {
            return written;
        }

        @Override
        public String explain(Frame frame) {
            List<String> failures = failures(frame);
            return failures.isEmpty() ? "" : failures.getFirst();
        }

        boolean isEvaluable(Frame frame) {
            try {
                return verdicts(frame).stream().noneMatch(Verdict::lacksSubject);
            } catch (EvaluationException e) {
                return false;
            }
        }

        private List<String> failures(Frame frame) {
            try {
                return verdicts(frame).stream()
                        .filter(verdict -> !verdict.ok())
                        .map(Verdict::message)
                        .toList();
            } catch (EvaluationException e) {
                return List.of(String.valueOf(e.getMessage()));
            }
        }

        private List<Verdict> verdicts(Frame frame) {
            Exchange exchange = new Exchange(
                    null,
                    new Outcome.Completed(true, ""),
                    -1,
                    -1,
                    -1,
                    -1,
                    -1,
                    frame.metadata(),
                    Content.of(frame.payload()),
                    null,
                    List.of());
            ObservationView view = new ObservationView(exchange, true, List.of());
            List<Verdict> verdicts = new ArrayList<>();
            for (Expectation expectation : expectations) {
                expectation.check(new FrameScope(scope, view), view, verdicts);
            }
            return verdicts;
        }
    }

    /// A step's names with the message in place of the newest observation.
    private record FrameScope(Scope outer, ObservationView view) implements Scope {

        @Override
        public boolean has(String name) {
            return name.equals("payload") || name.equals("metadata") || view.hasMetadata(name) || outer.has(name);
        }

        @Override
        public @Nullable Object value(String name) {
            return switch (name) {
                case "payload" -> view.get("payload");
                case "metadata" -> view.get("metadata");
                default -> view.hasMetadata(name) ? view.metadata(name) : outer.value(name);
            };
        }

        @Override
        public long random(int place) {
            return outer.random(place);
        }

        @Override
        public Instant now() {
            return outer.now();
        }

        @Override
        public Collection<String> names() {
            return outer.names();
        }
    }
}
