package io.turbulence.core;

import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The profiles of a system file.
///
/// @param defaultName the one that is used when none is chosen; null for none
public record SystemProfiles(List<String> names, @Nullable String defaultName) {

    public SystemProfiles {
        names = List.copyOf(names);
    }

    /// @throws DefinitionException when the file is no YAML
    public static SystemProfiles read(Path file) {
        Problems problems = new Problems();
        Optional<MappingNode> root = new YamlReader(problems).readMapping(file);
        try {
            problems.throwIfErrors();
        } catch (InvalidDefinitionException e) {
            throw new DefinitionException(e);
        }
        List<String> names = root.map(node -> node.get("profiles") instanceof MappingNode profiles
                        ? List.copyOf(profiles.keys())
                        : List.<String>of())
                .orElse(List.of());
        String defaultName = root.isPresent() && root.get().get("default_profile") instanceof ScalarNode scalar
                ? scalar.text()
                : null;
        return new SystemProfiles(names, defaultName);
    }
}
