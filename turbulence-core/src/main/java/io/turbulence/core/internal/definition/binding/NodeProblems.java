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
    public void errorAtKey(String key, String found, String expected, @Nullable String hint) {
        Place place = locate(key);
        add(Severity.ERROR, place.key(), place.path(), found, expected, hint);
    }

    @Override
    public void warning(String key, String found, @Nullable String hint) {
        add(Severity.WARNING, key, found, "", hint);
    }

    private void add(Severity severity, String key, String found, String expected, @Nullable String hint) {
        Place place = locate(key);
        add(severity, place.location(), place.path(), found, expected, hint);
    }

    private void add(
            Severity severity, Location location, String path, String found, String expected, @Nullable String hint) {
        context.problems().add(new Problem(severity, Codes.PLUGIN_CHECK, location, path, found, expected, hint));
    }

    /// Goes as deep as the file does; the path is whole all the same.
    Place locate(String key) {
        Location location = node.location();
        Location ofKey = location;
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
                ofKey = at == null ? location : at.location();
            } else if (!part.group().equals(".")) {
                String name = part.group(1) == null ? part.group(3) : part.group(1);
                String written = at == node ? writtenKey(name) : name;
                path = ProblemPath.key(path, written);
                MappingNode.Entry entry = at instanceof MappingNode mapping ? mapping.entry(written) : null;
                at = entry == null ? null : entry.value();
                ofKey = entry == null ? location : entry.keyLocation();
            }
            location = at == null ? location : at.location();
            at = at == null ? ScalarNode.of(location, null) : at;
        }
        return new Place(location, ofKey, path);
    }

    private String writtenKey(String name) {
        SettingsType.Named named = type.lookup(name);
        if (named == null) {
            return name;
        }
        return named.component().keys().stream().filter(node::has).findFirst().orElse(name);
    }

    /// @param key of the key itself; of the value where it has none
    record Place(Location location, Location key, String path) {}
}
