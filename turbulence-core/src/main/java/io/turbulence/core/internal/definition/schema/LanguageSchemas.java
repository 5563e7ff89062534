package io.turbulence.core.internal.definition.schema;

import static io.turbulence.core.internal.definition.schema.Schemas.anyOf;
import static io.turbulence.core.internal.definition.schema.Schemas.array;
import static io.turbulence.core.internal.definition.schema.Schemas.described;
import static io.turbulence.core.internal.definition.schema.Schemas.not;
import static io.turbulence.core.internal.definition.schema.Schemas.object;
import static io.turbulence.core.internal.definition.schema.Schemas.orNull;
import static io.turbulence.core.internal.definition.schema.Schemas.ref;
import static io.turbulence.core.internal.definition.schema.Schemas.required;
import static io.turbulence.core.internal.definition.schema.Schemas.schema;

import io.turbulence.core.internal.definition.binding.Durations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parts of files that are the language's own, of no plugin.
final class LanguageSchemas {

    static final String EXPECTATIONS = "expectations";
    static final String STEP = "step";
    static final String STEPS = "steps";

    static final List<String> COMPARISONS = List.of(
            "equals",
            "not_equals",
            "in",
            "contains",
            "not_contains",
            "matches",
            "exists",
            "gt",
            "gte",
            "lt",
            "lte",
            "size",
            "type");

    private static final List<String> SUBJECTS = List.of("jsonpath", "context_path", "metadata", "header");
    private static final List<String> SOURCES =
            List.of("jsonpath", "header", "metadata", "expression", "regex", "xpath");

    private LanguageSchemas() {}

    // Values as the language reads them

    static Map<String, Object> text(String description) {
        return described(description, schema("type", List.of("string", "number", "boolean", "null")));
    }

    static Map<String, Object> texts(String description) {
        return described(
                description, anyOf(schema("type", List.of("string", "number", "boolean", "null")), array(scalar())));
    }

    static Map<String, Object> flag(String description, boolean otherwise) {
        Map<String, Object> schema = described(
                description,
                anyOf(schema("enum", Arrays.asList(true, false, "true", "false", null)), Schemas.TEMPLATE));
        schema.put("default", otherwise);
        return schema;
    }

    static Map<String, Object> whole(String description, long least) {
        return described(
                description,
                orNull(anyOf(
                        schema("type", "integer", "minimum", least),
                        schema("type", "string", "pattern", "^\\d[\\d_]*$"),
                        Schemas.TEMPLATE)));
    }

    static Map<String, Object> decimal(String description, double least) {
        return described(
                description,
                orNull(anyOf(
                        schema("type", "number", "minimum", least),
                        schema("type", "string", "pattern", "^\\d+(?:\\.\\d+)?$"),
                        Schemas.TEMPLATE)));
    }

    static Map<String, Object> duration(String description) {
        return described(
                description,
                orNull(anyOf(
                        schema("type", "number", "minimum", 0),
                        schema("type", "string", "pattern", "^(?:" + Durations.FORM + "|\\d+(?:\\.\\d+)?)$"),
                        Schemas.TEMPLATE)));
    }

    static Map<String, Object> expression(String description) {
        return described(description, scalar());
    }

    static Map<String, Object> mapping(String description) {
        return described(description, schema("type", List.of("object", "null")));
    }

    static Map<String, Object> steps(String description) {
        return described(description, orNull(ref(STEPS)));
    }

    private static Map<String, Object> scalar() {
        return schema("type", List.of("string", "number", "boolean"));
    }

    // Steps

