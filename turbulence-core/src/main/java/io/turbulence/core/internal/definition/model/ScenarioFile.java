package io.turbulence.core.internal.definition.model;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A scenario file, read but not compiled.
///
/// @param entry what stands under `entry`
/// @param root  the whole file
public record ScenarioFile(
        Path file,
        String sha256,
        String id,
        String description,
        Set<String> tags,
        double weight,
        boolean callable,
        Optional<MappingNode> entry,
        Optional<MappingNode> data,
        List<YamlNode> flow,
        List<YamlNode> assertions,
        List<YamlNode> cleanup,
        boolean stopsOnAction,
        boolean stopsOnAssertion,
        int maxSteps,
        Optional<MappingNode> load,
        List<YamlNode> thresholds,
        MappingNode root) {}
