package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.ExpressionSyntaxException;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.problem.ProblemPath;
import io.turbulence.core.internal.definition.template.Template;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compiles nodes to values of settings. What is wrong becomes a problem, and its value is null: everything else is
/// compiled all the same, so that all problems are told at once. Used for one plan, on one thread.
final class ValueCompiler {

    private static final int SHOWN_KEYS = 15;
    private static final String OPEN = "{{";
    private static final String ESCAPED_OPEN = "{{{{";

    private final BindingContext context;
    private final boolean literal;
    private final List<TemplateUse> templates = new ArrayList<>();
    private final Set<String> environmentValues = new LinkedHashSet<>();
    private Setting.Templates mode = Setting.Templates.STEP;

    private ValueCompiler(BindingContext context, boolean literal) {
        this.context = context;
        this.literal = literal;
    }

    static ValueCompiler of(BindingContext context) {
        return new ValueCompiler(context, false);
    }

    /// Takes every text as it is, and texts for numbers: for values that a template gave.
    static ValueCompiler literal(BindingContext context) {
        return new ValueCompiler(context, true);
    }

    List<TemplateUse> templates() {
        return templates;
    }

    Set<String> environmentValues() {
        return environmentValues;
    }

    // Records

    /// The settings that a mapping gives; constant when they hold no template and nothing is wrong with them.
    CompiledValue settings(MappingNode node, SettingsType<?> type, BindingContext at) {
        Set<SettingComponent> meant = new HashSet<>();
        Map<SettingComponent, Given> given = given(node, type, meant, at);
        checkGroups(node, type, given, at);
        @Nullable CompiledValue[] values = new CompiledValue[type.components().size()];
        for (SettingComponent component : type.components()) {
            Setting.Templates outer = mode;
            mode = component.templates();
            values[component.index()] = isGivenWrongly(component, given, meant)
                    ? null
                    : component(node, component, given.get(component), at);
            mode = outer;
        }
        Fit fit = new Fit(
                node.location(),
                at.path(),
                new ValueType.RecordType(type),
                false,
                Durations.Unit.SECONDS,
                null,
                false,
                context);
        return folded(new CompiledValue.Fields(type, values, fit), fit);
    }

    /// Whether it is missing only because its key is misspelt, which is told already.
    private static boolean isGivenWrongly(
            SettingComponent component, Map<SettingComponent, Given> given, Set<SettingComponent> meant) {
        return component.required() && !given.containsKey(component) && meant.contains(component);
    }

    /// What the mapping gives, by component.
    ///
    /// @param meant takes the components that unknown keys likely mean
    private Map<SettingComponent, Given> given(
            MappingNode node, SettingsType<?> type, Set<SettingComponent> meant, BindingContext at) {
        Map<SettingComponent, Given> given = new LinkedHashMap<>();
        for (MappingNode.Entry entry : node.entries()) {
            SettingsType.Named named = type.lookup(entry.key());
            if (named == null) {
                if (!at.otherKeys().contains(entry.key())) {
                    unknownKey(entry, type, at).map(type::lookup).ifPresent(near -> meant.add(near.component()));
                }
                continue;
            }
            Given earlier = given.putIfAbsent(named.component(), new Given(entry, named.unit()));
            if (earlier != null) {
                at.problems()
                        .error(
                                Codes.CONFLICT,
                                entry.keyLocation(),
                                at.path(),
                                "'" + entry.key() + "' beside '" + earlier.entry.key() + "', which means the same",
                                "one of the two",
                                null);
            }
        }
        return given;
    }

    /// Tells of it and answers the key that was likely meant.
    private static Optional<String> unknownKey(MappingNode.Entry entry, SettingsType<?> type, BindingContext at) {
        List<String> known = new ArrayList<>(type.keys());
        known.addAll(at.otherKeys());
        Optional<String> near = Nearest.of(entry.key(), known);
        at.problems()
                .error(
                        Codes.UNKNOWN_KEY,
                        entry.keyLocation(),
                        ProblemPath.key(at.path(), entry.key()),
                        "the unknown key '" + entry.key() + "'",
                        listed(type) + (at.otherKeys().isEmpty() ? "" : ", or a key that every step may have"),
                        near.map(key -> "Did you mean '" + key + "'?").orElse(null));
        return near;
    }

