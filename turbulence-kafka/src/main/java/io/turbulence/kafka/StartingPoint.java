package io.turbulence.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Where in a topic somebody begins to read.
///
/// @param kind  what kind of place
/// @param time  for [Kind#TIME] the time; else null
/// @param before for [Kind#AGO] how long before now; else null
record StartingPoint(
        Kind kind, @Nullable Instant time, @Nullable Duration before) {

    static final String EXPECTED = "one of start, step, earliest, a duration such as '10m', or '2026-11-20T10:00:00Z'";

    private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h|d)");

    enum Kind {
        /// The start of the run.
        START,
        /// The start of the step.
        STEP,
        /// The oldest record that is there.
        EARLIEST,
        /// A time.
        TIME,
        /// So long before now.
        AGO
    }

    /// @throws IllegalArgumentException when it is none of what is expected
    static StartingPoint parse(String text) {
        return switch (text) {
            case "start" -> new StartingPoint(Kind.START, null, null);
            case "step" -> new StartingPoint(Kind.STEP, null, null);
            case "earliest" -> new StartingPoint(Kind.EARLIEST, null, null);
            default -> timed(text);
        };
    }

    private static StartingPoint timed(String text) {
        Matcher duration = DURATION.matcher(text);
        if (duration.matches()) {
            return new StartingPoint(Kind.AGO, null, duration(Long.parseLong(duration.group(1)), duration.group(2)));
        }
        try {
            return new StartingPoint(Kind.TIME, Instant.parse(text), null);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is not " + EXPECTED, e);
        }
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /// The time from which to read; null when it is not a matter of time.
    @Nullable
    Instant instant() {
        return before == null ? time : Instant.now().minus(before);
    }

    /// Where each partition is read from.
    Map<TopicPartition, Long> offsets(Positions positions) {
        Instant from = instant();
        if (from != null) {
            return positions.at(from);
        }
        return kind == Kind.EARLIEST ? positions.beginning() : positions.end();
    }

    /// What the brokers say about a topic's offsets.
    interface Positions {

        Map<TopicPartition, Long> beginning();

        Map<TopicPartition, Long> end();

        Map<TopicPartition, Long> at(Instant time);
    }
}
