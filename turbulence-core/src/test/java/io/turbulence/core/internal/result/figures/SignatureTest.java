package io.turbulence.core.internal.result.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.SyntheticRun;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'status_ok': status 503; expected 200               | 'status_ok': status 503; expected 200
        'a': no answer within 5 s after 5,012.4 ms          | 'a': no answer within # s after # ms
        took 512 ms, limit 500 ms                           | took # ms, limit # ms
        took 512ms                                          | took #ms
        order 0198c7f2-4b1d-7e3a-9c55-0f1e2d3c4b5a is gone  | order <id> is gone
        order ord_8f7e6d5c is gone                          | order ord_<id> is gone
        customer cust_81723645 is gone                      | customer cust_<id> is gone
        cart cart_8fe10a of user-cafebabe                   | cart cart_<id> of user-<id>
        step fast_decade of api-feed                        | step fast_decade of api-feed
        trace 4bf92f3577b34da6a3ce929d0e0e4736              | trace <id>
        at 2026-11-20T10:00:00.123Z it stopped              | at <time> it stopped
        connect to 127.0.0.1:45123 refused                  | connect to # refused
        'x' failed (checkout.yaml:42)                       | 'x' failed (checkout.yaml:42)
        HTTP1 and p95 and utf8 stay                         | HTTP1 and p95 and utf8 stay
        instance 17 of 9000                                 | instance # of #
        "pending" is not "confirmed"                        | "pending" is not "confirmed"
        "0123456789 0123456789 0123456789 0123456789" found | "…" found
        it isn't there, isn't it                            | it isn't there, isn't it
        """)
    void leavesOutWhatDiffers(String message, String signature) {
        assertThat(Signature.of(message)).isEqualTo(signature);
    }

    @Test
    void cutsNoCharacterInTwo() {
        assertThat(Signature.of("a" + "😀".repeat(200))).isEqualTo("a" + "😀".repeat(149) + "…");
    }

    @Test
    void leavesOutAllDigitsAndQuotesWhenCoarse() {
        assertThat(Signature.coarse("\"a b\" status 503 at x.yaml:12")).isEqualTo("\"…\" status # at x.yaml:#");
    }

    @Test
    void isBounded() {
        assertThat(Signature.of("x ".repeat(10_000))).hasSizeLessThan(310).endsWith("…");
    }

    @Nested
    class Kinds {

        private final ErrorKinds kinds = new ErrorKinds();
        private final StepInfo step = SyntheticRun.steps().getFirst();

        @Test
        void countTheSameOnce() {
            kinds.add(step, "no answer after 12 ms", "first");
            kinds.add(step, "no answer after 13 ms", "second");
            kinds.add(step, "refused", "third");

            List<RunSummary.ErrorKind> summaries = kinds.summaries();

            assertThat(summaries).extracting(RunSummary.ErrorKind::count).containsExactly(2L, 1L);
            assertThat(summaries.getFirst().signature()).isEqualTo("no answer after # ms");
            assertThat(summaries.getFirst().exampleInstance()).isEqualTo("first");
            assertThat(summaries.getFirst().message()).isEqualTo("no answer after 12 ms");
        }

        @Test
        void becomeCoarserWhenAStepHasMany() {
            for (int i = 0; i < 1_000; i++) {
                kinds.add(step, "found \"" + word(i) + "\"", "i");
            }

            for (int i = 0; i < 500; i++) {
                kinds.add(step, "found \"" + word(0) + "\"", "i");
            }

            assertThat(kinds.summaries())
                    .as("the frequent one apart, rare ones together")
                    .extracting(RunSummary.ErrorKind::signature, RunSummary.ErrorKind::count)
                    .containsExactly(tuple("found \"…\"", 999L), tuple("found \"" + word(0) + "\"", 501L));
        }

        @Test
        void areBounded() {
            for (int i = 0; i < 10_000; i++) {
                kinds.add(step, word(i), "i");
            }

            assertThat(kinds.summaries()).hasSizeLessThan(510);
            assertThat(kinds.summaries().getFirst().signature()).isEqualTo("(other failures)");
            assertThat(kinds.summaries().stream()
                            .mapToLong(RunSummary.ErrorKind::count)
                            .sum())
                    .isEqualTo(10_000);
        }

        private static String word(int i) {
            return Integer.toString(i)
                    .chars()
                    .mapToObj(c -> "ghijklmnop".substring(c - '0', c - '0' + 1))
                    .reduce("", String::concat);
        }
    }
}
