package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.template.Template;
import io.turbulence.spi.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value of a setting, ready to be rendered for a step: what is constant in it was made once and is shared.
sealed interface CompiledValue {

    /// The value for one step.
    ///
    /// @throws RenderException when a template has no value or one that does not fit
    @Nullable
    Object render(Scope scope);

    /// Whether it is the same for every step.
    default boolean isConstant() {
        return false;
    }

    /// The value as far as it is known at load.
    ///
    /// @param later stands for what is not
    default @Nullable Object sketch(Object later) {
        return later;
    }

    /// A value known at load.
    record Constant(@Nullable Object value) implements CompiledValue {

        @Override
        public @Nullable Object render(Scope scope) {
            return value;
        }

        @Override
        public boolean isConstant() {
            return true;
        }

        @Override
        public @Nullable Object sketch(Object later) {
            return value;
        }
    }

    /// A text with templates.
    record Templated(Template template, String text, Fit fit) implements CompiledValue {

        @Override
        public @Nullable Object render(Scope scope) {
            Object value;
            try {
                value = template.render(scope);
            } catch (EvaluationException e) {
                throw new RenderException(
                        fit.location(), fit.path(), "'" + text + "' has no value: " + message(e), "", e);
            }
            return fit.rendered(value);
        }
    }

    /// A list of which some items hold templates.
    final class Items implements CompiledValue {

        private final CompiledValue[] items;

        Items(List<CompiledValue> items) {
            this.items = items.toArray(CompiledValue[]::new);
        }

        @Override
        public Object render(Scope scope) {
            return Collections.unmodifiableList(Arrays.asList(renderAll(items, scope)));
        }

        @Override
        public Object sketch(Object later) {
            List<@Nullable Object> sketch = new ArrayList<>(items.length);
            for (CompiledValue item : items) {
                sketch.add(item.sketch(later));
            }
            return sketch;
        }

        /// Itself, or a constant when nothing in it holds a template.
        CompiledValue folded() {
            return areConstant(items)
                    ? new Constant(Collections.unmodifiableList(Arrays.asList(constants(items))))
                    : this;
        }
    }

    /// A mapping with fixed keys of which some values hold templates.
    final class Entries implements CompiledValue {

        private final FixedKeysMap.Keys keys;
        private final CompiledValue[] values;

        Entries(Map<String, CompiledValue> entries) {
            this.keys = new FixedKeysMap.Keys(List.copyOf(entries.keySet()));
            this.values = entries.values().toArray(CompiledValue[]::new);
        }

        @Override
        public Object render(Scope scope) {
            return new FixedKeysMap(keys, renderAll(values, scope));
        }

        @Override
        public Object sketch(Object later) {
            @Nullable Object[] sketch = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                sketch[i] = values[i].sketch(later);
            }
            return new FixedKeysMap(keys, sketch);
        }

