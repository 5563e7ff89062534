package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list.
public record SequenceNode(Location location, List<YamlNode> items) implements YamlNode {

    public SequenceNode {
        items = List.copyOf(items);
    }

    @Override
    public List<@Nullable Object> toTree() {
        List<@Nullable Object> tree = new ArrayList<>(items.size());
        items.forEach(item -> tree.add(item.toTree()));
        return Collections.unmodifiableList(tree);
    }

    @Override
    public String description() {
        return "a list";
    }
}