    private static String listed(SettingsType<?> type) {
        List<String> keys =
                type.components().stream().map(SettingComponent::key).toList();
        if (keys.isEmpty()) {
            return "no key";
        }
        String first = keys.stream().limit(SHOWN_KEYS).collect(Collectors.joining("', '", "one of '", "'"));
        return keys.size() > SHOWN_KEYS ? first + ", …" : first;
    }

    private static void checkGroups(
            MappingNode node, SettingsType<?> type, Map<SettingComponent, Given> given, BindingContext at) {
        for (OneOf group : type.groups()) {
            Set<SettingComponent> members = new HashSet<>();
            for (String key : group.value()) {
                SettingsType.Named named = type.lookup(key);
                if (named != null) {
                    members.add(named.component());
                }
            }
            List<MappingNode.Entry> present = given.entrySet().stream()
                    .filter(value -> members.contains(value.getKey())
                            && !value.getValue().isNothing())
                    .map(value -> value.getValue().entry)
                    .toList();
            String keys = String.join("', '", group.value());
            if (present.size() > 1) {
                MappingNode.Entry second = present.get(1);
                at.problems()
                        .error(
                                Codes.CONFLICT,
                                second.keyLocation(),
                                at.path(),
                                "'" + second.key() + "' beside '"
                                        + present.getFirst().key() + "'",
                                (group.required() ? "exactly one of '" : "at most one of '") + keys + "'",
                                null);
            } else if (present.isEmpty() && group.required()) {
                at.problems()
                        .error(
                                Codes.MISSING_KEY,
                                node.location(),
                                at.path(),
                                "none of '" + keys + "'",
                                "exactly one of them",
                                null);
            }
        }
    }

    private @Nullable CompiledValue component(
            MappingNode node, SettingComponent component, @Nullable Given given, BindingContext at) {
        if (given == null
                && component.defaultNode() == null
                && component.inherits().isEmpty()) {
            return absent(node, component, at);
        }
        String path = ProblemPath.key(at.path(), given == null ? component.key() : given.entry.key());
        Durations.Unit unit = given == null ? Durations.Unit.SECONDS : given.unit;
        boolean switchedOff =
                given != null && given.isNothing() && !component.inherits().isEmpty();
        List<YamlNode> inherited = switchedOff
                ? List.of()
                : component.inherits().stream()
                        .map(at.inheritance()::find)
                        .flatMap(Optional::stream)
                        .toList();
        YamlNode own = given == null || (given.isNothing() && !(component.type() instanceof ValueType.TreeType))
                ? null
                : given.entry.value();
        if (component.type() instanceof ValueType.MapType map && !inherited.isEmpty()) {
            List<YamlNode> layers = new ArrayList<>(inherited);
            if (own != null) {
                layers.add(own);
            }
            return map(layers, map, component.ignoreCase(), fit(node.location(), path, component, unit));
        }
        YamlNode value = own != null ? own : inherited.isEmpty() ? null : inherited.getFirst();
        if (value == null && !(switchedOff && component.nullable())) {
            value = component.defaultNode();
        }
        if (value == null) {
            return absent(node, component, at);
        }
        Fit fit = fit(value.location(), path, component, unit);
        MappingNode.Entry file = file(value, component);
        if (file != null) {
            String inside = ProblemPath.key(path, file.key());
            return value(file.value(), inner(fit, file.value().location(), inside, new ValueType.PathType(), false));
        }
        return component.type() instanceof ValueType.MapType map
                ? map(List.of(value), map, component.ignoreCase(), fit)
                : value(value, fit);
    }

    /// What names a file in place of a tree; null when the value is one.
    private static MappingNode.@Nullable Entry file(YamlNode value, SettingComponent component) {
        if (value instanceof MappingNode mapping && mapping.entries().size() == 1) {
            MappingNode.Entry only = mapping.entries().iterator().next();
            return only.key().equals(component.fileKey()) && only.value() instanceof ScalarNode ? only : null;
        }
        return null;
    }