        /// Itself, or a constant when nothing in it holds a template.
        CompiledValue folded() {
            return areConstant(values) ? new Constant(new FixedKeysMap(keys, constants(values))) : this;
        }
    }

    /// A mapping whose keys are known only when it is rendered. A null value where none may be takes the entry away.
    record Layers(List<Layer> layers, boolean ignoreCase, boolean nullable) implements CompiledValue {

        @Override
        public Object render(Scope scope) {
            Map<String, @Nullable Object> merged = new LinkedHashMap<>();
            for (Layer layer : layers) {
                layer.addTo(merged, this, scope);
            }
            return Collections.unmodifiableMap(merged);
        }

        void put(Map<String, @Nullable Object> merged, String key, @Nullable Object value) {
            if (ignoreCase) {
                merged.keySet().removeIf(key::equalsIgnoreCase);
            }
            if (value == null && !nullable) {
                merged.remove(key);
            } else {
                merged.put(key, value);
            }
        }
    }

    /// A part of a mapping: one entry, or with a null key a whole mapping.
    record Layer(@Nullable CompiledValue key, CompiledValue value) {

        void addTo(Map<String, @Nullable Object> merged, Layers layers, Scope scope) {
            Object rendered = value.render(scope);
            if (key != null) {
                layers.put(merged, String.valueOf(key.render(scope)), rendered);
            } else if (rendered instanceof Map<?, ?> entries) {
                entries.forEach((name, value) -> layers.put(merged, String.valueOf(name), value));
            }
        }
    }

    /// Settings of which some hold templates. A component is null when what the file gives for it is wrong.
    final class Fields implements CompiledValue {

        private final SettingsType<?> type;
        private final @Nullable CompiledValue[] values;
        private final Fit fit;

        Fields(SettingsType<?> type, @Nullable CompiledValue[] values, Fit fit) {
            this.type = type;
            this.values = values;
            this.fit = fit;
        }

        @Nullable
        CompiledValue value(int index) {
            return values[index];
        }

        @Override
        public Record render(Scope scope) {
            @Nullable Object[] arguments = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                CompiledValue value = values[i];
                arguments[i] = value == null ? null : value.render(scope);
            }
            return create(arguments);
        }

        @Override
        public Object sketch(Object later) {
            Map<String, @Nullable Object> sketch = new LinkedHashMap<>();
            for (SettingComponent component : type.components()) {
                CompiledValue value = values[component.index()];
                sketch.put(component.key(), value == null ? null : value.sketch(later));
            }
            return sketch;
        }

        Record renderKnown(Scope known) {
            @Nullable Object[] arguments = new Object[values.length];
            for (SettingComponent component : type.components()) {
                CompiledValue value = values[component.index()];
                Object argument;
                if (value instanceof Fields fields) {
                    argument = inside(fields, component, known);
                } else if (value == null || (!value.isConstant() && component.templates() == Setting.Templates.STEP)) {
                    argument = component.nothing();
                } else {
                    argument = value.render(known);
                }
                arguments[component.index()] = argument;
            }
            return create(arguments);
        }

        private static @Nullable Object inside(Fields fields, SettingComponent component, Scope known) {
            try {
                return fields.renderKnown(known);
            } catch (RuntimeException e) {
                // Settings that refuse to be made without what a step gives
                return component.nothing();
            }
        }

        private Record create(@Nullable Object[] arguments) {
            try {
                return type.create(arguments);
            } catch (IllegalArgumentException e) {
                throw new RenderException(fit.location(), fit.path(), String.valueOf(e.getMessage()), "", e);
            }
        }

        /// Itself, or a constant when nothing in it holds a template.
        ///
        /// @throws RuntimeException what the record's constructor throws
        CompiledValue folded() {
            return areConstant(values) ? new Constant(type.create(constants(values))) : this;
        }
    }

    /// A matcher with templates.
    ///
    /// @param keys what its mapping gives; empty when it is none
    record Matching(CompiledMatcher matcher, Set<String> keys) implements CompiledValue {

        @Override
        public Object sketch(Object later) {
            Map<String, Object> sketch = new LinkedHashMap<>();
            keys.forEach(key -> sketch.put(key, later));
            return sketch;
        }

        @Override
        public Object render(Scope scope) {
            return matcher.render(scope);
        }
    }

    private static @Nullable Object[] renderAll(CompiledValue[] values, Scope scope) {
        @Nullable Object[] rendered = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            rendered[i] = values[i].render(scope);
        }
        return rendered;
    }

    /// A sentence without its end, to be put into another.
    static String message(EvaluationException e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static boolean areConstant(@Nullable CompiledValue[] values) {
        for (CompiledValue value : values) {
            if (value == null || !value.isConstant()) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object[] constants(@Nullable CompiledValue[] values) {
        @Nullable Object[] constants = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            constants[i] = values[i] instanceof Constant constant ? constant.value() : null;
        }
        return constants;
    }
}
