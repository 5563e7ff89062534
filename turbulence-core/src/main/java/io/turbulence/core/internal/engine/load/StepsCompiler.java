package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.check.ChecksCompiler;
import io.turbulence.core.internal.check.Expectation;
import io.turbulence.core.internal.check.Extraction;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.ValueType;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.engine.ActionCall;
import io.turbulence.core.internal.engine.ActionStep;
import io.turbulence.core.internal.engine.AssertStep;
import io.turbulence.core.internal.engine.BranchStep;
import io.turbulence.core.internal.engine.CallStep;
import io.turbulence.core.internal.engine.CompiledAction;
import io.turbulence.core.internal.engine.DecideStep;
import io.turbulence.core.internal.engine.GroupStep;
import io.turbulence.core.internal.engine.JobStep;
import io.turbulence.core.internal.engine.KeptSteps;
import io.turbulence.core.internal.engine.LoopStep;
import io.turbulence.core.internal.engine.ParallelStep;
import io.turbulence.core.internal.engine.Retry;
import io.turbulence.core.internal.engine.ScenarioPlan;
import io.turbulence.core.internal.engine.ServicePlan;
import io.turbulence.core.internal.engine.SleepStep;
import io.turbulence.core.internal.engine.Step;
import io.turbulence.core.internal.engine.WaitStep;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.ReservedNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles the steps of one scenario. For one thread.
final class StepsCompiler {

    static final List<String> BUILT_IN =
            List.of("sleep", "assert", "wait", "job", "branch", "loop", "parallel", "group", "call", "decide");

    private static final Set<String> OF_WAIT = Set.of("interval", "interval_seconds", "until", "poll");
    private static final Set<String> OF_POLL = Set.of("type", "service");
    private static final Set<String> OF_SUBMIT = Set.of("type", "service", "extract", "expect");
    private static final Set<String> OF_JOB_POLL = Set.of("type", "service", "interval", "interval_seconds");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /// What the scenarios of a run share while they are compiled.
    interface Shared {

        /// The index of the next step.
        int nextIndex();

        void add(StepInfo info);

        void add(CompiledAction action);

        /// The flow that a `call` means; empty when there is none, which is then a problem.
        Optional<ScenarioPlan> called(YamlNode node, String path);

        Duration defaultTimeout();
    }

    private final String scenario;
    private final Compilation compilation;
    private final ActionCompiler actions;
    private final ChecksCompiler checks;
    private final Shared shared;
    private final KeptSteps kept;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();

    StepsCompiler(
            String scenario,
            Compilation compilation,
            ActionCompiler actions,
            ChecksCompiler checks,
            Shared shared,
            KeptSteps kept) {
        this.scenario = scenario;
        this.compilation = compilation;
        this.actions = actions;
        this.checks = checks;
        this.shared = shared;
        this.kept = kept;
    }

    /// Compiles a list of steps.
    ///
    /// @param container the place of the step that holds the list; empty at the top
    /// @param list      the list's name in it: `flow`, `if_true`, `branches[0]`
    /// @param flow      what is defined before the first one; afterwards, before what follows the last
    List<Step> compile(List<YamlNode> nodes, String container, String list, NameFlow flow) {
        return compile(nodes, container, list, flow, null);
    }

