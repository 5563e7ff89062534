package io.turbulence.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private final ManualClock clock = new ManualClock();

    @Test
    void standsStillUntilMoved() {
        long before = clock.getAsLong();
        assertThat(clock.getAsLong()).isEqualTo(before);
        clock.advance(Duration.ofMillis(3));
        assertThat(clock.getAsLong() - before).isEqualTo(3_000_000);
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00.003Z"));
    }

    @Test
    void letsDeadlinesPassAcrossTheOverflow() {
        Deadline deadline = clock.deadline(Duration.ofSeconds(5));
        clock.advance(Duration.ofMillis(4999));
        assertThat(deadline.expired()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));
        assertThat(deadline.expired()).isTrue();
        assertThat(clock.getAsLong()).as("it went over the largest long").isNegative();
    }

    @Test
    void neverMovesBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clock was moved by PT-0.001S but it only moves forward");
    }
}
