package io.turbulence.examples.orderflow;

import java.util.Locale;

/// What goes wrong on purpose, so that one can see where a run says it does: `--fault lost-event`.
enum Fault {
    NONE,
    /// Every tenth order is told to nobody.
    LOST_EVENT,
    /// Every order is told twice.
    DOUBLE_EVENT,
    /// Nothing moves orders into the database.
    PROCESSOR_DOWN,
    /// Each row takes a second longer than anybody waits.
    SLOW_DATABASE;

    static Fault of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
