package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Which steps' observations later expressions may read as `steps.<name>`. Only these are kept in
/// memory. Told by the texts of the scenario: a text that speaks of `steps` and holds the name. It also knows the names
/// that are given anywhere in the scenario.
public final class KeptSteps {

    private static final String STEPS = "steps";

    /// Reads a step whose name is known only when it runs.
    private static final Pattern COMPUTED = Pattern.compile("steps\\s*\\[\\s*[^'\"\\s]");

    private final List<String> texts = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    public KeptSteps(YamlNode scenario) {
        gather(scenario);
    }

    public boolean keeps(String name) {
        return texts.stream()
                .anyMatch(text -> text.contains(name) || COMPUTED.matcher(text).find());
    }

    /// Whether a step says that this is its name, so that one without a name must have another.
    public boolean isNamed(String name) {
        return names.contains(name);
    }

    private void gather(YamlNode node) {
        switch (node) {
            case ScalarNode scalar -> {
                if (scalar.text().contains(STEPS)) {
                    texts.add(scalar.text());
                }
            }
            case SequenceNode sequence -> sequence.items().forEach(this::gather);
            case MappingNode mapping -> {
                if (mapping.get("name") instanceof ScalarNode name) {
                    names.add(name.text());
                }
                mapping.entries().forEach(entry -> gather(entry.value()));
            }
        }
    }
}
