package io.turbulence.core.internal.definition.jsonpath;

import io.turbulence.core.internal.definition.jsonpath.Segment.Children;
import io.turbulence.core.internal.definition.jsonpath.Segment.Descendants;
import io.turbulence.core.internal.definition.jsonpath.Segment.Filter;
import io.turbulence.core.internal.definition.jsonpath.Segment.Index;
import io.turbulence.core.internal.definition.jsonpath.Segment.Name;
import io.turbulence.core.internal.definition.jsonpath.Segment.Selector;
import io.turbulence.core.internal.definition.jsonpath.Segment.Slice;
import io.turbulence.core.internal.definition.jsonpath.Segment.Step;
import io.turbulence.core.internal.definition.jsonpath.Segment.Wildcard;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// A query from the root (`$`) or from the current node (`@`).
///
/// Nodes are pushed through the segments one at a time instead of a list per segment, which gives the same order, needs
/// no lists in between, and lets a visitor stop early. The stack grows with the segments of the query, which the parser
/// bounds, never with the depth of the tree.
final class Query {

    /// Receives nodes one by one.
    @FunctionalInterface
    interface Visitor {
        /// @return whether more nodes are wanted
        boolean visit(@Nullable Object node);
    }

    private final boolean absolute;
    private final Segment[] segments;
    private final boolean singular;
    /// The segments before the first one that fans out: all of a singular query.
    private final Step[] steps;

    Query(boolean absolute, List<Segment> segments) {
        this.absolute = absolute;
        this.segments = segments.toArray(Segment[]::new);
        this.steps = segments.stream()
                .takeWhile(Step.class::isInstance)
                .map(Step.class::cast)
                .toArray(Step[]::new);
        this.singular = steps.length == segments.size();
    }

    boolean isSingular() {
        return singular;
    }

    /// The node of a singular query, or [Nothing#NOTHING].
    @Nullable
    Object single(@Nullable Object current, @Nullable Object root) {
        Object node = absolute ? root : current;
        for (Step step : steps) {
            node = step.from(node);
            if (node == Nothing.NOTHING) {
                return node;
            }
        }
        return node;
    }

    @Nullable
    Object first(@Nullable Object current, @Nullable Object root) {
        if (singular) {
            return single(current, root);
        }
        First first = new First();
        visit(current, root, first);
        return first.node;
    }

    boolean exists(@Nullable Object current, @Nullable Object root) {
        return singular ? single(current, root) != Nothing.NOTHING : !visit(current, root, node -> false);
    }

    int count(@Nullable Object current, @Nullable Object root) {
        if (singular) {
            return single(current, root) == Nothing.NOTHING ? 0 : 1;
        }
        Count count = new Count();
        visit(current, root, count);
        return count.nodes;
    }

    /// The node if there is exactly one, otherwise [Nothing#NOTHING].
    @Nullable
    Object only(@Nullable Object current, @Nullable Object root) {
        if (singular) {
            return single(current, root);
        }
        Only only = new Only();
        visit(current, root, only);
        return only.node;
    }

    /// @return false if the visitor wanted no more
    boolean visit(@Nullable Object current, @Nullable Object root, Visitor visitor) {
        return visit(0, absolute ? root : current, root, visitor);
    }

    private boolean visit(int from, @Nullable Object start, @Nullable Object root, Visitor visitor) {
        Object node = start;
        for (int at = from; at < segments.length; at++) {
            switch (segments[at]) {
                case Step step -> {
                    node = step.from(node);
                    if (node == Nothing.NOTHING) {
                        return true;
                    }
                }
                case Children children -> {
                    return visitChildren(children.selectors(), node, at + 1, root, visitor);
                }
                case Descendants descendants -> {
                    return visitDescendants(descendants.selectors(), node, at + 1, root, visitor);
                }
            }
        }
        return visitor.visit(node);
    }

    private boolean visitDescendants(
            List<Selector> selectors, @Nullable Object top, int next, @Nullable Object root, Visitor visitor) {
        if (!isContainer(top)) {
            return true;
        }
        Containers waiting = new Containers();
        waiting.push(top);
        while (!waiting.isEmpty()) {
            Object container = waiting.pop();
            if (!visitChildren(selectors, container, next, root, visitor)) {
                return false;
            }
            waiting.pushChildren(container);
        }
        return true;
    }