    /// As the other, where a step without `type` is of this type.
    List<Step> compile(
            List<YamlNode> nodes, String container, String list, NameFlow flow, @Nullable String defaultType) {
        List<Step> steps = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            String segment = list + "[" + i + "]";
            String place = container.isEmpty() ? segment : container + "." + segment;
            if (nodes.get(i) instanceof MappingNode node) {
                compile(new Draft(node, segment, place, defaultType), flow).ifPresent(steps::add);
            } else {
                compilation
                        .problems()
                        .error(
                                Codes.TYPE,
                                nodes.get(i).location(),
                                place,
                                nodes.get(i).description(),
                                "a step: a mapping",
                                null);
            }
        }
        return steps;
    }

    private Optional<Step> compile(Draft draft, NameFlow flow) {
        Optional<String> type = draft.fields.text("type").or(() -> Optional.ofNullable(draft.defaultType));
        if (type.isEmpty()) {
            if (!draft.node.has("type")) {
                String misspelt = draft.node.keys().stream()
                        .filter(key -> !ReservedNames.STEP_KEYS.contains(key)
                                && Nearest.of(key, List.of("type")).isPresent())
                        .map(key -> "Did you write '" + key + "' for it?")
                        .findFirst()
                        .orElse(null);
                draft.fields.missing("type", "the step's type, such as http or wait", misspelt);
            }
            assume(draft.node, flow);
            return Optional.empty();
        }
        draft.type = type.get();
        draft.name = name(draft);
        compilation.begin();
        draft.condition = draft.node.has("condition") && !draft.type.equals("branch")
                ? compilation
                        .condition(draft.get("condition"), draft.at("condition"))
                        .orElse(null)
                : null;
        flow.check(compilation.uses(), false, Set.of());
        if (draft.condition != null && isConstant(draft.get("condition"), "false")) {
            neverRuns(draft.get("condition"), draft.at("condition"), "the step '" + draft.name + "'");
        }
        Optional<Step> step = switch (draft.type) {
            case "sleep" -> sleep(draft, flow);
            case "assert" -> assertion(draft, flow);
            case "wait" -> waiting(draft, flow);
            case "job" -> job(draft, flow);
            case "branch" -> branch(draft, flow);
            case "loop" -> loop(draft, flow);
            case "parallel" -> parallel(draft, flow);
            case "group" -> group(draft, flow);
            case "call" -> call(draft, flow);
            case "decide" -> decide(draft, flow);
            default -> action(draft, flow);
        };
        flow.step(draft.name);
        if (step.isEmpty()) {
            assume(draft.node, flow);
        }
        return step;
    }

    /// Defines what a step with mistakes would have set, so that nobody is told that it is missing.
    private static void assume(YamlNode node, NameFlow flow) {
        if (node instanceof SequenceNode list) {
            list.items().forEach(item -> assume(item, flow));
        } else if (node instanceof MappingNode mapping) {
            flow.observe();
            if (mapping.get("extract") instanceof MappingNode extract) {
                flow.define(extract.keys());
            }
            if (mapping.has("type") && mapping.get("name") instanceof ScalarNode name) {
                flow.step(name.text());
            }
            if (mapping.get("output_var") instanceof ScalarNode name) {
                flow.define(name.text());
            }
            if (mapping.get("returns") instanceof SequenceNode names) {
                names.items().stream()
                        .filter(ScalarNode.class::isInstance)
                        .forEach(name -> flow.define(((ScalarNode) name).text()));
            }
            mapping.entries().forEach(entry -> assume(entry.value(), flow));
        }
    }

    private static boolean isConstant(YamlNode node, String text) {
        return node instanceof ScalarNode scalar && scalar.text().strip().equalsIgnoreCase(text);
    }

    private void neverRuns(YamlNode node, String path, String what) {
        compilation.problems().warning(Codes.UNREACHABLE, node.location(), path, what + " never runs", null);
    }

    private String name(Draft draft) {
        Optional<String> given = draft.fields.text("name");
        if (given.isEmpty()) {
            String name;
            do {
                name = draft.type + "_" + counts.merge(draft.type, 1, Integer::sum);
            } while (kept.isNamed(name) || !names.add(name));
            return name;
        }
        if (!names.add(given.get())) {
            compilation
                    .problems()
                    .error(
                            Codes.VALUE,
                            draft.get("name").location(),
                            draft.at("name"),
                            "a second step named '" + given.get() + "'",
                            "a name that is unique in the scenario",
                            null);
        }
        return given.get();
    }

    // ---- actions of plugins

    private Optional<Step> action(Draft draft, NameFlow flow) {
        YamlNode typeNode = draft.node.get("type");
        Optional<LoadedAction> loaded = actions.action(
                draft.type, typeNode == null ? draft.node.location() : typeNode.location(), draft.at("type"));
        if (loaded.isEmpty()) {
            return Optional.empty();
        }
        Optional<ServicePlan> service = service(draft, loaded.get());
        if (service.isEmpty()) {
            return Optional.empty();
        }
        draft.checks = checks.of(service.get().type().type());
        beginUses();
        CompiledAction compiled = actions.compile(
                loaded.get(),
                service.get(),
                draft.node.without(ReservedNames.STEP_KEYS),
                draft.place,
                ReservedNames.STEP_KEYS);
        shared.add(compiled);
        flow.check(compilation.uses(), false, Set.of());
        ActionCall<?, ?> call = compiled.subscriptions().isEmpty()
                ? compiled.call()
                : compiled.call().over(flow.origins(compilation.uses()));
        Retry retry = retry(draft, flow);
        draft.timeout = timeout(draft).or(() -> service.get().timeout()).orElse(shared.defaultTimeout());
        Step.Common common =
                judged(draft, flow, StepInfo.Kind.ACTION, service.get().name());
        return Optional.of(new ActionStep(common, call, retry));
    }

    private Optional<ServicePlan> service(Draft draft, LoadedAction action) {
        YamlNode node = draft.node.get("service");
        return actions.service(
                draft.fields.text("service").orElse(null),
                action,
                node == null ? draft.node.location() : node.location(),
                draft.at("service"));
    }

    private @Nullable Retry retry(Draft draft, NameFlow flow) {
        Optional<MappingNode> node = draft.fields.mapping("retry");
        if (node.isEmpty()) {
            return null;
        }
        Fields fields = new Fields(node.get(), draft.at("retry"), compilation);
        beginUses();
        Expression when = node.get().has("when")
                ? fields.node("when")
                        .flatMap(expression -> compilation.condition(expression, draft.at("retry.when")))
                        .orElse(null)
                : null;
        flow.check(compilation.uses(), true, Set.of());
        Set<String> statuses = new LinkedHashSet<>(fields.texts("on_status"));
        boolean onTimeout = fields.flag("on_timeout", false);
        boolean onConnectionError = fields.flag("on_connection_error", false);
        boolean onAny = statuses.isEmpty() && !onTimeout && !onConnectionError && when == null;
        Backoff backoff = fields.choice(
                "backoff", Backoff.class, node.get().has("delay_ms") ? Backoff.FIXED : Backoff.EXPONENTIAL);
        Duration delay = fields.durationOf("delay_ms", "delay").orElse(Duration.ofSeconds(1));
        Duration base = fields.durationOf("base_delay_ms", "base_delay").orElse(Duration.ofMillis(100));
        Duration most = fields.durationOf("max_delay_ms", "max_delay").orElse(Duration.ofSeconds(10));
        Retry retry = new Retry(
                (int) fields.number("max_attempts", 3, 1),
                statuses,
                onTimeout,
                onConnectionError,
                when,
                onAny,
                backoff == Backoff.FIXED ? delay : null,
                base,
                most,
                fields.flag("jitter", true));
        fields.allow(Set.of("when")).refuseOthers();
        return retry;
    }

    private enum Backoff {
        EXPONENTIAL,
        FIXED
    }

    // ---- steps that wait

    private Optional<Step> waiting(Draft draft, NameFlow flow) {
        Optional<CompiledAction> poll = draft.node.has("poll")
                ? polled(draft, draft.fields.mapping("poll"), draft.at("poll"), OF_POLL, flow)
                : polledDirectly(draft, flow);
        Duration interval =
                draft.fields.durationOf("interval", "interval_seconds").orElse(DEFAULT_INTERVAL);
        draft.timeout = timeout(draft).orElse(shared.defaultTimeout());
        if (draft.node.has("poll")) {
            refuseOthers(draft, OF_WAIT);
        }
        refuse(draft, "retry", "A wait polls by itself.");
        if (poll.isEmpty()) {
            return Optional.empty();
        }
        draft.checks = checks.of(poll.get().service().type().type());
        beginUses();
        Optional<YamlNode> until = draft.fields.oneOf("until", "expect");
        if (until.isEmpty()) {
            draft.fields.missing("until", "what to wait for: an expectation, under 'until' or 'expect'", null);
        }
        List<Expectation> expectations = until.map(
                        node -> draft.checks.expectations(node, draft.at(draft.node.has("until") ? "until" : "expect")))
                .orElse(List.of());
        flow.check(compilation.uses(), true, Set.of());
        Step.Common common =
                common(draft, StepInfo.Kind.POLLING, poll.get().service().name(), extractions(draft, flow), List.of());
        return Optional.of(new WaitStep(common, poll.get().call(), interval, callTimeout(poll.get()), expectations));
    }

    /// The settings of the service's default action stand in the step itself.
    private Optional<CompiledAction> polledDirectly(Draft draft, NameFlow flow) {
        Optional<String> service = draft.fields.text("service");
        Set<String> others = new LinkedHashSet<>(ReservedNames.STEP_KEYS);
        others.addAll(OF_WAIT);
        Optional<String> type = actions.defaultAction(
                service.orElse(null), draft.node.without(others).keys());
        if (type.isEmpty()) {
            draft.fields.missing("poll", "the action to repeat, as {type: …}", "Or name the 'service'.");
            return Optional.empty();
        }
        return compiled(draft, type.get(), draft.node.without(others), draft.place, service.orElse(null), others, flow);
    }

    private Optional<CompiledAction> polled(
            Draft draft, Optional<MappingNode> poll, String path, Set<String> others, NameFlow flow) {
        if (poll.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = new Fields(poll.get(), path, compilation);
        Optional<String> service = fields.text("service").or(() -> draft.fields.text("service"));
        Optional<String> type = fields.text("type")
                .or(() -> actions.defaultAction(
                        service.orElse(null), poll.get().without(OF_POLL).keys()));
        if (type.isEmpty()) {
            fields.missing("type", "the type of the action to repeat", null);
            return Optional.empty();
        }
        return compiled(draft, type.get(), poll.get().without(OF_POLL), path, service.orElse(null), others, flow);
    }

    private Optional<CompiledAction> compiled(
            Draft draft,
            String type,
            MappingNode settings,
            String path,
            @Nullable String service,
            Set<String> others,
            NameFlow flow) {
        Optional<LoadedAction> loaded = actions.action(type, settings.location(), path + ".type");
        Optional<ServicePlan> plan =
                loaded.flatMap(action -> actions.service(service, action, draft.node.location(), path + ".service"));
        if (loaded.isEmpty() || plan.isEmpty()) {
            return Optional.empty();
        }
        beginUses();
        CompiledAction compiled = actions.compile(loaded.get(), plan.get(), settings, path, others);
        flow.check(compilation.uses(), false, Set.of());
        shared.add(compiled);
        return Optional.of(compiled);
    }

    /// Bounds one call of a step that makes many.
    private Duration callTimeout(CompiledAction action) {
        return action.service().timeout().orElse(shared.defaultTimeout());
    }

    private Optional<Step> job(Draft draft, NameFlow flow) {
        Optional<MappingNode> submitNode = draft.fields.mapping("submit");
        Optional<MappingNode> pollNode = draft.fields.mapping("poll");
        if (submitNode.isEmpty()) {
            draft.fields.missing("submit", "the action that submits the job", null);
        }
        if (pollNode.isEmpty()) {
            draft.fields.missing("poll", "the action that asks for its state", null);
        }
        refuse(draft, "retry", "A job polls by itself.");
        if (submitNode.isEmpty() || pollNode.isEmpty()) {
            return Optional.empty();
        }
        String submitPath = draft.at("submit");
        Fields submitFields = new Fields(submitNode.get(), submitPath, compilation);
        Optional<CompiledAction> submit = polled(
                draft, Optional.of(submitNode.get().without(Set.of("extract", "expect"))), submitPath, OF_SUBMIT, flow);
        if (submit.isEmpty()) {
            return Optional.empty();
        }
        draft.checks = checks.of(submit.get().service().type().type());
        beginUses();
        List<Extraction> extract = submitFields
                .node("extract")
                .map(node -> draft.checks.extractions(node, submitPath + ".extract", flow.reserved()))
                .orElse(List.of());
        List<Expectation> expect = submitFields
                .node("expect")
                .map(node -> draft.checks.expectations(node, submitPath + ".expect"))
                .orElse(List.of());
        flow.check(compilation.uses(), true, Set.of());
        extract.forEach(extraction -> flow.define(extraction.name()));
        Fields pollFields = new Fields(pollNode.get(), draft.at("poll"), compilation);
        Duration interval =
                pollFields.durationOf("interval", "interval_seconds").orElse(DEFAULT_INTERVAL);
        flow.observe();
        Optional<CompiledAction> poll =
                polled(draft, Optional.of(pollOf(pollNode.get(), submit.get())), draft.at("poll"), OF_JOB_POLL, flow);
        Optional<JsonPath> state =
                draft.fields.node("state").flatMap(node -> compilation.jsonPath(node, draft.at("state")));
        if (!draft.node.has("state")) {
            draft.fields.missing("state", "a JSONPath to the job's state in the poll's answer", null);
        }
        Set<String> success = new LinkedHashSet<>(draft.fields.texts("success_states"));
        if (success.isEmpty()) {
            draft.fields.missing("success_states", "the states in which the job has succeeded", null);
        }
        Set<String> failure = new LinkedHashSet<>(draft.fields.texts("failure_states"));
        draft.timeout = timeout(draft).orElse(shared.defaultTimeout());
        refuseOthers(draft, Set.of());
        if (poll.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        Step.Common common = judged(
                draft, flow, StepInfo.Kind.POLLING, submit.get().service().name());
        return Optional.of(new JobStep(
                common,
                new JobStep.Submit(submit.get().call(), extract, expect),
                poll.get().call(),
                interval,
                callTimeout(submit.get()),
                state.get(),
                success,
                failure));
    }

    /// The poll of a job takes type and service from the submission where it has none, and of the settings
    /// those that go with every call of a service.
    private MappingNode pollOf(MappingNode poll, CompiledAction submit) {
        MappingNode node = poll.without(Set.of("interval", "interval_seconds"));
        if (!node.has("type")) {
            node = node.with(entry(poll, "type", submit.loaded().type()));
        }
        if (!node.has("service")) {
            node = node.with(entry(poll, "service", submit.service().name()));
        }
        for (SettingComponent component :
                SettingsType.of(submit.loaded().action().settings()).components()) {
            MappingNode.Entry given = submit.node().entry(component.key());
            if (component.type() instanceof ValueType.MapType
                    && !component.inherits().isEmpty()
                    && given != null
                    && !node.has(component.key())) {
                node = node.with(given);
            }
        }
        return node;
    }

    private static MappingNode.Entry entry(MappingNode near, String key, String text) {
        return new MappingNode.Entry(key, near.location(), ScalarNode.of(near.location(), text));
    }

    // ---- steps that need nobody

    private Optional<Step> sleep(Draft draft, NameFlow flow) {
        beginUses();
        Optional<YamlNode> node = draft.fields.oneOf("duration", "duration_seconds", "seconds");
        if (node.isEmpty()) {
            draft.fields.missing("duration", "how long, such as 500ms or {min: 100ms, max: 2s}", null);
            refuseOthers(draft, Set.of());
            return Optional.empty();
        }
        SleepStep.Length length = length(draft, node.get());
        flow.check(compilation.uses(), false, Set.of());
        refuseOthers(draft, Set.of("duration_seconds", "seconds"));
        refuseJudging(draft);
        return Optional.of(new SleepStep(common(draft, StepInfo.Kind.LOCAL, null, List.of(), List.of()), length));
    }

    private SleepStep.Length length(Draft draft, YamlNode node) {
        if (node instanceof MappingNode mapping) {
            Fields fields = new Fields(mapping, draft.at("duration"), compilation);
            long min = fields.duration("min").orElse(Duration.ZERO).toNanos();
            long max = fields.duration("max").orElse(Duration.ZERO).toNanos();
            if (max < min) {
                fields.wrongType(mapping, "max", "a duration of at least 'min'");
            }
            fields.refuseOthers();
            int place = compilation.nextPlace();
            return scope -> Duration.ofNanos(min + Randomness.below(scope.random(place), Math.max(0, max - min) + 1));
        }
        if (node instanceof ScalarNode scalar && scalar.text().contains("{{")) {
            return new WrittenLength(compilation.tree(node, draft.at("duration")));
        }
        Fields fields = draft.fields;
        Duration constant =
                fields.durationOf("duration", "duration_seconds", "seconds").orElse(Duration.ZERO);
        return scope -> constant;
    }

    private Optional<Step> assertion(Draft draft, NameFlow flow) {
        if (!draft.node.has("expect")) {
            draft.fields.missing("expect", "an expectation or a list of them", null);
        }
        refuse(draft, "extract", "Extract in the step that speaks to the service.");
        refuse(draft, "retry", "Use a wait step to try again.");
        refuseOthers(draft, Set.of());
        beginUses();
        List<Expectation> expectations = expectations(draft);
        flow.check(compilation.uses(), false, Set.of("value"));
        return Optional.of(new AssertStep(common(draft, StepInfo.Kind.LOCAL, null, List.of(), expectations)));
    }

    private Optional<Step> decide(Draft draft, NameFlow flow) {
        Map<String, Double> weights = new LinkedHashMap<>();
        Optional<MappingNode> choose = draft.fields.mapping("choose");
        choose.ifPresent(mapping -> {
            Fields fields = new Fields(mapping, draft.at("choose"), compilation);
            mapping.keys().forEach(name -> weights.put(name, fields.decimal(name, 0, 0)));
        });
        if (choose.isEmpty()) {
            draft.fields.missing("choose", "a mapping of choices to their weights", null);
        } else if (weights.values().stream().mapToDouble(Double::doubleValue).sum() <= 0) {
            draft.fields.wrongType(choose.get(), "choose", "at least one weight above 0");
        }
        Optional<String> output = draft.fields.text("output_var");
        if (output.isEmpty()) {
            draft.fields.missing("output_var", "the name that holds the choice", null);
        }
        refuseOthers(draft, Set.of());
        refuseJudging(draft);
        output.ifPresent(flow::define);
        if (weights.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new DecideStep(common(draft, StepInfo.Kind.LOCAL, null, List.of(), List.of()), weights, output.get()));
    }

    // ---- steps made of steps

    private Optional<Step> branch(Draft draft, NameFlow flow) {
        beginUses();
        Optional<Expression> choice =
                draft.fields.node("condition").flatMap(node -> compilation.condition(node, draft.at("condition")));
        flow.check(compilation.uses(), false, Set.of());
        if (!draft.node.has("condition")) {
            draft.fields.missing("condition", "an expression that chooses", null);
        }
        Step.Common common = container(draft, false);
        NameFlow left = flow.branch();
        NameFlow right = flow.branch();
        List<Step> ifTrue = compile(draft.fields.list("if_true"), draft.place, "if_true", left);
        List<Step> ifFalse = compile(draft.fields.list("if_false"), draft.place, "if_false", right);
        flow.merge(left);
        flow.merge(right);
        refuseOthers(draft, Set.of());
        for (boolean value : new boolean[] {true, false}) {
            String list = value ? "if_false" : "if_true";
            if (draft.node.has("condition")
                    && draft.node.has(list)
                    && isConstant(draft.get("condition"), String.valueOf(value))) {
                neverRuns(draft.get(list), draft.at(list), "'" + list + "' of '" + draft.name + "'");
            }
        }
        return choice.map(expression -> new BranchStep(common, expression, ifTrue, ifFalse));
    }

    private Optional<Step> group(Draft draft, NameFlow flow) {
        Step.Common common = container(draft, false);
        List<Step> steps = compile(body(draft, "do"), draft.place, "do", flow);
        refuseOthers(draft, Set.of());
        return Optional.of(new GroupStep(common, steps));
    }

    private Optional<Step> loop(Draft draft, NameFlow flow) {
        List<String> kinds = List.of("for_each", "times", "while").stream()
                .filter(draft.node::has)
                .toList();
        if (kinds.isEmpty()) {
            draft.fields.missing("for_each", "exactly one of for_each, times, while", null);
        }
        draft.fields.refuseSecond(kinds, "exactly one of for_each, times, while");
        String item = draft.fields.text("as").orElse("item");
        beginUses();
        LoopStep.Count count = kinds.size() == 1 ? count(draft, kinds.getFirst(), item) : null;
        boolean loops = kinds.contains("while");
        List<Compilation.Use> head = compilation.uses();
        Step.Common common = container(draft, true);
        boolean nested = flow.isDefined("loop_index");
        boolean shadows = flow.isDefined(item);
        flow.define("loop_index");
        if (kinds.contains("for_each")) {
            flow.define(item);
        }
        // A condition may read what an earlier iteration left, so it is checked with what the body defines
        if (!loops) {
            flow.check(head, false, Set.of());
        }
        List<Step> steps = compile(body(draft, "do"), draft.place, "do", flow);
        if (kinds.contains("times") && isConstant(draft.get("times"), "0")) {
            neverRuns(draft.get("times"), draft.at("times"), "what is in the loop '" + draft.name + "'");
        }
        if (loops) {
            flow.check(head, false, Set.of());
        }
        if (!nested) {
            flow.undefine("loop_index");
        }
        if (!shadows) {
            flow.undefine(item);
        }
        draft.fields.allow(Set.of("for_each", "times", "while"));
        refuseOthers(draft, Set.of());
        return count == null ? Optional.empty() : Optional.of(new LoopStep(common, count, steps));
    }

    private LoopStep.@Nullable Count count(Draft draft, String kind, String item) {
        YamlNode node = draft.get(kind);
        return switch (kind) {
            case "for_each" -> new LoopStep.Count.ForEach(compilation.tree(node, draft.at(kind))::render, item);
            case "times" -> times(draft, node);
            default ->
                compilation
                        .condition(node, draft.at(kind))
                        .map(LoopStep.Count.While::new)
                        .orElse(null);
        };
    }

    private LoopStep.Count times(Draft draft, YamlNode node) {
        TreeTemplate times = compilation.tree(node, draft.at("times"));
        if (times instanceof TreeTemplate.Constant constant && !LoopStep.isCount(constant.value())) {
            draft.fields.wrongType(node, "times", "a whole number from 0");
        }
        return new LoopStep.Count.Times(times::render);
    }

    private Optional<Step> parallel(Draft draft, NameFlow flow) {
        Step.Common common = container(draft, true);
        List<YamlNode> nodes = draft.fields.list("branches");
        if (nodes.isEmpty()) {
            draft.fields.missing("branches", "a list of lists of steps", null);
        }
        List<List<Step>> branches = new ArrayList<>();
        List<NameFlow> flows = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            String list = "branches[" + i + "]";
            NameFlow own = flow.branch();
            flows.add(own);
            if (nodes.get(i) instanceof SequenceNode sequence) {
                branches.add(compile(sequence.items(), draft.place, list, own));
            } else {
                compilation
                        .problems()
                        .error(
                                Codes.TYPE,
                                nodes.get(i).location(),
                                draft.at(list),
                                nodes.get(i).description(),
                                "a list of steps",
                                null);
            }
        }
        flows.forEach(flow::merge);
        refuseOthers(draft, Set.of());
        return Optional.of(new ParallelStep(common, branches));
    }

    private Optional<Step> call(Draft draft, NameFlow flow) {
        Step.Common common = container(draft, true);
        beginUses();
        TreeTemplate with = draft.fields
                .node("with")
                .map(node -> compilation.tree(node, draft.at("with")))
                .orElseGet(() -> TreeTemplate.constant(Map.of()));
        flow.check(compilation.uses(), false, Set.of());
        List<String> returns = draft.fields.texts("returns");
        Optional<YamlNode> target = draft.fields.node("scenario");
        if (target.isEmpty()) {
            draft.fields.missing("scenario", "the file of the scenario to call", null);
        }
        refuseOthers(draft, Set.of());
        flow.define(returns);
        Optional<ScenarioPlan> plan = target.flatMap(node -> shared.called(node, draft.at("scenario")));
        plan.ifPresent(called -> checkReturns(draft, called, returns));
        return plan.map(called -> new CallStep(common, called, with::render, returns));
    }

    private void checkReturns(Draft draft, ScenarioPlan called, List<String> returns) {
        for (String name : returns) {
            if (!called.defines().contains(name)) {
                compilation
                        .problems()
                        .error(
                                Codes.UNDEFINED,
                                draft.get("returns").location(),
                                draft.at("returns"),
                                "'" + name + "', which '" + called.id() + "' does not extract",
                                called.defines().isEmpty()
                                        ? "nothing, for it extracts nothing"
                                        : "one of " + String.join(", ", called.defines()),
                                Nearest.hint(name, called.defines()).orElse(null));
            }
        }
    }

    private List<YamlNode> body(Draft draft, String key) {
        List<YamlNode> nodes = draft.fields.list(key);
        if (nodes.isEmpty() && !draft.node.has(key)) {
            draft.fields.missing(key, "a list of steps", null);
        }
        return nodes;
    }

    private Step.Common container(Draft draft, boolean bounded) {
        refuseJudging(draft);
        draft.timeout = timeout(draft).orElse(bounded ? shared.defaultTimeout() : null);
        return common(draft, StepInfo.Kind.CONTAINER, null, List.of(), List.of());
    }

    // ---- what every step may have

    private Step.Common judged(Draft draft, NameFlow flow, StepInfo.Kind kind, String service) {
        List<Extraction> extract = extractions(draft, flow);
        beginUses();
        List<Expectation> expect = expectations(draft);
        flow.check(compilation.uses(), true, Set.of());
        return common(draft, kind, service, extract, expect);
    }

    private List<Extraction> extractions(Draft draft, NameFlow flow) {
        beginUses();
        List<Extraction> extract = draft.fields
                .node("extract")
                .map(node -> draft.checks.extractions(node, draft.at("extract"), flow.reserved()))
                .orElse(List.of());
        if (draft.node.get("extract") instanceof MappingNode node) {
            node.entries().forEach(entry -> flow.extracted(entry, draft.at("extract") + "." + entry.key()));
        }
        Set<String> own = new LinkedHashSet<>();
        extract.forEach(extraction -> own.add(extraction.name()));
        flow.observe();
        flow.check(compilation.uses(), true, own);
        flow.define(own);
        return extract;
    }

    private List<Expectation> expectations(Draft draft) {
        return draft.fields
                .node("expect")
                .map(node -> draft.checks.expectations(node, draft.at("expect")))
                .orElse(List.of());
    }

    private Step.Common common(
            Draft draft,
            StepInfo.Kind kind,
            @Nullable String service,
            List<Extraction> extract,
            List<Expectation> expect) {
        draft.fields.text("description");
        draft.fields.texts("tags");
        StepInfo info = new StepInfo(
                shared.nextIndex(),
                scenario,
                draft.name,
                draft.type,
                kind,
                service,
                draft.place,
                draft.node.location().file().toString(),
                draft.node.location().line());
        shared.add(info);
        return new Step.Common(
                info,
                draft.segment,
                draft.condition,
                draft.timeout,
                onFailure(draft),
                extract,
                expect,
                kept.keeps(draft.name));
    }

    private Step.@Nullable OnFailure onFailure(Draft draft) {
        return draft.node.has("on_failure")
                ? draft.fields.choice("on_failure", Step.OnFailure.class, Step.OnFailure.STOP)
                : null;
    }

    private Optional<Duration> timeout(Draft draft) {
        return draft.fields.durationOf("timeout", "timeout_seconds");
    }

    private void refuseJudging(Draft draft) {
        for (String key : List.of("extract", "expect", "retry", "service")) {
            refuse(draft, key, "Say it in a step that speaks to a service.");
        }
    }

    private void refuse(Draft draft, String key, String hint) {
        MappingNode.Entry entry = draft.node.entry(key);
        if (entry != null) {
            compilation
                    .problems()
                    .error(
                            Codes.UNKNOWN_KEY,
                            entry.keyLocation(),
                            draft.at(key),
                            "'" + key + "' in a step of type '" + draft.type + "'",
                            "a step without it",
                            hint);
        }
    }

    private void refuseOthers(Draft draft, Set<String> more) {
        draft.fields.allow(more);
        draft.fields.allow(ReservedNames.STEP_KEYS);
        draft.fields.refuseOthers();
    }

    /// Uses are gathered anew; places go on, for they are the step's.
    private void beginUses() {
        compilation.forgetUses();
    }

    /// A step that is being compiled.
    private final class Draft {

        private final MappingNode node;
        private final String segment;
        private final String place;
        private final @Nullable String defaultType;
        private final Fields fields;
        private String type = "";
        private String name = "";
        private @Nullable Expression condition;
        private @Nullable Duration timeout;
        private ChecksCompiler checks = StepsCompiler.this.checks;

        Draft(MappingNode node, String segment, String place, @Nullable String defaultType) {
            this.node = node;
            this.segment = segment;
            this.place = place;
            this.defaultType = defaultType;
            this.fields = new Fields(node, place, compilation);
        }

        String at(String key) {
            return place + "." + key;
        }

        YamlNode get(String key) {
            YamlNode value = node.get(key);
            if (value == null) {
                throw new IllegalArgumentException(key);
            }
            return value;
        }
    }
}
