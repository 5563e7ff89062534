package io.turbulence.core;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A part of a definition that a program builds: what a mapping is in YAML. Each value knows the line of the program
/// that gave it, so that problems are told there. Immutable.
///
/// @param node what it holds so far
record Block(MappingNode node) {

    private static final StackWalker STACK = StackWalker.getInstance();

    /// Whose calls are passed over on the way to the line that is the user's.
    private static final Set<String> BUILDERS = Set.of(
            Block.class.getName(),
            Scenario.class.getName(),
            Step.class.getName(),
            Expect.class.getName(),
            Extract.class.getName(),
            Service.class.getName(),
            SystemUnderTest.class.getName());

    /// An empty one.
    static Block start() {
        return new Block(MappingNode.empty(here()));
    }

    Block with(String key, @Nullable Object value) {
        Location here = here();
        return with(key, here, node(key, value, here));
    }

    Block withAll(Map<String, ? extends @Nullable Object> values) {
        Block all = this;
        for (Map.Entry<String, ? extends @Nullable Object> entry : values.entrySet()) {
            all = all.with(entry.getKey(), entry.getValue());
        }
        return all;
    }

    /// With more items in a list, which is made when it is not there yet.
    Block adding(String key, List<?> values) {
        Location here = here();
        List<YamlNode> items = new ArrayList<>();
        if (node.get(key) instanceof SequenceNode given) {
            items.addAll(given.items());
        }
        values.forEach(value -> items.add(node(key, value, here)));
        return with(key, here, new SequenceNode(here, items));
    }

    /// With a value in a mapping inside, which is made when it is not there yet.
    Block inside(String key, String inner, @Nullable Object value) {
        Location here = here();
        MappingNode given = node.get(key) instanceof MappingNode mapping ? mapping : MappingNode.empty(here);
        return with(key, here, given.with(new MappingNode.Entry(inner, here, node(inner, value, here))));
    }

    private Block with(String key, Location here, YamlNode value) {
        return new Block(node.with(new MappingNode.Entry(key, here, value)));
    }

    private static YamlNode node(String key, @Nullable Object value, Location here) {
        return switch (value) {
            case null -> ScalarNode.of(here, null);
            case String text -> ScalarNode.of(here, text);
            case Number number -> ScalarNode.of(here, asInYaml(number));
            case Boolean flag -> ScalarNode.of(here, flag);
            case Duration duration -> ScalarNode.of(here, Durations.text(duration));
            case DataSize size -> ScalarNode.of(here, size.toString());
            case Path path -> ScalarNode.of(here, path.toString());
            case Enum<?> constant -> ScalarNode.of(here, constant.name().toLowerCase(Locale.ROOT));
            case Scenario scenario -> scenario.node();
            case Step step -> step.node();
            case Expect expect -> expect.node();
            case Extract extract -> extract.node();
            case Service service -> service.node();
            case Map<?, ?> map -> mapping(map, here);
            case Collection<?> list ->
                new SequenceNode(
                        here, list.stream().map(item -> node(key, item, here)).toList());
            default ->
                throw new IllegalArgumentException(
                        "'%s' was a %s but it must be a text, number, boolean, null, Duration, DataSize, Path, enum, Map or List"
                                .formatted(key, value.getClass().getName()));
        };
    }

    /// The type that YAML gives a number.
    private static Number asInYaml(Number number) {
        return switch (number) {
            case Byte small -> small.intValue();
            case Short small -> small.intValue();
            case Long large -> large == large.intValue() ? (Number) large.intValue() : large;
            case Float single -> Double.parseDouble(single.toString());
            default -> number;
        };
    }

    private static MappingNode mapping(Map<?, ?> map, Location here) {
        List<MappingNode.Entry> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            entries.add(new MappingNode.Entry(name, here, node(name, value, here)));
        });
        return MappingNode.of(here, entries);
    }

    /// The line of the program that called a builder.
    private static Location here() {
        return STACK.walk(frames -> frames.filter(frame -> !BUILDERS.contains(frame.getClassName()))
                .findFirst()
                .map(Block::location)
                .orElseThrow());
    }

    private static Location location(StackWalker.StackFrame frame) {
        String file = frame.getFileName();
        return Location.inCode(Path.of(file == null ? frame.getClassName() : file), Math.max(1, frame.getLineNumber()));
    }
}
