package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which names may be defined at a place of a flow, for the check of undefined ones. A name counts as
/// soon as some path leads through a step that sets it: what is refused is undefined on every path.
/// For one thread.
final class NameFlow {

    static final Set<String> ALWAYS =
            Set.of("run_id", "instance_id", "instance", "correlation_id", "entry", "run", "steps", "env");
    static final Set<String> OF_OBSERVATIONS = Set.of("last", "payload", "metadata", "last_response");
    private static final String DATA = "data";
    private static final String VALUE = "value";

    private final Compilation compilation;
    private final Set<String> shorthands;
    private final @Nullable Set<String> columns;
    private final Set<String> names;
    private final Set<String> steps;
    private final Notes notes;
    private boolean observed;

    /// What is gathered over a whole scenario.
    ///
    /// @param setters the step that extracts a name, wherever it stands
    private record Notes(Set<String> read, Map<String, Extracted> extracted, Map<String, Setters> setters) {}

    /// The steps that extract a name.
    ///
    /// @param first  how the first one is called in messages
    /// @param named  the names of those that have one
    private record Setters(String first, Set<String> named) {}

    private record Extracted(Location location, String path) {}

    private NameFlow(
            Compilation compilation,
            Set<String> shorthands,
            @Nullable Set<String> columns,
            Set<String> names,
            Set<String> steps,
            Notes notes,
            boolean observed) {
        this.notes = notes;
        this.compilation = compilation;
        this.shorthands = shorthands;
        this.columns = columns;
        this.names = names;
        this.steps = steps;
        this.observed = observed;
    }

    /// @param columns the names of each row of data; none when they are not known, null when there is no data
    /// @param all     the steps that there are
    static NameFlow start(
            Compilation compilation,
            Set<String> shorthands,
            @Nullable Set<String> columns,
            Collection<? extends YamlNode> all) {
        Map<String, Setters> setters = new HashMap<>();
        all.forEach(node -> noteSetters(node, setters));
        return new NameFlow(
                compilation,
                shorthands,
                columns,
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new Notes(new HashSet<>(), new LinkedHashMap<>(), setters),
                false);
    }

    private static void noteSetters(YamlNode node, Map<String, Setters> setters) {
        if (node instanceof SequenceNode list) {
            list.items().forEach(item -> noteSetters(item, setters));
        } else if (node instanceof MappingNode mapping) {
            if (mapping.get("extract") instanceof MappingNode extract) {
                String name = mapping.get("name") instanceof ScalarNode given ? given.text() : null;
                String label =
                        name == null ? "the step in line " + mapping.location().line() : "step '" + name + "'";
                for (String key : extract.keys()) {
                    Setters known = setters.computeIfAbsent(key, unknown -> new Setters(label, new HashSet<>()));
                    if (name != null) {
                        known.named().add(name);
                    }
                }
            }
            mapping.entries().forEach(entry -> noteSetters(entry.value(), setters));
        }
    }

    /// For a branch that does not see what its neighbours set.
    NameFlow branch() {
        return new NameFlow(
                compilation,
                shorthands,
                columns,
                new LinkedHashSet<>(names),
                new LinkedHashSet<>(steps),
                notes,
                observed);
    }

    void merge(NameFlow branch) {
        names.addAll(branch.names);
        steps.addAll(branch.steps);
        observed |= branch.observed;
    }

    void define(String name) {
        names.add(name);
    }

    void define(Collection<String> several) {
        names.addAll(several);
    }

    void undefine(String name) {
        names.remove(name);
    }

    boolean isDefined(String name) {
        return names.contains(name);
    }

    /// The names that are defined here.
    Set<String> defined() {
        return new TreeSet<>(names);
    }

    /// Notes where a name is extracted.
    void extracted(MappingNode.Entry entry, String path) {
        notes.extracted().putIfAbsent(entry.key(), new Extracted(entry.keyLocation(), path));
    }

    /// Warns of what was extracted and never read; at the end of a scenario that returns nothing to others.
    void warnOfUnused() {
        notes.extracted().forEach((name, place) -> {
            if (!notes.read().contains(name)) {
                compilation
                        .problems()
                        .warning(
                                Codes.UNUSED,
                                place.location(),
                                place.path(),
                                "'" + name + "' is extracted but never read",
                                null);
            }
        });
    }

