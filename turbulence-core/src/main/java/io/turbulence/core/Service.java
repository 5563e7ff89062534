package io.turbulence.core;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A service of a [SystemUnderTest]. Immutable: every method returns a new one.
public final class Service {

    private final Block block;

    private Service(Block block) {
        this.block = block;
    }

    /// A service of a protocol, which a plugin brings.
    public static Service of(String protocol) {
        return new Service(Block.start().with("protocol", protocol));
    }

    /// A setting, or any other key that a service has in YAML.
    public Service set(String key, @Nullable Object value) {
        return new Service(block.with(key, value));
    }

    /// A key of its pool, such as `max`.
    public Service pool(String key, @Nullable Object value) {
        return new Service(block.inside("pool", key, value));
    }

    /// The time limit of its steps that say nothing themselves.
    public Service timeout(Duration limit) {
        return set("timeout", limit);
    }

    MappingNode node() {
        return block.node();
    }
}
