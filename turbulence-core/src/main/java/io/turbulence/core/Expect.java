package io.turbulence.core;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expectation of a [Step]: a subject and comparisons, or any of the other keys that an expectation has in YAML. All
/// that is said holds together. Immutable: every method returns a new one.
public final class Expect {

    private final Block block;

    private Expect(Block block) {
        this.block = block;
    }

    /// An expectation with one key, such as `status_code`.
    public static Expect that(String key, @Nullable Object value) {
        return new Expect(Block.start().with(key, value));
    }

    /// Of what a JSONPath finds in the payload.
    public static Expect jsonPath(String path) {
        return that("jsonpath", path);
    }

    /// Of a variable, such as `entry.seed_data.user`.
    public static Expect contextPath(String path) {
        return that("context_path", path);
    }

    /// Of a fact of the protocol.
    public static Expect metadata(String path) {
        return that("metadata", path);
    }

    public static Expect header(String name) {
        return that("header", name);
    }

    /// That an expression is true.
    public static Expect expression(String text) {
        return that("expression", text);
    }

    /// That the payload has a shape.
    public static Expect body(Object shape) {
        return that("body", shape);
    }

    /// That the payload fits a JSON Schema: a map, or `Map.of("$ref", file)`.
    public static Expect schema(Map<String, ? extends @Nullable Object> schema) {
        return that("schema", schema);
    }

    /// That the step took less than this.
    public static Expect latencyBelow(long millis) {
        return that("latency_ms", Map.of("lt", millis));
    }

    public Expect equalTo(@Nullable Object value) {
        return and("equals", value);
    }

    public Expect notEqualTo(@Nullable Object value) {
        return and("not_equals", value);
    }

    public Expect in(Object... values) {
        return and("in", List.of(values));
    }

    /// Part of a text, member of a list, or entries of a map.
    public Expect contains(@Nullable Object part) {
        return and("contains", part);
    }

    public Expect notContains(@Nullable Object part) {
        return and("not_contains", part);
    }

    public Expect matches(String regularExpression) {
        return and("matches", regularExpression);
    }

    public Expect exists(boolean there) {
        return and("exists", there);
    }

    public Expect greaterThan(Object limit) {
        return and("gt", limit);
    }

    public Expect atLeast(Object limit) {
        return and("gte", limit);
    }

    public Expect lessThan(Object limit) {
        return and("lt", limit);
    }

    public Expect atMost(Object limit) {
        return and("lte", limit);
    }

    public Expect size(int number) {
        return and("size", number);
    }

    /// @param name as JSON calls its types, such as `string`
    public Expect type(String name) {
        return and("type", name);
    }

    /// Any key of an expectation, with the value that would stand there in YAML.
    public Expect and(String key, @Nullable Object value) {
        return new Expect(block.with(key, value));
    }

    MappingNode node() {
        return block.node();
    }
}
