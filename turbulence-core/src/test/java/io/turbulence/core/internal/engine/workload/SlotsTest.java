package io.turbulence.core.internal.engine.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.engine.workload.Workload.Closed;
import io.turbulence.core.internal.engine.workload.Workload.Part;
import io.turbulence.core.internal.engine.workload.Workload.Several;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private static final Workload OPEN = Workload.constant(20, Duration.ofSeconds(1), Duration.ZERO);
    private static final Workload CLOSED = new Closed(7L, null, 10, Duration.ZERO);

    @Test
    void areNoMoreThanThereAreInstances() {
        assertThat(CLOSED.mostSlots()).isEqualTo(7);
    }

    @Test
    void areOfClosedWorkloadsAlone() {
        assertThat(OPEN.mostSlots()).isZero();
        assertThat(new Several(List.of(
                                new Part("a", OPEN, Duration.ZERO, null),
                                new Part("b", CLOSED, Duration.ZERO, null),
                                new Part("c", CLOSED, Duration.ofSeconds(1), null)))
                        .mostSlots())
                .isEqualTo(14);
    }
}
