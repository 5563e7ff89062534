package io.turbulence.core.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.core.internal.check.Figure.Measure;
import io.turbulence.core.internal.check.Figure.OfPool;
import io.turbulence.core.internal.check.Figure.OfRun;
import io.turbulence.core.internal.check.Figure.OfSteps;
import io.turbulence.core.internal.check.Figure.Point;
import io.turbulence.core.internal.check.Figure.PoolFigure;
import io.turbulence.core.internal.check.Figure.StepCount;
import io.turbulence.core.internal.check.Figure.Time;
import io.turbulence.core.internal.check.Threshold.Names;
import io.turbulence.core.internal.check.Threshold.Operator;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ThresholdTest {

    private static final Names NAMES = new Names(
            List.of(
                    new Names.Step("checkout", "create_order"),
                    new Names.Step("checkout", "a-b"),
                    new Names.Step("browse", "list"),
                    new Names.Step("browse", "v1.list")),
            List.of("api", "orders-db"));

    @Nested
    class Reading {

        static Stream<Arguments> figures() {
            return Stream.of(
                    Arguments.of("pass_rate >= 99%", OfRun.PASS_RATE, Operator.AT_LEAST, 0.99),
                    Arguments.of("pass_rate>=0.99", OfRun.PASS_RATE, Operator.AT_LEAST, 0.99),
                    Arguments.of("pass_rate == 1", OfRun.PASS_RATE, Operator.EQUAL, 1.0),
                    Arguments.of("pass_rate > 99.5 %", OfRun.PASS_RATE, Operator.GREATER, 0.995),
                    Arguments.of("error_count == 0", OfRun.ERROR_COUNT, Operator.EQUAL, 0.0),
                    Arguments.of("fail_count <= 3", OfRun.ERROR_COUNT, Operator.AT_MOST, 3.0),
                    Arguments.of("rate_per_s > 100", OfRun.RATE_PER_S, Operator.GREATER, 100.0),
                    Arguments.of("rate_per_s > 100/s", OfRun.RATE_PER_S, Operator.GREATER, 100.0),
                    Arguments.of("p99_latency_ms < 1_500", latency(null, null, Point.P99), Operator.LESS, 1500.0),
                    Arguments.of("p50_latency_ms < 500ms", latency(null, null, Point.P50), Operator.LESS, 500.0),
                    Arguments.of("p90_latency_ms < 0.5s", latency(null, null, Point.P90), Operator.LESS, 500.0),
                    Arguments.of("max_latency_ms < 2 s", latency(null, null, Point.MAX), Operator.LESS, 2000.0),
                    Arguments.of(
                            "steps.create_order.p99_latency_ms < 200",
                            latency(null, "create_order", Point.P99),
                            Operator.LESS,
                            200.0),
                    Arguments.of(
                            "steps.checkout.create_order.p95_latency_ms < 200",
                            latency("checkout", "create_order", Point.P95),
                            Operator.LESS,
                            200.0),
                    Arguments.of(
                            "steps['a-b'].p95_latency_ms < 200", latency(null, "a-b", Point.P95), Operator.LESS, 200.0),
                    Arguments.of(
                            "steps.a-b.p95_latency_ms < 200", latency(null, "a-b", Point.P95), Operator.LESS, 200.0),
                    Arguments.of(
                            "steps.v1.list.mean_latency_ms < 200",
                            latency(null, "v1.list", Point.MEAN),
                            Operator.LESS,
                            200.0),
                    Arguments.of(
                            "steps.list.p99_scheduled_latency_ms < 9",
                            new OfSteps(null, "list", new Time(Measure.SCHEDULED_LATENCY, Point.P99)),
                            Operator.LESS,
                            9.0),
                    Arguments.of(
                            "steps.list.p99_pool_wait_ms < 9",
                            new OfSteps(null, "list", new Time(Measure.POOL_WAIT, Point.P99)),
                            Operator.LESS,
                            9.0),
                    Arguments.of(
                            "steps.list.error_rate < 1%",
                            new OfSteps(null, "list", StepCount.ERROR_RATE), Operator.LESS, 0.01),
                    Arguments.of(
                            "pools.api.wait_p99_ms < 50",
                            new OfPool("api", PoolFigure.WAIT_P99_MS),
                            Operator.LESS,
                            50.0),
                    Arguments.of(
                            "pools.orders-db.reuse_rate > 99%",
                            new OfPool("orders-db", PoolFigure.REUSE_RATE), Operator.GREATER, 0.99));
        }

        @ParameterizedTest
        @MethodSource("figures")
        void readsFigureOperatorAndValue(String text, Figure figure, Operator operator, double value) {
            Threshold threshold = Threshold.parse(text, NAMES);

            assertThat(threshold.figure()).isEqualTo(figure);
            assertThat(threshold.operator()).isEqualTo(operator);
            assertThat(threshold.value()).isEqualTo(value);
            assertThat(threshold.window()).isNull();
            assertThat(threshold.expression()).isEqualTo(text);
        }

        @Test
        void readsAWindow() {
            assertThat(Threshold.parse("p99_latency_ms < 500 over 10s", NAMES).window())
                    .isEqualTo(Duration.ofSeconds(10));
            assertThat(Threshold.parse("pass_rate > 90% over 2m", NAMES).window())
                    .isEqualTo(Duration.ofMinutes(2));
        }

        private static OfSteps latency(@Nullable String scenario, @Nullable String step, Point point) {
            return new OfSteps(scenario, step, new Time(Measure.LATENCY, point));
        }
    }

    @Nested
    class Refusing {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                pass_rate | 'pass_rate' is no condition; expected '<figure> <operator> <value>', such as 'p95_latency_ms < 500' | 0
                pas_rate > 1 | 'pas_rate > 1': unknown figure 'pas_rate'; did you mean 'pass_rate'? | 0
                pass_rate != 1 | 'pass_rate != 1': '!=' is no operator; expected one of '<', '<=', '>', '>=', '==' | 10
                pass_rate = 1 | 'pass_rate = 1': '=' is no operator; expected one of '<', '<=', '>', '>=', '==' | 10
                pass_rate >= 99 | 'pass_rate >= 99': '99' is no share; expected 0 to 1 or 0% to 100%. Did you mean '99%'? | 13
                pass_rate >= 101% | 'pass_rate >= 101%': '101%' is no share; expected 0 to 1 or 0% to 100% | 13
                pass_rate >= all | 'pass_rate >= all': 'all' is no number; expected one such as '500' or '99%' | 13
                error_count < 5% | 'error_count < 5%': '5%' has an unknown unit; expected a plain number | 14
                p95_latency_ms < 5h | 'p95_latency_ms < 5h': '5h' is no time; expected milliseconds such as '500', '500ms' or '2s' | 17
                p93_latency_ms < 5 | 'p93_latency_ms < 5': unknown figure 'p93_latency_ms'; did you mean 'p90_latency_ms'? | 0
                steps.create_oder.p99_latency_ms < 5 | 'steps.create_oder.p99_latency_ms < 5': unknown step 'create_oder'; did you mean 'create_order'? | 6
                steps.list.p99_latenc_ms < 5 | 'steps.list.p99_latenc_ms < 5': unknown figure of a step 'p99_latenc_ms'; did you mean 'p99_latency_ms'? | 11
                steps.p99_latency_ms < 5 | 'steps.p99_latency_ms < 5': 'steps.p99_latency_ms' names no step; expected 'steps.<step>.<figure>', such as 'steps.checkout.p99_latency_ms' | 0
                pools.apo.wait_p99_ms < 5 | 'pools.apo.wait_p99_ms < 5': unknown service 'apo'; did you mean 'api'? | 6
                pools.api.wait_p9_ms < 5 | 'pools.api.wait_p9_ms < 5': unknown figure of a pool 'wait_p9_ms'; did you mean 'wait_p99_ms'? | 10
                p95_latency_ms < 5 over ten | 'p95_latency_ms < 5 over ten': 'ten' is no duration; expected one such as '10s' | 24
                p95_latency_ms < 5 over 1h | 'p95_latency_ms < 5 over 1h': '1h' is no duration; expected one such as '10s' | 24
                p95_latency_ms < 5 over 10m | 'p95_latency_ms < 5 over 10m': '10m' is out of range; a window lasts from 1s to 5m | 24
                pools.api.opened < 5 over 10s | 'pools.api.opened < 5 over 10s': 'over 10s' cannot be had; figures of pools are of the whole run | 21
                """)
        void saysWhatIsWrongAndWhere(String text, String message, int position) {
            InvalidThresholdException thrown =
                    catchThrowableOfType(InvalidThresholdException.class, () -> Threshold.parse(text, NAMES));

            assertThat(thrown).hasMessage(message);
            assertThat(thrown.position()).isEqualTo(position);
        }

        @Test
        void listsWhatThereIsWhenNothingIsNear() {
            assertThatThrownBy(() -> Threshold.parse("steps.zzzzzz.p99_latency_ms < 5", NAMES))
                    .hasMessage("'steps.zzzzzz.p99_latency_ms < 5': unknown step 'zzzzzz';"
                            + " expected one of 'create_order', 'a-b', 'list', 'v1.list'");
        }
    }

    @Nested
    class Evaluating {

        @ParameterizedTest
        @CsvSource({
            "p95_latency_ms < 500, 499.9, true",
            "p95_latency_ms < 500, 500, false",
            "p95_latency_ms <= 500, 500, true",
            "pass_rate >= 99%, 0.99, true",
            "pass_rate >= 99%, 0.9899, false",
            "rate_per_s > 100, 100, false",
            "error_count == 0, 0, true",
            "error_count == 0, 1, false"
        })
        void holdsWhenTheConditionIsTrue(String text, double actual, boolean holds) {
            ThresholdResult result = Threshold.parse(text, NAMES).evaluate(figure -> OptionalDouble.of(actual));

            assertThat(result.holds()).isEqualTo(holds);
            assertThat(result.actual()).hasValue(actual);
        }

        @ParameterizedTest
        @CsvSource({"p95_latency_ms > 500, 499, true", "p95_latency_ms > 500, 501, false"})
        void holdsWhenAFailureConditionIsNotTrue(String text, double actual, boolean holds) {
            ThresholdResult result = Threshold.parseFailure(text, NAMES).evaluate(figure -> OptionalDouble.of(actual));

            assertThat(result.holds()).isEqualTo(holds);
        }

        @Test
        void doesNotHoldWhenNothingWasMeasured() {
            ThresholdResult result =
                    Threshold.parse("p95_latency_ms < 500", NAMES).evaluate(figure -> OptionalDouble.empty());

            assertThat(result.holds()).isFalse();
            assertThat(result.actualText()).isEqualTo("nothing measured");
        }

        @ParameterizedTest
        @CsvSource({
            "pass_rate >= 99%, 0.9475, 94.75%",
            "pass_rate >= 99%, 1, 100%",
            "p95_latency_ms < 500, 31.204, 31.2 ms",
            "p95_latency_ms < 500, 0.512, 0.512 ms",
            "error_count == 0, 12, 12",
            "rate_per_s > 1, 12345.678, '12,345.68'"
        })
        void tellsTheFigureAsPeopleReadIt(String text, double actual, String expected) {
            ThresholdResult result = Threshold.parse(text, NAMES).evaluate(figure -> OptionalDouble.of(actual));

            assertThat(result.actualText()).isEqualTo(expected);
        }

        @ParameterizedTest
        @CsvSource({"pass_rate >= 9%, true", "fail_count < 9, true", "error_count < 9, true", "rate_per_s > 9, false"})
        void decidesFailuresWhenItCountsInstances(String text, boolean decides) {
            assertThat(Threshold.parse(text, NAMES).decidesFailures()).isEqualTo(decides);
        }
    }
}
