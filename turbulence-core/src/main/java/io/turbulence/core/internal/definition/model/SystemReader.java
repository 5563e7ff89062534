package io.turbulence.core.internal.definition.model;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a system file and applies a profile. For one thread.
public final class SystemReader {

    private static final String PROFILES = "profiles";

    private final Compilation compilation;
    private final Map<String, String> protocolsByKey;
    private final Set<String> protocols;
    private final Set<String> pluginKeys;

    /// @param protocols      the protocols that plugins serve
    /// @param protocolsByKey the protocol that a service without `protocol` has, by a key in its block
    /// @param pluginKeys     keys at the top level that plugins read
    public SystemReader(
            Compilation compilation,
            Set<String> protocols,
            Map<String, String> protocolsByKey,
            Set<String> pluginKeys) {
        this.compilation = compilation;
        this.protocols = protocols;
        this.protocolsByKey = protocolsByKey;
        this.pluginKeys = pluginKeys;
    }

    /// Empty when nothing can be made of the file; what is wrong is among the problems.
    public Optional<SystemFile> read(Path file, @Nullable String profile) {
        Optional<MappingNode> read = new YamlReader(compilation.problems()).readMapping(file);
        if (read.isPresent() && read.get().has("flow") && !read.get().has("services")) {
            compilation
                    .problems()
                    .error(
                            Codes.FILE,
                            read.get().location(),
                            "",
                            "a scenario, for it has a 'flow' and no 'services'",
                            "the system file",
                            "Name the system file first and scenarios after it.");
            return Optional.empty();
        }
        return read.map(root -> system(file, root, profile));
    }

    /// As the other, of one that a program built.
    public SystemFile read(MappingNode root, @Nullable String profile) {
        return system(root.location().file(), root, profile);
    }

    private SystemFile system(Path file, MappingNode raw, @Nullable String wanted) {
        Map<String, MappingNode> profiles = profiles(raw);
        String chosen = wanted != null ? wanted : defaultProfile(raw);
        MappingNode root = raw.without(Set.of(PROFILES));
        if (chosen != null) {
            MappingNode overrides = profiles.get(chosen);
            if (overrides == null) {
                unknownProfile(raw, chosen, profiles.keySet(), wanted != null);
            } else {
                root = root.overlaidWith(overrides);
            }
        }
        Fields fields = new Fields(root, "", compilation);
        fields.allow(pluginKeys);
        fields.allow(Set.of("default_profile", "version"));
        SystemFile system = new SystemFile(
                file,
                fields.text("name").orElse(null),
                chosen,
                List.copyOf(profiles.keySet()),
                services(fields),
                launches(fields),
                fields.list("before_run"),
                fields.list("after_run"),
                root);
        fields.refuseOthers();
        return system;
    }

    private Map<String, MappingNode> profiles(MappingNode raw) {
        Map<String, MappingNode> profiles = new LinkedHashMap<>();
        new Fields(raw, "", compilation).mapping(PROFILES).ifPresent(all -> {
            for (MappingNode.Entry entry : all.entries()) {
                if (entry.value() instanceof MappingNode overrides) {
                    profiles.put(entry.key(), overrides);
                } else if (entry.value() instanceof ScalarNode scalar && scalar.isNull()) {
                    profiles.put(entry.key(), MappingNode.empty(scalar.location()));
                } else {
                    compilation
                            .problems()
                            .error(
                                    Codes.TYPE,
                                    entry.value().location(),
                                    PROFILES + "." + entry.key(),
                                    entry.value().description(),
                                    "a mapping of overrides",
                                    null);
                }
            }
        });
        return profiles;
    }

    private @Nullable String defaultProfile(MappingNode raw) {
        return new Fields(raw, "", compilation).text("default_profile").orElse(null);
    }

    private void unknownProfile(MappingNode raw, String name, Set<String> known, boolean asked) {
        YamlNode node = raw.get("default_profile");
        Location location = asked || node == null ? raw.location() : node.location();
        compilation
                .problems()
                .error(
                        Codes.VALUE,
                        location,
                        asked ? PROFILES : "default_profile",
                        "unknown profile '" + name + "'",
                        known.isEmpty() ? "none: the file has no profiles" : "one of " + String.join(", ", known),
                        Nearest.hint(name, known).orElse(null));
    }

