package io.turbulence.core.internal.definition.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/// Runs the JSONPath Compliance Test Suite of the JSONPath standard's community.
class JsonPathComplianceTest {
    private final List<Map<String, @Nullable Object>> cases = cases();

    @TestFactory
    List<DynamicTest> passesTheComplianceSuite() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, @Nullable Object> example : cases) {
            tests.add(DynamicTest.dynamicTest(text(example, "name"), () -> run(example)));
        }
        return tests;
    }

    @Test
    void runsAllCasesOfTheSuite() {
        assertThat(cases).hasSize(703);
        assertThat(cases)
                .filteredOn(example -> example.containsKey("invalid_selector"))
                .hasSize(247);
    }

    private static void run(Map<String, @Nullable Object> example) {
        if (example.containsKey("invalid_selector")) {
            refuses(example);
        } else {
            selects(example);
        }
    }

    private static void refuses(Map<String, @Nullable Object> example) {
        String selector = text(example, "selector");
        JsonPathSyntaxException refusal =
                catchThrowableOfType(JsonPathSyntaxException.class, () -> JsonPath.compile(selector));
        assertThat(refusal).as(selector).isNotNull();
        assertThat(refusal.offset()).isBetween(0, selector.length());
        assertThat(refusal).message().contains("found ", "; expected ").endsWith(".");
    }

    private static void selects(Map<String, @Nullable Object> example) {
        JsonPath path = JsonPath.compile(text(example, "selector"));
        Object document = example.get("document");
        List<@Nullable Object> nodes = path.select(document);
        assertThat(expected(example)).contains(nodes);
        assertThat(path.exists(document)).isEqualTo(!nodes.isEmpty());
        assertThat(path.first(document)).isSameAs(nodes.isEmpty() ? JsonPath.NOTHING : nodes.getFirst());
        if (path.isSingular()) {
            assertThat(nodes).hasSizeLessThan(2);
        }
    }

    /// The result, or all results that are right where the order of members is free.
    private static List<@Nullable Object> expected(Map<String, @Nullable Object> example) {
        List<@Nullable Object> expected = new ArrayList<>();
        if (example.containsKey("result")) {
            expected.add(example.get("result"));
        } else {
            expected.addAll((List<?>) Objects.requireNonNull(example.get("results")));
        }
        return expected;
    }

    private static String text(Map<String, @Nullable Object> example, String field) {
        return (String) Objects.requireNonNull(example.get(field));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> cases() {
        try (InputStream suite = JsonPathComplianceTest.class.getResourceAsStream("/jsonpath-compliance/cts.json")) {
            Map<String, Object> content = JsonMapper.shared().readValue(suite, Map.class);
            return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(content.get("tests"));
        } catch (IOException e) {
            throw new IllegalStateException("compliance suite cannot be read", e);
        }
    }
}