    private boolean visitChildren(
            List<Selector> selectors, @Nullable Object node, int next, @Nullable Object root, Visitor visitor) {
        if (!isContainer(node)) {
            return true;
        }
        for (int i = 0; i < selectors.size(); i++) {
            boolean more = switch (selectors.get(i)) {
                case Name name -> visitStep(name, node, next, root, visitor);
                case Index index -> visitStep(index, node, next, root, visitor);
                case Slice slice -> visitSlice(slice, node, next, root, visitor);
                case Wildcard all -> visitAll(null, node, next, root, visitor);
                case Filter filter -> visitAll(filter.condition(), node, next, root, visitor);
            };
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private boolean visitStep(Step step, @Nullable Object node, int next, @Nullable Object root, Visitor visitor) {
        Object child = step.from(node);
        return child == Nothing.NOTHING || visit(next, child, root, visitor);
    }

    private boolean visitSlice(Slice slice, @Nullable Object node, int next, @Nullable Object root, Visitor visitor) {
        if (!(node instanceof List<?> elements) || slice.step() == 0) {
            return true;
        }
        long stop = slice.stop(elements.size());
        for (long at = slice.first(elements.size()); slice.step() > 0 ? at < stop : at > stop; at += slice.step()) {
            if (!visit(next, elements.get((int) at), root, visitor)) {
                return false;
            }
        }
        return true;
    }

    private boolean visitAll(
            @Nullable Condition condition, @Nullable Object node, int next, @Nullable Object root, Visitor visitor) {
        if (node instanceof List<?> elements && elements instanceof RandomAccess) {
            for (int i = 0; i < elements.size(); i++) {
                if (!visitIf(condition, elements.get(i), next, root, visitor)) {
                    return false;
                }
            }
            return true;
        }
        for (Object child : children(node)) {
            if (!visitIf(condition, child, next, root, visitor)) {
                return false;
            }
        }
        return true;
    }

    private boolean visitIf(
            @Nullable Condition condition, @Nullable Object child, int next, @Nullable Object root, Visitor visitor) {
        return (condition != null && !condition.test(child, root)) || visit(next, child, root, visitor);
    }

    private static boolean isContainer(@Nullable Object node) {
        return node instanceof Map<?, ?> || node instanceof List<?>;
    }

    private static Collection<?> children(@Nullable Object container) {
        if (container instanceof Map<?, ?> members) {
            return members.values();
        }
        return container instanceof List<?> elements ? elements : List.of();
    }

    private static final class First implements Visitor {
        private @Nullable Object node = Nothing.NOTHING;

        @Override
        public boolean visit(@Nullable Object found) {
            node = found;
            return false;
        }
    }

    private static final class Count implements Visitor {
        private int nodes;

        @Override
        public boolean visit(@Nullable Object found) {
            nodes++;
            return true;
        }
    }

    private static final class Only implements Visitor {
        private @Nullable Object node = Nothing.NOTHING;
        private boolean any;

        @Override
        public boolean visit(@Nullable Object found) {
            node = any ? Nothing.NOTHING : found;
            boolean more = !any;
            any = true;
            return more;
        }
    }

    /// The containers a descendant segment has still to look into, the next one on top.
    private static final class Containers {
        private @Nullable Object[] items = new @Nullable Object[16];
        private int size;

        boolean isEmpty() {
            return size == 0;
        }

        void push(@Nullable Object container) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            items[size++] = container;
        }

        @Nullable
        Object pop() {
            Object top = items[--size];
            items[size] = null;
            return top;
        }

        /// Pushes those children that have children, the first one last, so that it comes off first.
        void pushChildren(@Nullable Object container) {
            int bottom = size;
            for (Object child : children(container)) {
                if (isContainer(child)) {
                    push(child);
                }
            }
            for (int low = bottom, high = size - 1; low < high; low++, high--) {
                Object item = items[low];
                items[low] = items[high];
                items[high] = item;
            }
        }
    }
}