    /// What a component has when nothing is given.
    @Nullable
    CompiledValue defaultValue(SettingComponent component, YamlNode node) {
        Fit fit = fit(node.location(), component.key(), component, Durations.Unit.SECONDS);
        return component.type() instanceof ValueType.MapType map
                ? map(List.of(node), map, component.ignoreCase(), fit)
                : value(node, fit);
    }

    private Fit fit(Location location, String path, SettingComponent component, Durations.Unit unit) {
        return new Fit(
                location,
                path,
                component.type(),
                component.nullable(),
                unit,
                component.range(),
                component.secret(),
                context);
    }

    private static @Nullable CompiledValue absent(MappingNode node, SettingComponent component, BindingContext at) {
        if (component.required()) {
            at.problems()
                    .error(
                            Codes.MISSING_KEY,
                            node.location(),
                            at.path(),
                            "'" + component.key() + "' is missing",
                            component.type().description(),
                            null);
            return null;
        }
        return new CompiledValue.Constant(component.nothing());
    }

    // Values

    @Nullable
    CompiledValue value(YamlNode node, Fit fit) {
        try {
            return compile(node, fit);
        } catch (Misfit e) {
            context.problems()
                    .error(
                            e.code(),
                            node.location(),
                            fit.path(),
                            node instanceof ScalarNode ? fit.shown(e) : e.found(),
                            e.expected(),
                            e.hint());
            return null;
        }
    }

