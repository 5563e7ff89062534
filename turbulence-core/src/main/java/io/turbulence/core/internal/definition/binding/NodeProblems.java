package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.ProblemPath;
import io.turbulence.core.internal.definition.problem.Severity;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.spi.Problems;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gives problems that a plugin finds by key their place in the file.
record NodeProblems(SettingsType<?> type, MappingNode node, BindingContext context) implements Problems {

    private static final Pattern PART = Pattern.compile("\\['([^']*)'\\]|\\[(\\d{1,9})\\]|([^.\\[\\]]+)|\\.");

    @Override
    public void error(String key, String found, String expected, @Nullable String hint) {
        add(Severity.ERROR, key, found, expected, hint);
    }

    @Override
    public void warning(String key, String found, @Nullable String hint) {
        add(Severity.WARNING, key, found, "", hint);
    }

    private void add(Severity severity, String key, String found, String expected, @Nullable String hint) {
        Place place = locate(key);
        context.problems()
                .add(new Problem(severity, Codes.PLUGIN_CHECK, place.location(), place.path(), found, expected, hint));
    }

    /// Goes as deep as the file does; the path is whole all the same.
    Place locate(String key) {
        Location location = node.location();
        String path = context.path();
        YamlNode at = node;
        Matcher part = PART.matcher(key);
        while (part.find()) {
            if (part.group(2) != null) {
                int index = Integer.parseInt(part.group(2));
                path = ProblemPath.index(path, index);
                at = at instanceof SequenceNode list && index < list.items().size()
                        ? list.items().get(index)
                        : null;
            } else if (!part.group().equals(".")) {
                String name = part.group(1) == null ? part.group(3) : part.group(1);
                String written = at == node ? writtenKey(name) : name;
                path = ProblemPath.key(path, written);
                at = at instanceof MappingNode mapping ? mapping.get(written) : null;
            }
            location = at == null ? location : at.location();
            at = at == null ? ScalarNode.of(location, null) : at;
        }
        return new Place(location, path);
    }

    private String writtenKey(String name) {
        SettingsType.Named named = type.lookup(name);
        if (named == null) {
            return name;
        }
        return named.component().keys().stream().filter(node::has).findFirst().orElse(name);
    }

    record Place(Location location, String path) {}
}
