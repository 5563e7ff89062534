package io.turbulence.core.internal.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What the plugin of a step told of its exchanges, for `--verbose`: the newest lines, so that a long wait or stream
/// does not fill the memory. Thread-safe.
final class Account {

    static final int MOST_KEPT = 2_000;

    private final Deque<String> lines = new ArrayDeque<>();
    private long dropped;

    synchronized void add(String line) {
        if (lines.size() == MOST_KEPT) {
            lines.removeFirst();
            dropped++;
        }
        lines.addLast(line);
    }

    synchronized List<String> lines() {
        List<String> all = new ArrayList<>(lines.size() + 1);
        if (dropped > 0) {
            all.add("… (" + dropped + " lines before)");
        }
        all.addAll(lines);
        return all;
    }
}