    private Map<String, SystemFile.Service> services(Fields fields) {
        Map<String, SystemFile.Service> services = new LinkedHashMap<>();
        fields.mapping("services").ifPresent(all -> {
            for (MappingNode.Entry entry : all.entries()) {
                String path = "services." + entry.key();
                if (entry.value() instanceof MappingNode block) {
                    services.put(entry.key(), service(entry.key(), block, path));
                } else {
                    compilation
                            .problems()
                            .error(
                                    Codes.TYPE,
                                    entry.value().location(),
                                    path,
                                    entry.value().description(),
                                    "a mapping with the service's settings",
                                    null);
                }
            }
        });
        return services;
    }

    private SystemFile.Service service(String name, MappingNode block, String path) {
        Fields fields = new Fields(block, path, compilation);
        String protocol = protocol(fields, block, path);
        MappingNode settings = flattened(block, protocol, path);
        Fields inner = new Fields(settings, path, compilation);
        return new SystemFile.Service(
                name,
                block.location(),
                path,
                protocol,
                settings.without(Set.of("protocol", "pool", "timeout", "timeout_seconds")),
                inner.mapping("pool").orElse(null),
                inner.durationOf("timeout", "timeout_seconds"));
    }

    private String protocol(Fields fields, MappingNode block, String path) {
        Optional<String> written = fields.text("protocol");
        if (written.isPresent()) {
            if (!protocols.contains(written.get())) {
                compilation
                        .problems()
                        .error(
                                Codes.UNKNOWN_PROTOCOL,
                                fields.node("protocol").orElseThrow().location(),
                                path + ".protocol",
                                "unknown protocol '" + written.get() + "'",
                                "one of " + String.join(", ", protocols) + ", the protocols of the plugins found",
                                Nearest.hint(written.get(), protocols)
                                        .orElse("Add the module that brings it as a dependency or to the plugins"
                                                + " folder."));
                return "";
            }
            return written.get();
        }
        Set<String> implied = new LinkedHashSet<>();
        protocolsByKey.forEach((key, protocol) -> {
            if (block.has(key)) {
                implied.add(protocol);
            }
        });
        for (String protocol : protocols) {
            if (block.get(protocol) instanceof MappingNode) {
                implied.add(protocol);
            }
        }
        if (implied.size() == 1) {
            return implied.iterator().next();
        }
        fields.missing("protocol", "one of " + String.join(", ", protocols), null);
        return "";
    }

    /// A service's settings may stand one level down under its protocol's name.
    private MappingNode flattened(MappingNode block, String protocol, String path) {
        if (protocol.isEmpty() || !(block.get(protocol) instanceof MappingNode nested)) {
            return block;
        }
        MappingNode flat = block.without(Set.of(protocol));
        for (MappingNode.Entry entry : nested.entries()) {
            if (flat.has(entry.key())) {
                compilation
                        .problems()
                        .error(
                                Codes.CONFLICT,
                                entry.keyLocation(),
                                path + "." + protocol + "." + entry.key(),
                                "'" + entry.key() + "' in the service and under '" + protocol + "'",
                                "only one of them",
                                null);
            } else {
                flat = flat.with(entry);
            }
        }
        return flat;
    }

    private List<SystemFile.Launch> launches(Fields fields) {
        List<SystemFile.Launch> launches = new ArrayList<>();
        List<YamlNode> nodes = fields.list("launch");
        for (int i = 0; i < nodes.size(); i++) {
            String path = "launch[" + i + "]";
            if (!(nodes.get(i) instanceof MappingNode node)) {
                fields.wrongType(nodes.get(i), path, "a mapping with name and command");
                continue;
            }
            Fields launch = new Fields(node, path, compilation);
            String name = launch.text("name").orElse("launch_" + (i + 1));
            launches.add(new SystemFile.Launch(name, path, node));
        }
        return launches;
    }
}
