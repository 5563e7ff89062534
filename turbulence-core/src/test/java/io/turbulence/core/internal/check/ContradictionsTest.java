package io.turbulence.core.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.template.Environment;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can hold is let through; what never holds is not. Whole messages are asserted in `broken-scenarios.txt`.
class ContradictionsTest {

    private static final Map<String, StatusValues> STATUSES = Map.of(
            "status_code",
            StatusValues.NONE
                    .and(Map.of(), new StatusValues.Range(100, 599))
                    .and(Map.of("OK", 0, "NOT_FOUND", 5), null));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ status_code: 200 }",
                "{ status_code: [200, 404] }",
                "{ status_code: NOT_FOUND }",
                "{ status_code: \"200\" }",
                "{ status_code: 5 }",
                "{ status_code: \"{{x}}\" }",
                "[ { status_code: [200, 201] }, { status_code: 201 } ]",
                "[ { status_code: \"200\" }, { status_code: 200 } ]",
                "[ { status_code: OK }, { status_code: 0 } ]",
                "{ jsonpath: $.a, gte: 5, lte: 5 }",
                "{ jsonpath: $.a, gt: 5, lt: 6 }",
                "{ jsonpath: $.a, equals: 5.0, type: integer, gt: 4, in: [5, 6] }",
                "{ jsonpath: $.a, equals: abc, matches: \"^a\", contains: b, size: 3 }",
                "{ jsonpath: $.a, equals: null, type: \"null\" }",
                "{ jsonpath: $.a, exists: true, equals: 1 }",
                "{ jsonpath: $.a, exists: false }",
                "{ jsonpath: $.a, contains: x, not_contains: y }",
                "[ { jsonpath: $.a, equals: 1 }, { jsonpath: $.b, equals: 2 } ]",
                "{ jsonpath: $.a, equals: \"{{x}}\", not_equals: 3, gt: 10 }",
                "{ latency_ms: { lt: 500, gte: 0 } }"
            })
    void letsThroughWhatCanHold(String expect) {
        assertThat(problems(expect)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ status_code: 900 }",
                "{ status_code: 2xx }",
                "{ status_code: MISSING }",
                "{ status_code: [200, 99] }",
                "[ { status_code: [200, 201] }, { status_code: 404 } ]",
                "{ jsonpath: $.a, gt: 5, lt: 5 }",
                "{ jsonpath: $.a, gt: 5, lte: 5 }",
                "{ jsonpath: $.a, gt: 5, lt: abc }",
                "{ jsonpath: $.a, equals: 5, not_equals: 5.0 }",
                "{ jsonpath: $.a, equals: \"5\", type: number }",
                "{ jsonpath: $.a, equals: abc, matches: \"^b\" }",
                "{ jsonpath: $.a, equals: abc, size: 2 }",
                "{ jsonpath: $.a, in: [1, 2], gt: 2 }",
                "{ jsonpath: $.a, in: [] }",
                "{ jsonpath: $.a, size: 1.5 }",
                "{ jsonpath: $.a, exists: maybe }",
                "{ jsonpath: $.a, exists: false, equals: 1 }",
                "{ jsonpath: $.a, contains: x, not_contains: x }",
                "[ { jsonpath: $.a, size: 1 }, { jsonpath: $.a, size: 2 } ]",
                "{ latency_ms: { lt: -1 } }"
            })
    void refusesWhatNeverHolds(String expect) {
        assertThat(problems(expect)).hasSize(1);
    }

    private static List<String> problems(String expect) {
        Problems problems = new Problems();
        Environment environment = name -> null;
        new ChecksCompiler(new Compilation(environment, problems), STATUSES)
                .expectations(
                        new YamlReader(problems)
                                .read(Path.of("expect.yaml"), expect)
                                .orElseThrow(),
                        "expect");
        return problems.errors().stream().map(Problem::text).toList();
    }
}
