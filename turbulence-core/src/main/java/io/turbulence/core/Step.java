package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.spi.StepAction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step of a [Scenario], or of a step that is made of steps. Immutable: every method returns a new one.
///
/// The methods stand for the keys that a step has in YAML. A key that the step's type does not know is a problem that
/// a run's check tells, as are all others.
public final class Step {

    private static final String EXPECT = "expect";

    private final Block block;

    private Step(Block block) {
        this.block = block;
    }

    private static Step ofType(String name, String type) {
        return new Step(Block.start().with("name", requireNonNull(name, "name")).with("type", type));
    }

    // ---- actions of plugins

    /// A step of a plugin's action.
    public static Step of(String name, StepAction action) {
        return of(name, action.type(), action.settings());
    }

    /// A step of any type, built in or of a plugin.
    ///
    /// @param settings its keys, as they would stand in YAML
    public static Step of(String name, String type, Map<String, ? extends @Nullable Object> settings) {
        return new Step(ofType(name, requireNonNull(type, "type")).block.withAll(settings));
    }

    /// An action without a name, for what a wait or a job does.
    public static Step action(StepAction action) {
        return new Step(Block.start().with("type", action.type()).withAll(action.settings()));
    }

    /// An action without name and type, for a job's poll that differs from its submission only in some keys.
    public static Step settings(Map<String, ? extends @Nullable Object> settings) {
        return new Step(Block.start().withAll(settings));
    }

    // ---- built in

    public static Step sleep(String name, Duration length) {
        return ofType(name, "sleep").set("duration", length);
    }

    /// Sleeps for a random time.
    public static Step sleep(String name, Duration least, Duration most) {
        return ofType(name, "sleep").set("duration", Map.of("min", least, "max", most));
    }

    /// Checks the newest observation.
    public static Step assertion(String name, Expect... expectations) {
        return ofType(name, "assert").expect(expectations);
    }

    /// Repeats an action until the expectations of [#until] hold.
    public static Step waitFor(String name, StepAction action) {
        return waitFor(name, action(action));
    }

    /// As the other, with keys beside the action's settings, such as `service`.
    public static Step waitFor(String name, Step action) {
        return ofType(name, "wait").set("poll", action);
    }

    /// Submits a job and polls its state; the states are said with [#states].
    ///
    /// @param submit from [#action]; may extract and expect
    /// @param poll   from [#action] or [#settings]; may have an [#interval]
    public static Step job(String name, Step submit, Step poll) {
        return ofType(name, "job").set("submit", submit).set("poll", poll);
    }

    /// Chooses between [#ifTrue] and [#ifFalse].
    public static Step branch(String name, String condition) {
        return ofType(name, "branch").condition(condition);
    }

    /// Runs steps for each item of a list.
    ///
    /// @param items a list, or a template that gives one
    /// @param as    what steps call the item
    public static Step forEach(String name, Object items, String as, Step... steps) {
        return ofType(name, "loop").set("for_each", items).set("as", as).doing(steps);
    }

    /// Runs steps a number of times.
    ///
    /// @param times a number, or a template that gives one
    public static Step repeat(String name, Object times, Step... steps) {
        return ofType(name, "loop").set("times", times).doing(steps);
    }

    /// Runs steps as long as an expression holds.
    public static Step loopWhile(String name, String expression, Step... steps) {
        return ofType(name, "loop").set("while", expression).doing(steps);
    }

    /// Runs lists of steps at the same time.
    public static Step parallel(String name, List<List<Step>> branches) {
        return ofType(name, "parallel").set("branches", branches);
    }

    /// Steps that are timed as one.
    public static Step group(String name, Step... steps) {
        return ofType(name, "group").doing(steps);
    }

    /// Runs another scenario as one step.
    public static Step call(String name, Scenario called) {
        return ofType(name, "call").set("scenario", called);
    }

    /// Runs the scenario of a file as one step.
    public static Step call(String name, Path file) {
        return ofType(name, "call").set("scenario", file);
    }

    /// Chooses a name by weight.
    ///
    /// @param output the name that holds the choice
    public static Step decide(String name, Map<String, ? extends Number> weights, String output) {
        return ofType(name, "decide").set("choose", weights).set("output_var", output);
    }

    // ---- what every step may have

    /// Which service it speaks to, where more than one fits.
    public Step service(String name) {
        return set("service", name);
    }

    /// An expression; when it is false the step is skipped.
    public Step condition(String expression) {
        return set("condition", expression);
    }

    public Step timeout(Duration limit) {
        return set("timeout", limit);
    }

    /// Tries again after any failure.
    public Step retry(int maxAttempts) {
        return new Step(block.inside("retry", "max_attempts", maxAttempts));
    }

    /// Tries again, as the keys of `retry` say.
    public Step retry(Map<String, ? extends @Nullable Object> keys) {
        return set("retry", keys);
    }

    /// Takes a value out of what came back.
    public Step extract(String name, String jsonPath) {
        return new Step(block.inside("extract", name, jsonPath));
    }

    /// Takes a value out of what came back.
    public Step extract(String name, Extract from) {
        return new Step(block.inside("extract", name, from));
    }

    /// Adds expectations; all must hold.
    public Step expect(Expect... expectations) {
        return new Step(block.adding(EXPECT, List.of(expectations)));
    }

    /// Adds an expectation with one key, such as `status_code`.
    public Step expect(String key, @Nullable Object value) {
        return expect(Expect.that(key, value));
    }

    /// What a failure does, over the scenario's `stop_when`.
    ///
    /// @param what `stop` or `continue`
    public Step onFailure(String what) {
        return set("on_failure", what);
    }

    public Step tags(String... tags) {
        return new Step(block.adding("tags", List.of(tags)));
    }

    public Step description(String text) {
        return set("description", text);
    }

    // ---- what some steps have

    /// Of a wait: adds what it waits for.
    public Step until(Expect... expectations) {
        return new Step(block.adding("until", List.of(expectations)));
    }

    /// Of a wait, or of a job's poll: the time from one poll to the next.
    public Step interval(Duration length) {
        return set("interval", length);
    }

    /// Of a job: where its state is, in which it has succeeded, and in which it has failed.
    public Step states(String jsonPath, List<String> success, List<String> failure) {
        return set("state", jsonPath).set("success_states", success).set("failure_states", failure);
    }

    /// Of a branch.
    public Step ifTrue(Step... steps) {
        return new Step(block.adding("if_true", List.of(steps)));
    }

    /// Of a branch.
    public Step ifFalse(Step... steps) {
        return new Step(block.adding("if_false", List.of(steps)));
    }

    /// Of a call: a value over the called scenario's `entry.seed_data`.
    public Step with(String name, @Nullable Object value) {
        return new Step(block.inside("with", name, value));
    }

    /// Of a call: names that come back.
    public Step returns(String... names) {
        return new Step(block.adding("returns", List.of(names)));
    }

    /// Any key of a step, with the value that would stand there in YAML.
    public Step set(String key, @Nullable Object value) {
        return new Step(block.with(key, value));
    }

    private Step doing(Step... steps) {
        return new Step(block.adding("do", List.of(steps)));
    }

    MappingNode node() {
        return block.node();
    }
}
