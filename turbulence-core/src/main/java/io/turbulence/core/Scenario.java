package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.spi.StepAction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A scenario built in Java: the same that a YAML file holds, read by the same compiler, so with the same checks. What
/// is wrong is told when a run is checked or executed, with the line of the program that said it.
///
/// Immutable: every method returns a new one. Relative paths are relative to the working directory.
public final class Scenario {

    private final Block block;

    private Scenario(Block block) {
        this.block = block;
    }

    /// A scenario without steps.
    ///
    /// @param id unique among the scenarios of a run
    public static Scenario named(String id) {
        return new Scenario(Block.start().with("id", requireNonNull(id, "id")));
    }

    public Scenario description(String text) {
        return set("description", text);
    }

    /// What a run may choose scenarios by.
    public Scenario tags(String... tags) {
        return new Scenario(block.adding("tags", List.of(tags)));
    }

    /// Its share of the instances when several scenarios run; 1 when not given.
    public Scenario weight(double share) {
        return set("weight", share);
    }

    /// Only for `call`, never started by itself.
    public Scenario callable() {
        return set("callable", true);
    }

    /// What steps read as `entry.<name>`; rendered once for each instance.
    public Scenario entry(String name, @Nullable Object value) {
        return new Scenario(block.inside("entry", name, value));
    }

    /// A file of rows, of which each instance gets one as `data`.
    ///
    /// @param pick `sequential`, `shuffle`, `random` or `unique`
    public Scenario data(Path file, String pick) {
        return set("data", Map.of("file", file, "pick", pick));
    }

    /// Rows, of which each instance gets one as `data`.
    ///
    /// @param pick `sequential`, `shuffle`, `random` or `unique`
    public Scenario data(List<? extends Map<String, ?>> rows, String pick) {
        return set("data", Map.of("rows", rows, "pick", pick));
    }

    /// Adds a step to the flow.
    public Scenario step(String name, StepAction action) {
        return steps(Step.of(name, action));
    }

    /// Adds a step to the flow.
    ///
    /// @param more what the step extracts, expects and so on
    public Scenario step(String name, StepAction action, UnaryOperator<Step> more) {
        return steps(more.apply(Step.of(name, action)));
    }

    /// Adds a step of any type to the flow.
    ///
    /// @param settings the keys of the step, as they would stand in YAML
    public Scenario step(String name, String type, Map<String, ? extends @Nullable Object> settings) {
        return steps(Step.of(name, type, settings));
    }

    /// Adds steps to the flow.
    public Scenario steps(Step... steps) {
        return new Scenario(block.adding("flow", List.of(steps)));
    }

    /// Adds expectations that are checked after the flow, as one step.
    public Scenario assertion(String name, Expect... expectations) {
        return new Scenario(block.adding("assertions", List.of(Step.assertion(name, expectations))));
    }

    /// Adds steps that always run: after a failure, a timeout, Ctrl-C.
    public Scenario cleanUp(Step... steps) {
        return new Scenario(block.adding("finally", List.of(steps)));
    }

    /// Which failures end the flow; when not given, those of actions do and those of assertions do not.
    public Scenario stopWhen(boolean anyActionFails, boolean anyAssertionFails) {
        return set("stop_when", Map.of("any_action_fails", anyActionFails, "any_assertion_fails", anyAssertionFails));
    }

    /// Steps that one instance may execute; 100 when not given.
    public Scenario maxSteps(int most) {
        return set("max_steps", most);
    }

    /// The workload, as it would stand in YAML.
    public Scenario load(Map<String, ? extends @Nullable Object> load) {
        return set("load", load);
    }

    /// A condition that must hold, such as `p95_latency_ms < 500`.
    public Scenario threshold(String condition) {
        return new Scenario(block.adding("thresholds", List.of(condition)));
    }

    /// Any key of a scenario file, with the value that would stand there.
    public Scenario set(String key, @Nullable Object value) {
        return new Scenario(block.with(key, value));
    }

    MappingNode node() {
        return block.node();
    }
}
