package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/// Which steps' observations later expressions may read as `steps.<name>`. Only these are kept in
/// memory. Told by the texts of the scenario: a text that speaks of `steps` and holds the name.
final class KeptSteps {

    private static final String STEPS = "steps";

    private final List<String> texts = new ArrayList<>();

    KeptSteps(YamlNode scenario) {
        gather(scenario);
    }

    boolean keeps(String name) {
        return texts.stream()
                .anyMatch(text -> text.contains(name) || text.matches("(?s).*steps\\s*\\[\\s*[^'\"\\s].*"));
    }

    private void gather(YamlNode node) {
        switch (node) {
            case ScalarNode scalar -> {
                if (scalar.text().contains(STEPS)) {
                    texts.add(scalar.text());
                }
            }
            case SequenceNode sequence -> sequence.items().forEach(this::gather);
            case MappingNode mapping -> mapping.entries().forEach(entry -> gather(entry.value()));
        }
    }
}
