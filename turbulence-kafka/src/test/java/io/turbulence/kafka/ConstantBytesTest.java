package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What is sent that is the same each time.
class ConstantBytesTest {

    private final ConstantBytes constants = new ConstantBytes();
    private final AtomicInteger encoded = new AtomicInteger();

    private byte[] bytes(Object tree) {
        return constants.of(tree, each -> {
            encoded.incrementAndGet();
            return each.toString().getBytes(StandardCharsets.UTF_8);
        });
    }

    @Test
    void makesTheBytesOfAConstantOnce() {
        Map<String, Integer> tree = Map.of("n", 1);
        constants.add(tree);
        assertThat(bytes(tree)).asString().isEqualTo("{n=1}");
        assertThat(bytes(tree)).asString().isEqualTo("{n=1}");
        assertThat(encoded).hasValue(1);
    }

    @Test
    void takesNothingForAConstantThatOnlyEqualsOne() {
        constants.add(Map.of("n", 1));
        Map<String, Integer> tree = Map.of("n", 1);
        bytes(tree);
        bytes(tree);
        assertThat(encoded).hasValue(2);
    }

    @Test
    void makesTheBytesOfShortTextsEachTime() {
        String text = "short";
        constants.add(text);
        bytes(text);
        bytes(text);
        assertThat(encoded).hasValue(2);
    }

    @Test
    void makesTheBytesOfLongTextsOnce() {
        String text = "x".repeat(1000);
        constants.add(text);
        bytes(text);
        bytes(text);
        assertThat(encoded).hasValue(1);
    }

    @Test
    void forgetsConstantsThatNobodyHoldsAnyMore() throws Exception {
        for (int i = 0; i < 100; i++) {
            Map<String, Integer> tree = Map.of("n", i);
            constants.add(tree);
            bytes(tree);
        }
        Deadline deadline = Deadline.after(Duration.ofSeconds(20), "test");
        while (constants.size() > 10 && !deadline.expired()) {
            System.gc();
            Thread.sleep(10);
            bytes("other");
        }
        assertThat(constants.size()).isLessThanOrEqualTo(10);
    }
}
