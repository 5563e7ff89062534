package io.turbulence.core.internal.definition.template;

import io.turbulence.core.internal.definition.expression.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A YAML tree with templates in it, compiled once. What is constant is shared by all renderings, not
/// copied. Immutable and thread-safe.
public sealed interface TreeTemplate {

    /// @throws io.turbulence.core.internal.definition.expression.EvaluationException when a template has no
    ///     value
    @Nullable
    Object render(Scope scope);

    default boolean isConstant() {
        return this instanceof Constant;
    }

    static TreeTemplate constant(@Nullable Object value) {
        return new Constant(value);
    }

    static TreeTemplate of(Template template) {
        return template.isConstant() ? new Constant(template.constant()) : new Value(template);
    }

    static TreeTemplate list(List<TreeTemplate> items) {
        if (items.stream().allMatch(TreeTemplate::isConstant)) {
            List<@Nullable Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(((Constant) item).value()));
            return new Constant(Collections.unmodifiableList(values));
        }
        return new Items(List.copyOf(items));
    }

    /// @param keys templates whose text is the key
    static TreeTemplate map(List<Template> keys, List<TreeTemplate> values) {
        if (keys.stream().allMatch(Template::isConstant) && values.stream().allMatch(TreeTemplate::isConstant)) {
            Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                map.put(String.valueOf(keys.get(i).constant()), ((Constant) values.get(i)).value());
            }
            return new Constant(Collections.unmodifiableMap(map));
        }
        return new Entries(List.copyOf(keys), List.copyOf(values));
    }

    /// Always the same.
    record Constant(@Nullable Object value) implements TreeTemplate {
        @Override
        public @Nullable Object render(Scope scope) {
            return value;
        }
    }

    /// One template.
    record Value(Template template) implements TreeTemplate {
        @Override
        public @Nullable Object render(Scope scope) {
            return template.render(scope);
        }
    }

    /// A list with a template somewhere in it.
    record Items(List<TreeTemplate> items) implements TreeTemplate {
        @Override
        public Object render(Scope scope) {
            List<@Nullable Object> list = new ArrayList<>(items.size());
            for (TreeTemplate item : items) {
                list.add(item.render(scope));
            }
            return list;
        }
    }

    /// A map with a template somewhere in it.
    record Entries(List<Template> keys, List<TreeTemplate> values) implements TreeTemplate {
        @Override
        public Object render(Scope scope) {
            Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                map.put(keys.get(i).renderText(scope), values.get(i).render(scope));
            }
            return map;
        }
    }
}
