package io.turbulence.core.internal.definition.model;

import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A system file with its profile applied.
///
/// @param profile  the profile that was applied; null for none
/// @param profiles the names of all profiles
/// @param services by name, in the file's order
/// @param root     the whole file, for keys at its top level that plugins read
public record SystemFile(
        Path file,
        @Nullable String name,
        @Nullable String profile,
        List<String> profiles,
        Map<String, Service> services,
        List<Launch> launches,
        List<YamlNode> beforeRun,
        List<YamlNode> afterRun,
        MappingNode root) {

    /// A block under `services`.
    ///
    /// @param protocol as written or implied by a key; empty when it could not be told, which is then a problem
    /// @param settings what is left for the plugin
    /// @param timeout  the default timeout of steps that use it
    public record Service(
            String name,
            Location location,
            String path,
            String protocol,
            MappingNode settings,
            @Nullable MappingNode pool,
            Optional<Duration> timeout) {}

    /// A program that is started for the run.
    ///
    /// @param node what stands there, for the launcher to read
    public record Launch(String name, String path, MappingNode node) {}
}
