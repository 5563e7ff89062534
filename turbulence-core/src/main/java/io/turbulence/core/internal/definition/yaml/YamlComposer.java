package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Makes the nodes of one file from the parser's events. Used once.
///
/// The parser's own composer stops at the first duplicate key and knows neither merge keys nor bounds, so the
/// events are composed here.
final class YamlComposer {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 500_000;
    private static final String MERGE = "<<";

    private final Path file;
    private final String text;
    /// Whether code points and chars are the same, as in nearly all files.
    private final boolean plain;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    /// Templates without quotes, by place. Told last: the parser may stumble over what follows one, and says it better.
    private final Map<Location, String> templates = new LinkedHashMap<>();
    private int depth;
    private int nodes;

    YamlComposer(Path file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.plain = text.codePointCount(0, text.length()) == text.length();
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    Optional<YamlNode> compose() {
        try {
            return document();
        } catch (YamlEngineException e) {
            SyntaxProblem problem = SyntaxProblem.of(e, file, text);
            templates.remove(problem.location());
            problem.report(problems);
        } catch (Abandoned e) {
            problems.error(Codes.SYNTAX, e.location, "", e.found, e.expected, e.hint);
        } finally {
            templates.forEach((location, value) -> UnquotedTemplate.report(problems, location, value));
        }
        return Optional.empty();
    }

    private Optional<YamlNode> document() {
        events.next();
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            problems.error(Codes.SYNTAX, new Location(file, 1, 1), "", "nothing in the file", "a mapping", null);
            return Optional.empty();
        }
        YamlNode root = node(events.next());
        events.next();
        Event next = events.next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            problems.error(
                    Codes.SYNTAX,
                    location(next.getStartMark()),
                    "",
                    "a second document",
                    "one document in a file",
                    "Take the '---' away, or move what follows into a file of its own.");
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event) {
        Location location = location(event.getStartMark());
        if (++nodes > MAX_NODES) {
            throw new Abandoned(location, "more than 500,000 values", "at most 500,000", null);
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias, location);
        }
        if (++depth > MAX_DEPTH) {
            throw new Abandoned(location, "values nested 101 deep", "at most 100", null);
        }
        Anchor anchor = event instanceof NodeEvent named ? named.getAnchor().orElse(null) : null;
        if (anchor != null) {
            anchors.remove(anchor);
            open.add(anchor);
        }
        YamlNode node = switch (event) {
            case ScalarEvent scalar -> scalar(scalar, location);
            case MappingStartEvent mapping -> mapping(mapping, location);
            case SequenceStartEvent sequence -> sequence(sequence, location);
            default -> throw new IllegalStateException("event was " + event);
        };
        if (anchor != null) {
            open.remove(anchor);
            anchors.put(anchor, node);
        }
        depth--;
        return node;
    }

    private YamlNode sequence(SequenceStartEvent start, Location location) {
        refuseTag(start, location, "tag:yaml.org,2002:seq");
        List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event));
        }
        return new SequenceNode(location, items);
    }

    private YamlNode mapping(MappingStartEvent start, Location location) {
        refuseTag(start, location, "tag:yaml.org,2002:map");
        Map<String, MappingNode.Entry> entries = new LinkedHashMap<>();
        List<MappingNode> merged = new ArrayList<>();
        List<YamlNode> wrongKeys = new ArrayList<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            YamlNode key = node(event);
            YamlNode value = node(events.next());
            if (!(key instanceof ScalarNode name)) {
                wrongKeys.add(key);
            } else if (name.text().equals(MERGE) && !name.quoted()) {
                merge(value, merged);
            } else {
                put(entries, new MappingNode.Entry(name.text(), name.location(), value));
            }
            event = events.next();
        }
        Optional<ScalarNode> template = unquotedTemplate(start, event, location);
        if (template.isPresent()) {
            return template.get();
        }
        wrongKeys.forEach(key -> problems.error(
                Codes.SYNTAX, key.location(), "", key.description() + " as a key", "a text as a key", null));
        merged.forEach(base -> base.entries().forEach(entry -> entries.putIfAbsent(entry.key(), entry)));
        return MappingNode.of(location, entries.values());
    }

    private void put(Map<String, MappingNode.Entry> entries, MappingNode.Entry entry) {
        MappingNode.Entry first = entries.putIfAbsent(entry.key(), entry);
        if (first != null) {
            problems.error(
                    Codes.DUPLICATE_KEY,
                    entry.keyLocation(),
                    "",
                    "the key '" + entry.key() + "' again",
                    "each key once",
                    "It stands first at line " + first.keyLocation().line() + ".");
        }
    }

    private void merge(YamlNode value, List<MappingNode> merged) {
        switch (value) {
            case MappingNode base -> merged.add(base);
            case SequenceNode bases -> bases.items().forEach(base -> merge(base, merged));
            case ScalarNode scalar ->
                problems.error(
                        Codes.TYPE,
                        scalar.location(),
                        MERGE,
                        scalar.description(),
                        "an alias of a mapping, or a list of them",
                        null);
        }
    }

    /// What stands as `{{x}}` without quotes: YAML reads a mapping in place of a mapping's key.
    private Optional<ScalarNode> unquotedTemplate(MappingStartEvent start, Event end, Location location) {
        if (!start.isFlow()) {
            return Optional.empty();
        }
        int from = index(start.getStartMark());
        int to = index(end.getEndMark());
        if (!text.startsWith("{{", from) || !text.startsWith("}}", to - 2)) {
            return Optional.empty();
        }
        String written = text.substring(from, to);
        templates.put(location, written);
        return Optional.of(new ScalarNode(location, written, written, true, null));
    }

    private ScalarNode scalar(ScalarEvent event, Location location) {
        String value = event.getValue();
        boolean quoted = !event.isPlain();
        ScalarSource source = new ScalarSource(text, markIndex(event.getStartMark()), markIndex(event.getEndMark()));
        Object resolved = switch (event.getTag().orElse("")) {
            case "" -> quoted ? value : CoreSchema.resolve(value);
            case "!", "tag:yaml.org,2002:str" -> value;
            case "tag:yaml.org,2002:int",
                    "tag:yaml.org,2002:float",
                    "tag:yaml.org,2002:bool",
                    "tag:yaml.org,2002:null" -> CoreSchema.resolve(value);
            default -> {
                unknownTag(event.getTag().orElse(""), location);
                yield value;
            }
        };
        return new ScalarNode(
                location,
                value,
                resolved,
                quoted || (resolved instanceof String && event.getTag().isPresent()),
                source);
    }

    private void refuseTag(CollectionStartEvent event, Location location, String known) {
        String tag = event.getTag().orElse(known);
        if (!tag.equals(known) && !tag.equals("!")) {
            unknownTag(tag, location);
        }
    }

    private void unknownTag(String tag, Location location) {
        problems.error(
                Codes.SYNTAX,
                location,
                "",
                "the tag '" + tag.replace("tag:yaml.org,2002:", "!!") + "'",
                "no tag",
                null);
    }

    private YamlNode aliased(AliasEvent alias, Location location) {
        YamlNode node = anchors.get(alias.getAlias());
        if (node != null) {
            return through(node, location);
        }
        String name = alias.getAlias().getValue();
        if (open.contains(alias.getAlias())) {
            throw new Abandoned(
                    location,
                    "the alias '*" + name + "' inside what it stands for",
                    "an alias of something else",
                    null);
        }
        List<String> names =
                anchors.keySet().stream().map(Anchor::getValue).sorted().toList();
        throw new Abandoned(
                location,
                "the alias '*" + name + "', which names no anchor",
                "an anchor '&" + name + "' before it",
                Nearest.hint(name, names).orElse(null));
    }

    /// A copy whose places say through which alias they were reached.
    private YamlNode through(YamlNode node, Location alias) {
        if (++nodes > MAX_NODES) {
            throw new Abandoned(
                    alias, "more than 500,000 values once its aliases are resolved", "at most 500,000", null);
        }
        Location location = node.location().through(alias);
        return switch (node) {
            case ScalarNode scalar ->
                new ScalarNode(location, scalar.text(), scalar.value(), scalar.quoted(), scalar.origin());
            case SequenceNode sequence ->
                new SequenceNode(
                        location,
                        sequence.items().stream()
                                .map(item -> through(item, alias))
                                .toList());
            case MappingNode mapping ->
                MappingNode.of(
                        location,
                        mapping.entries().stream()
                                .map(entry -> new MappingNode.Entry(
                                        entry.key(), entry.keyLocation().through(alias), through(entry.value(), alias)))
                                .toList());
        };
    }

    private Location location(Optional<Mark> mark) {
        return mark.map(at -> new Location(file, at.getLine() + 1, at.getColumn() + 1))
                .orElseGet(() -> new Location(file, 1, 1));
    }

    private int index(Optional<Mark> mark) {
        return plain ? markIndex(mark) : text.offsetByCodePoints(0, markIndex(mark));
    }

    private static int markIndex(Optional<Mark> mark) {
        return mark.map(Mark::getIndex).orElse(0);
    }

    /// Ends the reading of a file that is not worth reading on.
    private static final class Abandoned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Location location;
        private final String found;
        private final String expected;
        private final @Nullable String hint;

        Abandoned(Location location, String found, String expected, @Nullable String hint) {
            super(found, null, false, false);
            this.location = location;
            this.found = found;
            this.expected = expected;
            this.hint = hint;
        }
    }
}
