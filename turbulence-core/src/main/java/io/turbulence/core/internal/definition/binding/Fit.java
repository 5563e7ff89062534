package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.ProblemPath;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a value stands and what it must be. Makes it from what a template gave. Immutable and thread-safe.
///
/// @param nullable whether it may be nothing
/// @param range    null for none
/// @param secret   whether the value must not be shown in messages
record Fit(
        Location location,
        String path,
        ValueType type,
        boolean nullable,
        Durations.Unit unit,
        @Nullable Range range,
        boolean secret,
        BindingContext context) {

    /// The value that a template gave, as the setting's type.
    ///
    /// @throws RenderException when it does not fit
    @Nullable
    Object rendered(@Nullable Object value) {
        try {
            return constant(value);
        } catch (Misfit e) {
            throw new RenderException(location, path, shown(e), e.expected(), null);
        }
    }

    /// The value that is known at load, as the setting's type.
    ///
    /// @throws Misfit when it does not fit
    @Nullable
    Object constant(@Nullable Object value) {
        Object converted = convert(value, type, nullable, path);
        if (range != null) {
            Scalars.check(converted, range);
        }
        return converted;
    }

    /// What was found, unless it is secret.
    String shown(Misfit misfit) {
        return secret ? "a secret value that does not fit" : misfit.found();
    }

    private @Nullable Object convert(@Nullable Object value, ValueType target, boolean mayBeNull, String at) {
        if (target instanceof ValueType.TreeType || (value == null && mayBeNull)) {
            return value;
        }
        if (target instanceof ValueType.ListType list && value instanceof List<?> items) {
            return items(items, list, at);
        }
        if (target instanceof ValueType.MapType map && value instanceof Map<?, ?> entries) {
            return entries(entries, map, at);
        }
        if (target instanceof ValueType.RecordType settings) {
            return settings(value, settings, at);
        }
        return Scalars.convert(Scalars.Given.rendered(value, location.file()), target, unit);
    }

    private Object items(List<?> items, ValueType.ListType type, String at) {
        List<@Nullable Object> converted = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            converted.add(convert(items.get(i), type.item(), type.nullable(), ProblemPath.index(at, i)));
        }
        return Collections.unmodifiableList(converted);
    }

    private Object entries(Map<?, ?> entries, ValueType.MapType type, String at) {
        Map<String, @Nullable Object> converted = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            String name = String.valueOf(key);
            // The layers of a map take a null for the removal of what is below
            converted.put(name, value == null ? null : convert(value, type.value(), true, ProblemPath.key(at, name)));
        });
        return Collections.unmodifiableMap(converted);
    }

    /// Settings given as a tree are bound as a file's would be, but hold no templates.
    private @Nullable Object settings(@Nullable Object value, ValueType.RecordType type, String at) {
        Problems problems = new Problems();
        BindingContext inner = new BindingContext(
                problems,
                context.expressions(),
                context.environment(),
                context.matchers(),
                at,
                context.places(),
                Inheritance.NONE,
                Set.of(),
                Set.of());
        CompiledValue compiled = ValueCompiler.literal(inner)
                .value(node(value), new Fit(location, at, type, false, unit, null, secret, inner));
        if (problems.hasErrors() || compiled == null) {
            Problem first = problems.errors().getFirst();
            throw new Misfit(Codes.TYPE, first.path() + ": " + first.found(), first.expected(), first.hint());
        }
        if (compiled instanceof CompiledValue.Constant constant) {
            return constant.value();
        }
        throw new Misfit(Codes.TYPE, "a template for settings with an expectation", type.description(), null);
    }

    private YamlNode node(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> entries ->
                MappingNode.of(
                        location,
                        entries.entrySet().stream()
                                .map(entry -> new MappingNode.Entry(
                                        String.valueOf(entry.getKey()), location, node(entry.getValue())))
                                .toList());
            case List<?> items ->
                new SequenceNode(location, items.stream().map(this::node).toList());
            case null -> ScalarNode.of(location, null);
            default -> ScalarNode.of(location, tree);
        };
    }
}
