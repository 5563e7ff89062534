package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keys and their values, in the order of the file. A key stands once.
public final class MappingNode implements YamlNode {

    private final Location location;
    private final Map<String, Entry> entries;

    private MappingNode(Location location, Map<String, Entry> entries) {
        this.location = location;
        this.entries = Collections.unmodifiableMap(entries);
    }

    /// Of several entries with one key the first stays.
    public static MappingNode of(Location location, Collection<Entry> entries) {
        Map<String, Entry> byKey = new LinkedHashMap<>();
        entries.forEach(entry -> byKey.putIfAbsent(entry.key(), entry));
        return new MappingNode(location, byKey);
    }

    public static MappingNode empty(Location location) {
        return new MappingNode(location, Map.of());
    }

    @Override
    public Location location() {
        return location;
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public Set<String> keys() {
        return entries.keySet();
    }

    public @Nullable Entry entry(String key) {
        return entries.get(key);
    }

    /// The value of a key; null when the key is not there.
    public @Nullable YamlNode get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /// The same without some keys.
    public MappingNode without(Set<String> keys) {
        return filtered(entry -> !keys.contains(entry.key()));
    }

    /// The same with those entries only that pass.
    public MappingNode filtered(Predicate<Entry> passes) {
        List<Entry> kept = entries.values().stream().filter(passes).toList();
        return kept.size() == entries.size() ? this : of(location, kept);
    }

    /// The same with one more entry, in place of one with its key.
    public MappingNode with(Entry entry) {
        Map<String, Entry> changed = new LinkedHashMap<>(entries);
        changed.put(entry.key(), entry);
        return new MappingNode(location, changed);
    }

    /// This mapping changed by another, as a profile changes a system: mappings merge, anything else replaces, null
    /// removes. Each value keeps its place.
    public MappingNode overlaidWith(MappingNode overlay) {
        Map<String, Entry> merged = new LinkedHashMap<>(entries);
        for (Entry change : overlay.entries()) {
            Entry base = merged.get(change.key());
            if (change.value() instanceof ScalarNode scalar && scalar.isNull()) {
                merged.remove(change.key());
            } else if (change.value() instanceof MappingNode changes) {
                MappingNode changed = base != null && base.value() instanceof MappingNode mapping
                        ? mapping
                        : empty(changes.location());
                merged.put(change.key(), new Entry(change.key(), change.keyLocation(), changed.overlaidWith(changes)));
            } else {
                merged.put(change.key(), change);
            }
        }
        return new MappingNode(location, merged);
    }

    @Override
    public Map<String, @Nullable Object> toTree() {
        Map<String, @Nullable Object> tree = LinkedHashMap.newLinkedHashMap(entries.size());
        entries.forEach((key, entry) -> tree.put(key, entry.value().toTree()));
        return Collections.unmodifiableMap(tree);
    }

    @Override
    public String description() {
        return "a mapping";
    }

    @Override
    public String toString() {
        return location + " " + entries.keySet();
    }

    /// A key with its value.
    public record Entry(String key, Location keyLocation, YamlNode value) {}
}