    /// The keys that every step may have.
    static Map<String, Object> common() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", text("Unique in the scenario; later steps refer to `steps.<name>`."));
        keys.put("type", text("The action: of a plugin, or built in."));
        keys.put("service", text("Which service; may be left out where only one fits."));
        keys.put("condition", expression("False skips the step."));
        keys.put("timeout", duration("Longest time for the step, or for one attempt of an action."));
        keys.put("timeout_seconds", duration("Another name of `timeout`."));
        keys.put("retry", ref("retry"));
        keys.put("extract", ref("extract"));
        keys.put("expect", ref(EXPECTATIONS));
        keys.put(
                "on_failure",
                described(
                        "What a failure does, over `stop_when`.",
                        schema("enum", Arrays.asList("stop", "continue", null))));
        keys.put("tags", texts("Words to choose steps by."));
        keys.put("description", text("For people."));
        return keys;
    }

    static Map<String, Object> without(Map<String, Object> keys, String... gone) {
        Map<String, Object> rest = new LinkedHashMap<>(keys);
        List.of(gone).forEach(rest::remove);
        return rest;
    }

    static Map<String, Object> typed(Map<String, Object> keys, String type, String description) {
        Map<String, Object> typed = new LinkedHashMap<>(keys);
        typed.put("type", schema("const", type, "description", description));
        return typed;
    }

    private static Map<String, Object> step(
            String type, String description, Map<String, Object> keys, List<String> required, String... without) {
        Map<String, Object> properties = typed(without(common(), without), type, description);
        properties.putAll(keys);
        List<String> all = new ArrayList<>(List.of("type"));
        all.addAll(required);
        return described(description, object(properties, all));
    }

    /// The keys of a wait that are not those of the action it repeats.
    static Map<String, Object> ofWait() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("interval", duration("Time between two polls."));
        keys.put("interval_seconds", duration("Another name of `interval`."));
        keys.put("until", ref(EXPECTATIONS));
        return keys;
    }

    /// Either `until` or `expect`, which mean the same.
    static Map<String, Object> untilOrExpect() {
        return schema("oneOf", List.of(required("until"), required("expect")));
    }

    /// The built-in steps, by type, but for those that hold actions of plugins.
    static Map<String, Map<String, Object>> builtIn() {
        Map<String, Map<String, Object>> steps = new LinkedHashMap<>();
        String[] judging = {"extract", "expect", "retry", "service"};
        Map<String, Object> sleep = step("sleep", "Waits for a time.", sleepKeys(), List.of(), judging);
        Schemas.also(
                sleep,
                schema("oneOf", List.of(required("duration"), required("duration_seconds"), required("seconds"))));
        steps.put("sleep", sleep);
        steps.put(
                "assert", step("assert", "Checks what was observed.", Map.of(), List.of("expect"), "extract", "retry"));
        steps.put(
                "branch",
                step(
                        "branch",
                        "Goes one way or the other.",
                        schema(
                                "condition", expression("Chooses the way."),
                                "if_true", steps("Done when it holds."),
                                "if_false", steps("Done when it does not.")),
                        List.of("condition"),
                        judging));
        Map<String, Object> loop = step("loop", "Repeats steps.", loopKeys(), List.of("do"), judging);
        Schemas.also(loop, schema("oneOf", List.of(required("for_each"), required("times"), required("while"))));
        steps.put("loop", loop);
        steps.put(
                "parallel",
                step(
                        "parallel",
                        "Does several lists of steps at once.",
                        schema(
                                "branches",
                                described(
                                        "Lists of steps.",
                                        schema("type", "array", "minItems", 1, "items", ref(STEPS)))),
                        List.of("branches"),
                        judging));
        steps.put(
                "group",
                step(
                        "group",
                        "Several steps, timed as one.",
                        schema("do", steps("The steps.")),
                        List.of("do"),
                        judging));
        steps.put("call", step("call", "Runs another scenario's flow.", callKeys(), List.of("scenario"), judging));
        steps.put(
                "decide",
                step(
                        "decide",
                        "Chooses by weight, from the seed.",
                        decideKeys(),
                        List.of("choose", "output_var"),
                        judging));
        return steps;
    }

    private static Map<String, Object> sleepKeys() {
        Map<String, Object> range =
                object(schema("min", duration("The shortest time."), "max", duration("The longest time.")), List.of());
        return schema(
                "duration", anyOf(duration("How long."), range),
                "duration_seconds", anyOf(duration("Another name of `duration`."), range),
                "seconds", anyOf(duration("Another name of `duration`."), range));
    }

    private static Map<String, Object> loopKeys() {
        return schema(
                "for_each", described("A list, or a template that gives one.", schema()),
                "times", described("How often.", schema()),
                "while", expression("Goes on while it holds."),
                "as", text("The name of the item in `for_each`."),
                "do", steps("The steps that are repeated."));
    }

    private static Map<String, Object> callKeys() {
        return schema(
                "scenario", expression("The scenario's file, relative to this one."),
                "with", described("Values over the called scenario's `entry.seed_data`.", schema()),
                "returns", texts("Names that it extracts and hands back."));
    }

    private static Map<String, Object> decideKeys() {
        return schema(
                "choose",
                described(
                        "Choices and their weights.",
                        schema(
                                "type",
                                "object",
                                "minProperties",
                                1,
                                "additionalProperties",
                                decimal("The weight.", 0))),
                "output_var",
                expression("The name that holds the choice."));
    }

    /// A job, around the schemas of what it submits and polls.
    static Map<String, Object> job(Object submit, Object poll) {
        Map<String, Object> keys = schema(
                "submit", submit,
                "poll", poll,
                "state", described("JSONPath to the state in the poll's answer.", schema("type", "string")),
                "success_states", texts("States in which the job has succeeded."),
                "failure_states", texts("States in which it has failed."));
        return step(
                "job",
                "Submits a job and polls until it is done.",
                keys,
                List.of("submit", "poll", "state", "success_states"),
                "retry");
    }

    static Map<String, Object> waiting(Object poll) {
        Map<String, Object> keys = ofWait();
        keys.put("poll", poll);
        Map<String, Object> schema =
                step("wait", "Repeats an action until an expectation holds.", keys, List.of("poll"), "retry");
        Schemas.also(schema, untilOrExpect());
        return schema;
    }

    // Parts

    /// The schemas that others refer to.
    static Map<String, Object> parts(Collection<String> statusKeys) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put(STEPS, array(ref(STEP)));
        parts.put(
                EXPECTATIONS,
                described(
                        "One expectation or a list; all must hold.",
                        anyOf(ref("expectation"), array(ref("expectation")))));
        parts.put("expectation", expectation(statusKeys));
        parts.put("extract", extract());
        parts.put("retry", retry());
        return parts;
    }

    private static Map<String, Object> expectation(Collection<String> statusKeys) {
        Map<String, Object> keys = new LinkedHashMap<>();
        statusKeys.forEach(
                key -> keys.put(key, described("The protocol's status; a list means any of these.", schema())));
        SUBJECTS.forEach(key -> keys.put(key, described("What is compared.", scalar())));
        COMPARISONS.forEach(key -> keys.put(key, described("Compares the subject.", schema())));
        keys.put("in", described("The subject is one of these.", anyOf(schema("type", "array"), Schemas.TEMPLATE)));
        keys.put("expression", expression("An expression that must be true."));
        keys.put("schema", described("A JSON Schema (2020-12), inline or `{$ref: file}`.", schema()));
        keys.put("body", described("A shape: keys named must match, others are ignored.", schema()));
        keys.put(
                "latency_ms",
                described(
                        "The latency in milliseconds.",
                        schema("type", "object", "propertyNames", schema("enum", COMPARISONS))));
        keys.put("name", described("For reports.", schema()));
        keys.put("description", described("For people.", schema()));
        Map<String, Object> schema = object(keys, List.of());
        List<Object> subjects = new ArrayList<>();
        for (int i = 0; i < SUBJECTS.size(); i++) {
            subjects.add(required(SUBJECTS.get(i)));
            for (int j = i + 1; j < SUBJECTS.size(); j++) {
                Schemas.also(schema, not(required(SUBJECTS.get(i), SUBJECTS.get(j))));
            }
        }
        subjects.add(not(anyOf(COMPARISONS.stream().map(Schemas::required).toArray())));
        Schemas.also(schema, anyOf(subjects.toArray()));
        return anyOf(described("An expression.", schema("type", "string")), schema);
    }

    private static Map<String, Object> extract() {
        Map<String, Object> keys = new LinkedHashMap<>();
        SOURCES.forEach(key -> keys.put(key, described("Where the value is.", scalar())));
        keys.put("default", described("The value when nothing is found.", schema()));
        keys.put("secret", described("Whether the value must never be shown.", schema()));
        Map<String, Object> detailed = object(keys, List.of());
        detailed.put("oneOf", SOURCES.stream().map(Schemas::required).toList());
        return described(
                "Names for parts of the answer.",
                schema(
                        "type",
                        List.of("object", "null"),
                        "additionalProperties",
                        anyOf(described("A JSONPath.", schema("type", "string")), detailed)));
    }

    private static Map<String, Object> retry() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("max_attempts", whole("Attempts in all.", 1));
        keys.put("on_status", texts("Statuses that are tried again."));
        keys.put("on_timeout", flag("Whether a timeout is tried again.", false));
        keys.put("on_connection_error", flag("Whether a failed connection is tried again.", false));
        keys.put("when", expression("Tries again when it holds."));
        keys.put(
                "backoff",
                described(
                        "How the time between attempts grows.",
                        schema("enum", Arrays.asList("exponential", "fixed", null))));
        for (String name : List.of("delay", "base_delay", "max_delay")) {
            keys.put(name, duration("Time between attempts."));
            keys.put(name + "_ms", duration("The same in milliseconds."));
        }
        keys.put("jitter", flag("Whether the time varies at random.", true));
        return described("When and how an action is tried again.", orNull(object(keys, List.of())));
    }

    // Files

    static Map<String, Object> scenario(Object assertion) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("id", text("Unique among the loaded scenarios."));
        keys.put("version", described("The version of the format.", schema()));
        keys.put("description", text("For people."));
        keys.put("tags", texts("Words to choose scenarios by: `--only`, `--skip`."));
        keys.put("weight", decimal("Share of the instances when several scenarios run.", 0));
        keys.put("callable", flag("Only for `call`, never started by itself.", false));
        keys.put("entry", mapping("What stands here is `entry.…`; rendered once per instance."));
        keys.put("data", data());
        keys.put("flow", steps("The steps."));
        keys.put("assertions", described("Checks after the flow; `type` may be left out.", orNull(array(assertion))));
        keys.put("finally", steps("Steps that always run."));
        keys.put(
                "stop_when",
                described(
                        "What stops an instance.",
                        orNull(object(
                                schema(
                                        "any_action_fails", flag("An action failed.", true),
                                        "any_assertion_fails", flag("An assertion failed.", false)),
                                List.of()))));
        keys.put("max_steps", whole("Steps that one instance may execute.", 1));
        keys.put("load", load());
        keys.put("thresholds", described("Conditions that the run must meet.", orNull(array(threshold()))));
        return object(keys, List.of("id", "flow"));
    }

    private static Map<String, Object> data() {
        Map<String, Object> keys = schema(
                "file", text("A file of rows: csv, json, jsonl or yaml."),
                "pick",
                        described(
                                "Which row an instance gets.",
                                schema("enum", Arrays.asList("sequential", "shuffle", "random", "unique", null))),
                "rows", described("The rows themselves.", schema()));
        return described("One row for each instance, as `data.…`.", orNull(object(keys, List.of())));
    }

    private static Map<String, Object> threshold() {
        Map<String, Object> stopping = object(
                schema(
                        "condition", described("What must hold.", scalar()),
                        "abort", flag("Whether the run is stopped as soon as it does not hold.", false),
                        "after",
                                duration("Not looked at for so long from the first instance that counts: no stop, no"
                                        + " window.")),
                List.of("condition"));
        return anyOf(scalar(), stopping);
    }

    private static Map<String, Object> load() {
        Map<String, Object> rate = schema("type", List.of("string", "number"));
        Map<String, Object> stage = object(
                schema(
                        "ramp_to", described("The rate at the end.", rate),
                        "hold", duration("Keeps the rate so long."),
                        "rate", described("The rate that is held.", rate),
                        "duration", duration("How long the ramp takes, or the rate is kept.")),
                List.of());
        Schemas.also(stage, anyOf(required("hold"), required("ramp_to", "duration"), required("rate", "duration")));
        Map<String, Object> range =
                object(schema("min", duration("At least."), "max", duration("At most.")), List.of("max"));
        Map<String, Object> keys = schema(
                "instances", whole("How many instances.", 1),
                "concurrency", whole("How many at once.", 1),
                "rate", described("Arrivals, such as `200/s`.", rate),
                "duration", duration("How long."),
                "max_concurrency", whole("Most instances at once when they arrive by rate.", 1),
                "warm_up", duration("Run and recorded, but in no result."),
                "stages", described("Rates over time.", array(stage)),
                "arrivals",
                        described(
                                "How arrivals of the same rate follow one another.",
                                schema("enum", Arrays.asList("even", "poisson", null))),
                "pacing",
                        described(
                                "Least time from one start to the next of the same slot.",
                                schema("anyOf", List.of(duration("So long."), range))),
                "after", text("Begins so long after the run, or after the scenario with this id."));
        Map<String, Object> schema = object(keys, List.of());
        Schemas.also(
                schema,
                anyOf(required("stages"), required("rate", "duration"), required("instances"), required("duration")));
        return described("How many instances run, and when.", orNull(schema));
    }

    /// A system file, around the schemas of services and of keys that plugins read at its top.
    static Map<String, Object> system(Object service, Map<String, Object> pluginKeys) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", text("The system's name."));
        keys.put("version", described("The version of the format.", schema()));
        keys.put(
                "services",
                described(
                        "What is tested, by name.", orNull(schema("type", "object", "additionalProperties", service))));
        keys.put("launch", described("Programs started for the run.", orNull(array(launch()))));
        keys.put("default_profile", text("The profile when none is chosen."));
        keys.put(
                "profiles",
                described(
                        "Overrides, merged deep: mappings merge, lists replace, null removes.",
                        orNull(schema("type", "object", "additionalProperties", mapping("Overrides.")))));
        keys.put("before_run", steps("Once per run; what they extract is `run.<name>`."));
        keys.put("after_run", steps("Once per run, always."));
        keys.putAll(pluginKeys);
        return object(keys, List.of());
    }

    private static Map<String, Object> launch() {
        Map<String, Object> ready = object(
                schema(
                        "port", flag("When its port is open.", false),
                        "log", text("When a line matches this regular expression."),
                        "poll", described("When this step succeeds.", schema("type", "object"))),
                List.of());
        ready.put("oneOf", List.of(required("port"), required("log"), required("poll")));
        return object(
                schema(
                        "name", text("For `{{launch.<name>.port}}`."),
                        "command", texts("The program and its arguments."),
                        "env", mapping("Its environment."),
                        "folder", text("Where it runs, relative to this file."),
                        "ready", described("When it is ready.", orNull(ready)),
                        "timeout", duration("Longest time to become ready."),
                        "timeout_seconds", duration("Another name of `timeout`.")),
                List.of("command"));
    }
}
