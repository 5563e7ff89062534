package io.turbulence.core.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.observation.JsonCodec;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Values as messages show them.
class ShownValueTest {

    /// A million numbers, and how many of them were asked for.
    private static final class Million extends AbstractList<Integer> {

        private int asked;

        @Override
        public Integer get(int index) {
            asked++;
            return index;
        }

        @Override
        public int size() {
            return 1_000_000;
        }
    }

    @Test
    void looksAtNoMoreOfALargeValueThanItShows() {
        Million million = new Million();

        assertThat(Values.show(Map.of("items", million)))
                .startsWith("{\"items\":[0,1,2,3,")
                .endsWith("…")
                .hasSize(201);
        assertThat(million.asked).isLessThanOrEqualTo(201);
    }

    @Test
    void showsTheSameAsTheBeginningOfTheWhole() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            Object tree = tree(random, 3);
            String whole = JsonCodec.INSTANCE.writeText(tree);
            assertThat(Values.show(tree)).isEqualTo(Values.shorten(whole));
        }
    }

    private static Object tree(Random random, int depth) {
        int kind = depth == 0 ? random.nextInt(2) : random.nextInt(5);
        return switch (kind) {
            case 0 -> List.of("\uD83D\uDE00".repeat(random.nextInt(300)) + "é\"\n" + random.nextInt());
            case 1 -> List.of(random.nextInt(), true, 1.5);
            case 2, 3 -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    map.put("n" + i, tree(random, depth - 1));
                }
                yield map;
            }
            default -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    list.add(tree(random, depth - 1));
                }
                yield list;
            }
        };
    }

    @Test
    void hidesWhatStandsUnderTheNameOfASecret() {
        assertThat(Values.show(List.of(Map.of("token", List.of("a", "b")), Map.of("name", "n"))))
                .isEqualTo("[{\"token\":\"***\"},{\"name\":\"n\"}]");
    }

    @Test
    void cutsALongTextBetweenCharacters() {
        assertThat(Values.show("\uD83D\uDE00".repeat(1_000_000))).isEqualTo("\"" + "\uD83D\uDE00".repeat(199) + "…");
    }
}
