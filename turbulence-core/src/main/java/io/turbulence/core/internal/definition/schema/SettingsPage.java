package io.turbulence.core.internal.definition.schema;

import io.turbulence.core.internal.definition.binding.Range;
import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.ValueType;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a person reads about the settings of an action or a service: plain text, for a terminal.
public final class SettingsPage {

    private static final int WIDTH = 100;
    private static final String INDENT = "  ";

    private final StringBuilder page = new StringBuilder();
    private final Set<SettingsType<?>> open = new HashSet<>();

    private SettingsPage() {}

    /// The page of an action's settings.
    public static String of(ProtocolAction<?, ?> action) {
        return new SettingsPage()
                .write(
                        action.type(),
                        "A step of this type has the settings below, beside the keys that every step may have.",
                        SettingsType.of(action.settings()));
    }

    /// The page of a service's settings.
    public static String of(ServiceType<?> service) {
        return new SettingsPage()
                .write(
                        service.protocol(),
                        "A service of this protocol has the settings below, beside 'protocol', 'pool' and 'timeout'.",
                        SettingsType.of(service.settings()));
    }

    private String write(String title, String introduction, SettingsType<?> type) {
        line("", title);
        line("", "");
        wrapped("", introduction);
        settings("", type);
        return page.toString();
    }

    private void settings(String indent, SettingsType<?> type) {
        open.add(type);
        for (OneOf group : type.groups()) {
            line("", "");
            wrapped(
                    indent,
                    (group.required() ? "Exactly one of: " : "At most one of: ") + String.join(", ", group.value())
                            + ".");
        }
        for (SettingComponent component : type.components()) {
            setting(indent, component);
        }
        open.remove(type);
    }

    private void setting(String indent, SettingComponent component) {
        line("", "");
        line(indent, component.key() + "  (" + kind(component) + ")");
        String inner = indent + INDENT + INDENT;
        if (!component.documentation().isEmpty()) {
            wrapped(inner, component.documentation());
        }
        List<String> facts = facts(component);
        if (!facts.isEmpty()) {
            wrapped(inner, String.join(". ", facts) + ".");
        }
        if (!component.example().isEmpty()) {
            line(inner, "Example: " + component.key() + ": " + component.example());
        }
        SettingsType<?> nested = nested(component.type());
        if (nested != null && !open.contains(nested)) {
            settings(inner, nested);
        }
    }

    private static @Nullable SettingsType<?> nested(ValueType type) {
        return switch (type) {
            case ValueType.RecordType record -> record.settings();
            case ValueType.ListType list -> nested(list.item());
            case ValueType.MapType map -> nested(map.value());
            default -> null;
        };
    }

    private static String kind(SettingComponent component) {
        String kind = kind(component.type());
        if (component.required()) {
            return kind + (component.inherits().isEmpty() ? ", required" : ", required unless inherited");
        }
        return component.defaultText().isEmpty() ? kind : kind + ", default " + component.defaultText();
    }

    private static String kind(ValueType type) {
        return switch (type) {
            case ValueType.TextType ignored -> "text";
            case ValueType.BooleanType ignored -> "true or false";
            case ValueType.NumberType number -> number.isWhole() ? "whole number" : "number";
            case ValueType.EnumType names -> String.join(" | ", names.values().keySet());
            case ValueType.DurationType ignored -> "duration";
            case ValueType.SizeType ignored -> "size";
            case ValueType.PathType ignored -> "file";
            case ValueType.TreeType ignored -> "any value";
            case ValueType.NodeType ignored -> "any value";
            case ValueType.MatcherType ignored -> "expectation";
            case ValueType.ListType list -> "list of " + kind(list.item());
            case ValueType.MapType map -> "mapping to " + kind(map.value());
            case ValueType.RecordType ignored -> "mapping";
        };
    }

    private static List<String> facts(SettingComponent component) {
        List<String> facts = new ArrayList<>();
        if (!component.aliases().isEmpty()) {
            facts.add("Other names: " + String.join(", ", component.aliases()));
        }
        Range range = component.range();
        if (range != null) {
            facts.add("Allowed: " + range.description(unit(component.type())));
        }
        if (!component.inherits().isEmpty()) {
            facts.add("Inherits: "
                    + String.join(
                            ", then ",
                            component.inherits().stream()
                                    .map(name -> name.startsWith("^")
                                            ? name.substring(1) + " of the system"
                                            : name + " of the service")
                                    .toList()));
        }
        if (component.secret()) {
            facts.add("Never shown");
        }
        if (component.templates() == Setting.Templates.LOAD) {
            facts.add("Templates: only what is known when the file is loaded");
        } else if (component.templates() == Setting.Templates.FORBIDDEN) {
            facts.add("Templates: none");
        }
        return facts;
    }

    private static String unit(ValueType type) {
        return switch (type) {
            case ValueType.DurationType ignored -> " seconds";
            case ValueType.SizeType ignored -> " bytes";
            case ValueType.TextType ignored -> " characters";
            default -> "";
        };
    }

    private void wrapped(String indent, String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && indent.length() + line.length() + 1 + word.length() > WIDTH) {
                line(indent, line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        line(indent, line.toString());
    }

    private void line(String indent, String text) {
        page.append(text.isEmpty() ? "" : indent).append(text).append('\n');
    }
}