    void step(String name) {
        steps.add(name);
    }

    void observe() {
        observed = true;
    }

    /// All names that a user's extraction may not hide.
    Set<String> reserved() {
        Set<String> reserved = new TreeSet<>(ALWAYS);
        reserved.addAll(OF_OBSERVATIONS);
        reserved.addAll(shorthands);
        reserved.add(DATA);
        reserved.add(VALUE);
        return reserved;
    }

    /// Reports the names among these uses that nothing can have defined.
    ///
    /// @param own     whether all uses see the step's own observation; what is evaluated on its messages does anyway
    /// @param extra   names known here alone, such as those of a loop
    void check(List<Compilation.Use> uses, boolean own, Set<String> extra) {
        for (Compilation.Use use : uses) {
            notes.read().add(use.reference().root());
            if (!use.reference().optional() && !extra.contains(use.reference().root())) {
                check(use, own || use.ofMessage());
            }
        }
    }

    /// The names of the steps whose answers these uses refer to, by what was extracted from them or directly.
    Set<String> origins(List<Compilation.Use> uses) {
        Set<String> origins = new HashSet<>();
        for (Compilation.Use use : uses) {
            List<String> path = use.reference().path();
            Setters setters = notes.setters().get(use.reference().root());
            if (setters != null) {
                origins.addAll(setters.named());
            } else if (use.reference().root().equals("steps") && path.size() > 1) {
                origins.add(path.get(1));
            }
        }
        return Set.copyOf(origins);
    }

    private void check(Compilation.Use use, boolean own) {
        Reference reference = use.reference();
        String root = reference.root();
        if (root.equals("steps")) {
            checkStep(use);
            return;
        }
        if (ALWAYS.contains(root) || names.contains(root) || (own && root.equals(VALUE))) {
            return;
        }
        if (root.equals(DATA)) {
            checkData(use);
            return;
        }
        if (OF_OBSERVATIONS.contains(root) || shorthands.contains(root)) {
            if (!observed && !own) {
                undefined(
                        use, "'" + root + "', but no step before it speaks to a service", "an action before it", null);
            }
            return;
        }
        Set<String> known = new TreeSet<>(names);
        known.addAll(ALWAYS);
        if (observed) {
            known.addAll(OF_OBSERVATIONS);
            known.addAll(shorthands);
        }
        Setters setters = notes.setters().get(root);
        if (setters != null) {
            undefined(
                    use,
                    "'" + root + "', which only " + setters.first() + " extracts",
                    "a name that a step before it extracts",
                    null);
            return;
        }
        String hint = reference.hint() == null ? Nearest.hint(root, known).orElse(null) : reference.hint();
        undefined(use, "undefined name '" + root + "'", "one of " + String.join(", ", known), hint);
    }

    private void checkData(Compilation.Use use) {
        if (columns == null) {
            undefined(use, "'data', but the scenario has no feeder", "a scenario with a 'data' block", null);
            return;
        }
        List<String> path = use.reference().path();
        if (path.size() > 1 && !columns.isEmpty() && !columns.contains(path.get(1))) {
            undefined(
                    use,
                    "'data." + path.get(1) + "', which no row of the data has",
                    "one of " + String.join(", ", columns),
                    Nearest.hint(path.get(1), columns).orElse(null));
        }
    }

    private void checkStep(Compilation.Use use) {
        List<String> path = use.reference().path();
        if (path.size() < 2 || steps.contains(path.get(1))) {
            return;
        }
        undefined(
                use,
                "step '" + path.get(1) + "', which does not run before this one",
                steps.isEmpty() ? "a step before it" : "one of " + String.join(", ", steps),
                Nearest.hint(path.get(1), steps).orElse(null));
    }

    private void undefined(Compilation.Use use, String found, String expected, @Nullable String hint) {
        // A template without quotes is told already, and may have been meant as a mapping
        if (compilation.problems().has(Codes.SYNTAX, use.location())) {
            return;
        }
        compilation.problems().error(Codes.UNDEFINED, use.location(), use.path(), found, expected, hint);
    }
}
