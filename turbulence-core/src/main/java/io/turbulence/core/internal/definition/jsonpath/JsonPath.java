package io.turbulence.core.internal.definition.jsonpath;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A compiled JSONPath: all of RFC 9535, and `length()` as a last segment (`$.items.length()`), which gives the number
/// of elements, members or characters (code points) of each node and no node for anything else.
///
/// It works on trees of [java.util.Map], [java.util.List], [String], [Number], [Boolean] and null as they are, without
/// copying. Numbers are compared by value whatever their class. Members come in the order of the map.
///
/// Immutable and safe for any number of threads. A singular query ([#isSingular()]) is answered without allocating by
/// [#first] and [#exists]. Depth of the tree does not matter, since trees are walked without recursion; a path may nest
/// filters, parentheses, functions and segments that fan out 200 deep.
///
/// An evaluation fails only with [JsonPathEvaluationException]. A literal pattern of `match` or `search` that is no
/// I-Regexp (RFC 9485) is refused by [#compile]; the RFC would have it match nothing, as one from the document does.
public final class JsonPath {
    /// What [#first] gives when there is no node. Null cannot say that: it is a value.
    public static final Nothing NOTHING = Nothing.NOTHING;

    private final String text;
    private final Query query;

    private JsonPath(String text, Query query) {
        this.text = text;
        this.query = query;
    }

    /// @throws JsonPathSyntaxException if `path` is not a JSONPath, with the place
    public static JsonPath compile(String path) {
        return new JsonPath(path, new JsonPathParser(path).path());
    }

    /// The path as it was written.
    public String text() {
        return text;
    }

    /// Whether the form of the path alone says that it gives at most one node: names and indexes only.
    public boolean isSingular() {
        return query.isSingular();
    }

    /// The values of all nodes, in the order of the RFC, duplicates included. The list cannot be changed.
    public List<@Nullable Object> select(@Nullable Object root) {
        if (query.isSingular()) {
            Object node = query.single(root, root);
            return node == NOTHING ? List.of() : Collections.singletonList(node);
        }
        List<@Nullable Object> nodes = new ArrayList<>();
        query.visit(root, root, node -> {
            nodes.add(node);
            return true;
        });
        return Collections.unmodifiableList(nodes);
    }

    /// The value of the first node, or [#NOTHING]. It looks no further, and allocates nothing for a singular query
    /// (except the number of a `length()` above 127).
    public @Nullable Object first(@Nullable Object root) {
        return query.first(root, root);
    }

    /// Whether there is a node; a node whose value is null or false counts.
    public boolean exists(@Nullable Object root) {
        return query.exists(root, root);
    }

    @Override
    public String toString() {
        return text;
    }
}
