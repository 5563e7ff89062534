package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the values of a step's settings come from when they stand outside the step.
///
/// @param system      the top level of the system file
/// @param service     the settings of the step's service
/// @param serviceType what they are, so that other names of a key are found too
public record Inheritance(
        @Nullable MappingNode system,
        @Nullable MappingNode service,
        @Nullable SettingsType<?> serviceType) {

    public static final Inheritance NONE = new Inheritance(null, null, null);

    private static final String TOP_LEVEL = "^";

    /// The value that a name of `@Setting(inherits)` stands for.
    Optional<YamlNode> find(String name) {
        Optional<YamlNode> found = name.startsWith(TOP_LEVEL)
                ? Optional.ofNullable(system).map(top -> top.get(name.substring(TOP_LEVEL.length())))
                : Optional.ofNullable(service).map(block -> inService(block, name));
        return found.filter(node -> !(node instanceof ScalarNode scalar && scalar.isNull()));
    }

    private @Nullable YamlNode inService(MappingNode block, String name) {
        SettingsType.Named named = serviceType == null ? null : serviceType.lookup(name);
        if (named == null) {
            return block.get(name);
        }
        for (String key : named.component().keys()) {
            if (block.has(key)) {
                return block.get(key);
            }
        }
        return null;
    }
}
