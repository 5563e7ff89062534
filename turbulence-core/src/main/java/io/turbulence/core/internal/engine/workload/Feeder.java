package io.turbulence.core.internal.engine.workload;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rows of data, one for each instance. Which one depends on the seed and the instance's number only.
/// Immutable and thread-safe.
public final class Feeder {

    /// Which row an instance gets.
    public enum Pick {
        /// In the file's order, from the start again when used up.
        SEQUENTIAL,
        /// In an order from the seed, another one each time round.
        SHUFFLE,
        /// Any row, from the seed.
        RANDOM,
        /// In the file's order, each once; used up, an instance fails.
        UNIQUE
    }

    private final Path file;
    private final List<?> rows;
    private final Pick pick;

    public Feeder(Path file, List<?> rows, Pick pick) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("'" + file + "' has no rows");
        }
        this.file = file;
        this.rows = List.copyOf(rows);
        this.pick = pick;
    }

    /// The names that some row has; empty when rows are no mappings.
    public Set<String> columns() {
        Set<String> columns = new TreeSet<>();
        for (Object row : rows) {
            if (!(row instanceof Map<?, ?> map)) {
                return Set.of();
            }
            map.keySet().forEach(name -> columns.add(String.valueOf(name)));
        }
        return columns;
    }

    /// @throws EvaluationException when the rows are used up
    @Nullable
    public Object row(long seed, long instance) {
        long size = rows.size();
        return rows.get((int)
                switch (pick) {
                    case SEQUENTIAL -> instance % size;
                    case SHUFFLE -> shuffled(Randomness.key(seed, instance / size), instance % size, size);
                    case RANDOM -> Randomness.below(Randomness.key(Randomness.key(seed, "data"), instance), size);
                    case UNIQUE -> unique(instance, size);
                });
    }

    private long unique(long instance, long size) {
        if (instance >= size) {
            throw new EvaluationException(
                    "'%s' has %d rows, which are used up: instance %d found none; use fewer instances, more rows or pick: sequential"
                            .formatted(file, size, instance));
        }
        return instance;
    }

    /// A permutation computed place by place: a Feistel network over the next power of four, walked until
    /// it lands inside.
    private static long shuffled(long key, long index, long size) {
        int half = 1;
        while (1L << (2 * half) < size) {
            half++;
        }
        long mask = (1L << half) - 1;
        long value = index;
        do {
            long left = value >>> half;
            long right = value & mask;
            for (int round = 0; round < 4; round++) {
                long next = left ^ (Randomness.key(Randomness.key(key, round), right) & mask);
                left = right;
                right = next;
            }
            value = (left << half) | right;
        } while (value >= size);
        return value;
    }
}
