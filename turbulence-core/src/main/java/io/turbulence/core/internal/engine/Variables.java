package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.observation.ObservationView;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the steps of one instance have left for later ones. A branch of a `parallel` step has its own
/// that reads through to its parent's and is merged into it when all branches have ended.
final class Variables {

    private final @Nullable Variables parent;
    private final @Nullable Object entry;
    private final @Nullable Object data;
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final Map<String, ObservationView> steps = new HashMap<>();
    private @Nullable ObservationView last;

    private Variables(@Nullable Variables parent, @Nullable Object entry, @Nullable Object data) {
        this.parent = parent;
        this.entry = entry;
        this.data = data;
    }

    static Variables root(@Nullable Object entry, @Nullable Object data) {
        return new Variables(null, entry, data);
    }

    Variables branch() {
        return new Variables(this, entry, data);
    }

    /// Takes over what a finished branch has left.
    void merge(Variables branch) {
        values.putAll(branch.values);
        steps.putAll(branch.steps);
        if (branch.last != null) {
            last = branch.last;
        }
    }

    @Nullable
    Object entry() {
        return entry;
    }

    @Nullable
    Object data() {
        return data;
    }

    boolean has(String name) {
        return values.containsKey(name) || (parent != null && parent.has(name));
    }

    @Nullable
    Object get(String name) {
        Object value = values.get(name);
        return value == null && parent != null && !values.containsKey(name) ? parent.get(name) : value;
    }

    void set(String name, @Nullable Object value) {
        values.put(name, value);
    }

    /// What was set here, in order.
    Map<String, @Nullable Object> values() {
        return values;
    }

    void remove(String name) {
        values.remove(name);
    }

    void keep(String step, ObservationView observation) {
        steps.put(step, observation);
    }

    void last(ObservationView observation) {
        last = observation;
    }

    @Nullable
    ObservationView last() {
        return last == null && parent != null ? parent.last() : last;
    }

    Map<String, ObservationView> steps() {
        if (parent == null) {
            return steps;
        }
        Map<String, ObservationView> all = new HashMap<>(parent.steps());
        all.putAll(steps);
        return all;
    }

    Collection<String> names() {
        Collection<String> names = new TreeSet<>(values.keySet());
        if (parent != null) {
            names.addAll(parent.names());
        }
        return names;
    }
}
