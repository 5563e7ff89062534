package io.turbulence.core.internal.definition.binding;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a file gives for a settings record, compiled once: constants are bound and checked, templates compiled.
/// Immutable; rendered by any number of threads at once.
///
/// @param <S> the record
public final class SettingsPlan<S extends Record> {

    private final SettingsType<S> type;
    private final MappingNode node;
    private final BindingContext context;
    private final CompiledValue value;
    private final List<TemplateUse> templates;
    private final Set<String> environmentValues;

    private SettingsPlan(
            SettingsType<S> type,
            MappingNode node,
            BindingContext context,
            CompiledValue value,
            ValueCompiler compiler) {
        this.type = type;
        this.node = node;
        this.context = context;
        this.value = value;
        this.templates = List.copyOf(compiler.templates());
        this.environmentValues = Set.copyOf(compiler.environmentValues());
    }

    static <S extends Record> SettingsPlan<S> compile(SettingsType<S> type, MappingNode node, BindingContext context) {
        ValueCompiler compiler = ValueCompiler.of(context);
        CompiledValue value = compiler.settings(node, type, context);
        return new SettingsPlan<>(type, node, context, value, compiler);
    }

    public SettingsType<S> type() {
        return type;
    }

    /// What the file gives.
    public MappingNode node() {
        return node;
    }

    /// Whether the settings are the same for every step.
    public boolean isConstant() {
        return value.isConstant();
    }

    /// The settings for one step.
    ///
    /// @throws RenderException when a template has no value or one that does not fit
    public S render(Scope scope) {
        return cast(value.render(scope));
    }

    /// The settings as far as they are known before the run: what holds a template of a step is null, empty, false or
    /// 0.
    ///
    /// @param known gives the values of the names known before the run
    /// @throws RenderException when a template that is rendered before the run has no value or one that does not fit
    public S renderKnown(Scope known) {
        return cast(value instanceof CompiledValue.Fields fields ? fields.renderKnown(known) : value.render(known));
    }

    /// The settings, when all of them are known at load and right.
    public Optional<S> settings() {
        return value instanceof CompiledValue.Constant constant
                ? Optional.of(cast(constant.value()))
                : Optional.empty();
    }

    /// One setting's value by any of its keys, when it is known at load and was given, inherited, or has a default.
    ///
    /// @throws ClassCastException when it is of another type
    public <T> Optional<T> constant(String key, Class<T> valueType) {
        SettingsType.Named named = type.lookup(key);
        if (named == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(constant(named.component())).map(valueType::cast);
    }

    /// One setting's tree by any of its keys, as far as it is known at load.
    ///
    /// @param later stands for what is not
    public Optional<Object> sketch(String key, Object later) {
        SettingsType.Named named = type.lookup(key);
        if (named == null) {
            return Optional.empty();
        }
        if (value instanceof CompiledValue.Fields fields) {
            CompiledValue given = fields.value(named.component().index());
            return given == null ? Optional.empty() : Optional.ofNullable(given.sketch(later));
        }
        return Optional.ofNullable(constant(named.component()));
    }

    /// Whether the file gives this setting under any of its keys, be it as a template.
    public boolean has(String key) {
        SettingsType.Named named = type.lookup(key);
        if (named == null) {
            return false;
        }
        boolean nothingCounts = named.component().type() instanceof ValueType.TreeType;
        return named.component().keys().stream()
                .map(node::get)
                .anyMatch(given ->
                        given != null && (nothingCounts || !(given instanceof ScalarNode scalar && scalar.isNull())));
    }

    /// The place of a setting, and of what is inside it: `message.items[0].sku`. Of what is not there, the place of
    /// what
    /// is nearest around it.
    public Location location(String key) {
        return new NodeProblems(type, node, context).locate(key).location();
    }

    /// For a plugin's own checks: takes keys of this mapping and adds their places.
    public io.turbulence.spi.Problems problems() {
        return new NodeProblems(type, node, context);
    }

    /// The templates that are rendered for each step.
    public List<TemplateUse> templates() {
        return templates;
    }

    /// Values of environment variables that became part of settings.
    public Set<String> environmentValues() {
        return environmentValues;
    }

    private @Nullable Object constant(SettingComponent component) {
        return switch (value) {
            case CompiledValue.Constant constant -> component.read(requireNonNull((Record) constant.value()));
            case CompiledValue.Fields fields ->
                fields.value(component.index()) instanceof CompiledValue.Constant constant ? constant.value() : null;
            case CompiledValue.Templated ignored -> null;
            case CompiledValue.Items ignored -> null;
            case CompiledValue.Entries ignored -> null;
            case CompiledValue.Layers ignored -> null;
            case CompiledValue.Matching ignored -> null;
        };
    }

    private S cast(@Nullable Object settings) {
        return type.record().cast(requireNonNull(settings));
    }
}