    private @Nullable CompiledValue compile(YamlNode node, Fit fit) {
        ValueType type = fit.type();
        if (type instanceof ValueType.NodeType kind) {
            return new CompiledValue.Constant(kind(node, kind));
        }
        if (type instanceof ValueType.MatcherType) {
            CompiledMatcher matcher = context.matchers().compile(node, context.inside(fit.path()));
            return matcher.constant()
                    .<CompiledValue>map(CompiledValue.Constant::new)
                    .orElseGet(() -> new CompiledValue.Matching(
                            matcher, node instanceof MappingNode mapping ? mapping.keys() : Set.of()));
        }
        if (type instanceof ValueType.RecordType settings) {
            return record(node, settings, fit);
        }
        if (node instanceof ScalarNode scalar && isTemplate(scalar)) {
            return template(scalar, fit);
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, fit);
            case SequenceNode sequence -> list(sequence, fit);
            case MappingNode mapping -> {
                if (type instanceof ValueType.MapType map) {
                    yield map(List.of(mapping), map, false, fit);
                }
                if (type instanceof ValueType.TreeType) {
                    yield map(List.of(mapping), new ValueType.MapType(type, true), false, fit);
                }
                throw misfit(node, type);
            }
        };
    }

    private @Nullable CompiledValue record(YamlNode node, ValueType.RecordType type, Fit fit) {
        if (node instanceof MappingNode mapping) {
            return settings(mapping, type.settings(), context.inside(fit.path()));
        }
        SettingComponent meant = type.settings().scalarComponent();
        if (node instanceof ScalarNode scalar && meant != null && !scalar.isNull()) {
            MappingNode.Entry entry = new MappingNode.Entry(meant.key(), scalar.location(), scalar);
            return settings(
                    MappingNode.of(scalar.location(), List.of(entry)), type.settings(), context.inside(fit.path()));
        }
        if (node instanceof ScalarNode scalar && isTemplate(scalar)) {
            return template(scalar, fit);
        }
        throw misfit(node, type);
    }

    private static YamlNode kind(YamlNode node, ValueType.NodeType kind) {
        if (!kind.type().isInstance(node)) {
            throw misfit(node, kind);
        }
        return node;
    }

    private CompiledValue scalar(ScalarNode node, Fit fit) {
        if (node.isNull() && fit.nullable()) {
            return new CompiledValue.Constant(null);
        }
        if (fit.type() instanceof ValueType.TreeType) {
            return new CompiledValue.Constant(node.value());
        }
        if (literal) {
            return new CompiledValue.Constant(fit.constant(node.value()));
        }
        Object value = Scalars.convert(Scalars.Given.of(node, false), fit.type(), fit.unit());
        check(value, fit);
        return new CompiledValue.Constant(value);
    }

    private @Nullable CompiledValue list(SequenceNode node, Fit fit) {
        boolean tree = fit.type() instanceof ValueType.TreeType;
        if (!tree && !(fit.type() instanceof ValueType.ListType)) {
            throw misfit(node, fit.type());
        }
        ValueType item = fit.type() instanceof ValueType.ListType list ? list.item() : fit.type();
        boolean nullable = tree || (fit.type() instanceof ValueType.ListType list && list.nullable());
        check(node.items(), fit);
        List<CompiledValue> items = new ArrayList<>();
        for (int i = 0; i < node.items().size(); i++) {
            YamlNode each = node.items().get(i);
            CompiledValue value =
                    value(each, inner(fit, each.location(), ProblemPath.index(fit.path(), i), item, nullable));
            if (value != null) {
                items.add(value);
            }
        }
        if (items.size() < node.items().size()) {
            return null;
        }
        return new CompiledValue.Items(items).folded();
    }

    private static Fit inner(Fit fit, Location location, String path, ValueType type, boolean nullable) {
        return new Fit(location, path, type, nullable, fit.unit(), null, fit.secret(), fit.context());
    }

    // Maps

    /// One map of several layers, weakest first.
    private @Nullable CompiledValue map(List<YamlNode> layers, ValueType.MapType type, boolean ignoreCase, Fit fit) {
        try {
            List<CompiledValue.Layer> compiled = new ArrayList<>();
            boolean valid = true;
            boolean fixed = true;
            for (YamlNode layer : layers) {
                if (layer instanceof MappingNode mapping) {
                    checkCase(mapping, ignoreCase, fit);
                    for (MappingNode.Entry entry : mapping.entries()) {
                        CompiledValue key = key(entry, fit);
                        CompiledValue value = entry(entry, type, fit);
                        valid &= key != null && value != null;
                        fixed &= key != null && key.isConstant();
                        if (key != null && value != null) {
                            compiled.add(new CompiledValue.Layer(key, value));
                        }
                    }
                } else if (layer instanceof ScalarNode scalar && isTemplate(scalar)) {
                    CompiledValue value = template(scalar, inner(fit, scalar.location(), fit.path(), type, false));
                    valid &= value != null;
                    fixed = false;
                    if (value != null) {
                        compiled.add(new CompiledValue.Layer(null, value));
                    }
                } else {
                    throw misfit(layer, type);
                }
            }
            if (!valid) {
                return null;
            }
            return merged(new CompiledValue.Layers(compiled, ignoreCase, type.nullable()), fixed, fit);
        } catch (Misfit e) {
            YamlNode wrong = layers.stream()
                    .filter(layer -> !(layer instanceof MappingNode))
                    .findFirst()
                    .orElseGet(layers::getLast);
            context.problems().error(e.code(), wrong.location(), fit.path(), e.found(), e.expected(), e.hint());
            return null;
        }
    }

    /// A map whose keys are all known is merged now.
    private static CompiledValue merged(CompiledValue.Layers layers, boolean fixed, Fit fit) {
        if (!fixed) {
            return layers;
        }
        Map<String, CompiledValue> entries = new LinkedHashMap<>();
        for (CompiledValue.Layer layer : layers.layers()) {
            String key = layer.key() instanceof CompiledValue.Constant name ? String.valueOf(name.value()) : "";
            if (layers.ignoreCase()) {
                entries.keySet().removeIf(key::equalsIgnoreCase);
            }
            boolean removes = !layers.nullable()
                    && layer.value() instanceof CompiledValue.Constant constant
                    && constant.value() == null;
            if (removes) {
                entries.remove(key);
            } else {
                entries.put(key, layer.value());
            }
        }
        check(entries, fit);
        return new CompiledValue.Entries(entries).folded();
    }

    private void checkCase(MappingNode mapping, boolean ignoreCase, Fit fit) {
        Map<String, String> seen = new HashMap<>();
        for (MappingNode.Entry entry : mapping.entries()) {
            String first = seen.putIfAbsent(entry.key().toLowerCase(Locale.ROOT), entry.key());
            if (first != null && ignoreCase) {
                context.problems()
                        .error(
                                Codes.DUPLICATE_KEY,
                                entry.keyLocation(),
                                fit.path(),
                                "'" + entry.key() + "' beside '" + first + "', which means the same",
                                "one of the two",
                                null);
            }
        }
    }

    private @Nullable CompiledValue key(MappingNode.Entry entry, Fit fit) {
        ScalarNode name = ScalarNode.of(entry.keyLocation(), entry.key());
        return isTemplate(name)
                ? template(name, inner(fit, entry.keyLocation(), fit.path(), new ValueType.TextType(), false))
                : new CompiledValue.Constant(entry.key());
    }

    private @Nullable CompiledValue entry(MappingNode.Entry entry, ValueType.MapType type, Fit fit) {
        String path = ProblemPath.key(fit.path(), entry.key());
        // Null takes away what a weaker layer gives
        Fit inner = inner(fit, entry.value().location(), path, type.value(), true);
        return value(entry.value(), inner);
    }

    // Templates

    private boolean isTemplate(ScalarNode node) {
        return !literal && node.isText() && node.text().contains(OPEN);
    }

    private @Nullable CompiledValue template(ScalarNode node, Fit fit) {
        String text = node.text();
        if (mode == Setting.Templates.FORBIDDEN
                && text.replace(ESCAPED_OPEN, "").contains(OPEN)) {
            context.problems()
                    .error(
                            Codes.TEMPLATE,
                            node.locationOf(text.indexOf(OPEN)),
                            fit.path(),
                            "a template",
                            "text without a template",
                            "Write '{{{{' for the characters '{{'.");
            return null;
        }
        Template template = compiled(node, fit);
        if (template == null || !isKnownInTime(template, node, fit)) {
            return null;
        }
        environmentValues.addAll(template.environmentValues());
        if (!template.isConstant()) {
            templates.add(new TemplateUse(node, fit.path(), template));
            return new CompiledValue.Templated(template, text, fit);
        }
        try {
            return new CompiledValue.Constant(fit.constant(template.constant()));
        } catch (EvaluationException e) {
            context.problems().error(Codes.TEMPLATE, node.location(), fit.path(), CompiledValue.message(e), "", null);
            return null;
        } catch (Misfit e) {
            context.problems().error(e.code(), node.location(), fit.path(), fit.shown(e), e.expected(), e.hint());
            return null;
        }
    }

    private @Nullable Template compiled(ScalarNode node, Fit fit) {
        try {
            return Template.compile(
                    node.text(),
                    context.expressions(),
                    context.environment(),
                    context.places().next());
        } catch (ExpressionSyntaxException e) {
            context.problems()
                    .error(
                            Codes.TEMPLATE,
                            node.locationOf(e.offset()),
                            fit.path(),
                            String.valueOf(e.getMessage()),
                            "",
                            e.hint());
            return null;
        }
    }

    private boolean isKnownInTime(Template template, ScalarNode node, Fit fit) {
        if (mode != Setting.Templates.LOAD || template.isConstant()) {
            return true;
        }
        for (Reference reference : template.references()) {
            if (!context.loadNames().contains(reference.root())) {
                context.problems()
                        .error(
                                Codes.TEMPLATE,
                                node.locationOf(reference.offset()),
                                fit.path(),
                                "'" + reference.root() + "', which is known only when a step runs",
                                "a value known when the file is loaded, such as {{env.NAME}}",
                                null);
                return false;
            }
        }
        return true;
    }

    // Constants

    private static void check(@Nullable Object value, Fit fit) {
        if (fit.range() != null) {
            Scalars.check(value, fit.range());
        }
    }

    private static Misfit misfit(YamlNode node, ValueType type) {
        return new Misfit(Codes.TYPE, node.description(), type.description(), null);
    }

    private CompiledValue folded(CompiledValue.Fields fields, Fit fit) {
        try {
            return fields.folded();
        } catch (RuntimeException e) {
            context.problems().error(Codes.VALUE, fit.location(), fit.path(), String.valueOf(e.getMessage()), "", null);
            return fields;
        }
    }

    /// An entry and the unit that its key says.
    private record Given(MappingNode.Entry entry, Durations.Unit unit) {

        boolean isNothing() {
            return entry.value() instanceof ScalarNode scalar && scalar.isNull();
        }
    }
}
