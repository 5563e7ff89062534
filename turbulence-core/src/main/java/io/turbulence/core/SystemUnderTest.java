package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is tested, built in Java: the same that a system file holds. Immutable: every method returns a new one.
/// Relative paths are relative to the working directory.
public final class SystemUnderTest {

    private final Block block;

    private SystemUnderTest(Block block) {
        this.block = block;
    }

    /// A system without services.
    public static SystemUnderTest named(String name) {
        return new SystemUnderTest(Block.start().with("name", requireNonNull(name, "name")));
    }

    public SystemUnderTest service(String name, Service service) {
        return new SystemUnderTest(block.inside("services", name, service));
    }

    /// A program that is started for the run and stopped after it, as the keys of `launch` say.
    public SystemUnderTest launch(Map<String, ? extends @Nullable Object> program) {
        return new SystemUnderTest(block.adding("launch", List.of(program)));
    }

    /// Changes to all this that a run takes when it is given the profile's name.
    public SystemUnderTest profile(String name, Map<String, ? extends @Nullable Object> changes) {
        return new SystemUnderTest(block.inside("profiles", name, changes));
    }

    /// Steps that run once before the first instance; what they extract is `run.<name>`.
    public SystemUnderTest beforeRun(Step... steps) {
        return new SystemUnderTest(block.adding("before_run", List.of(steps)));
    }

    /// Steps that run once after the last instance, whatever happened.
    public SystemUnderTest afterRun(Step... steps) {
        return new SystemUnderTest(block.adding("after_run", List.of(steps)));
    }

    /// Any key of a system file, with the value that would stand there.
    public SystemUnderTest set(String key, @Nullable Object value) {
        return new SystemUnderTest(block.with(key, value));
    }

    MappingNode node() {
        return block.node();
    }
}
