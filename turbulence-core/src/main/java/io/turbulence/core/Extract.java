package io.turbulence.core;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import org.jspecify.annotations.Nullable;

/// Where a value is taken from, for [Step#extract(String, Extract)]. Immutable: every method returns a new one.
public final class Extract {

    private final Block block;

    private Extract(Block block) {
        this.block = block;
    }

    private static Extract from(String source, String text) {
        return new Extract(Block.start().with(source, text));
    }

    public static Extract jsonPath(String path) {
        return from("jsonpath", path);
    }

    public static Extract header(String name) {
        return from("header", name);
    }

    /// From a fact of the protocol, such as `headers.x-token`.
    public static Extract metadata(String path) {
        return from("metadata", path);
    }

    public static Extract expression(String text) {
        return from("expression", text);
    }

    /// Group 1 of a match in the payload's text, or the match itself.
    public static Extract regex(String pattern) {
        return from("regex", pattern);
    }

    public static Extract xpath(String path) {
        return from("xpath", path);
    }

    /// What it is when nothing is found; without it, the step fails.
    public Extract orElse(@Nullable Object value) {
        return new Extract(block.with("default", value));
    }

    /// Never written to results.
    public Extract secret() {
        return new Extract(block.with("secret", true));
    }

    MappingNode node() {
        return block.node();
    }
}
