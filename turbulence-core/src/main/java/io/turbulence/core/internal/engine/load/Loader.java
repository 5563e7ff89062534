package io.turbulence.core.internal.engine.load;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.check.ChecksCompiler;
import io.turbulence.core.internal.check.StatusValues;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.model.ScenarioFile;
import io.turbulence.core.internal.definition.model.ScenarioReader;
import io.turbulence.core.internal.definition.model.SystemFile;
import io.turbulence.core.internal.definition.model.SystemReader;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.template.Environment;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.engine.CompiledAction;
import io.turbulence.core.internal.engine.KeptSteps;
import io.turbulence.core.internal.engine.Patience;
import io.turbulence.core.internal.engine.Plan;
import io.turbulence.core.internal.engine.ScenarioPlan;
import io.turbulence.core.internal.engine.ServicePlan;
import io.turbulence.core.internal.engine.Step;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.workload.Feeder;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.engine.workload.WorkloadReader;
import io.turbulence.core.internal.launch.LaunchPlan;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.LoadedService;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.spi.PoolSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Loads definitions: reads all files, reports all problems at once, compiles what is right. For one
/// thread and one load.
public final class Loader {

    private final PluginCatalog plugins;
    private final Sources sources;
    private final Problems problems = new Problems();
    private final LaunchPorts ports = new LaunchPorts();
    private final Compilation compilation;
    private final LoadWatch watch;
    private final List<StepInfo> steps = new ArrayList<>();
    private final List<CompiledAction> actions = new ArrayList<>();
    private final Map<Object, ScenarioPlan> called = new HashMap<>();
    private final Set<Object> calling = new HashSet<>();
    private final Map<String, ScenarioFile> ids = new LinkedHashMap<>();
    private @Nullable Loaded result;

    public Loader(PluginCatalog plugins, Sources sources) {
        this(plugins, sources, Patience.DEFAULT.load());
    }

    /// @param patience how long each part of a plugin may take
    public Loader(PluginCatalog plugins, Sources sources, Duration patience) {
        this.watch = new LoadWatch(patience);
        this.plugins = plugins;
        this.sources = sources;
        this.compilation = new Compilation(environment(), problems);
    }

    private Environment environment() {
        return new Environment() {
            @Override
            public @Nullable String value(String name) {
                return sources.values().get(name);
            }

            @Override
            public Optional<Object> known(String expression) {
                return ports.known(expression);
            }
        };
    }

    /// Loads everything.
    ///
    /// @throws io.turbulence.core.internal.definition.problem.InvalidDefinitionException with all problems
    /// @throws io.turbulence.core.internal.plugin.PluginException when a plugin's part in it does not end
    public Loaded load() {
        return watch.over(this::loadAll);
    }

    private Loaded loadAll() {
        SystemFile system = system();
        boolean readable = !problems.hasErrors() || !system.services().isEmpty();
        Map<String, ServicePlan> services =
                new ServicesCompiler(compilation, watch, plugins, sources.defaultPoolMax()).compile(system);
        ActionCompiler actionCompiler = new ActionCompiler(compilation, watch, plugins, services, system, readable);
        List<ScenarioFile> files = scenarios();
        Compiler compiler = new Compiler(actionCompiler);
        List<ScenarioPlan> plans = new ArrayList<>();
        List<RunInfo.ScenarioFile> loaded = new ArrayList<>();
        for (ScenarioFile file : files) {
            ScenarioPlan plan = compiler.scenario(file);
            if (!file.callable() && chosen(file)) {
                plans.add(plan);
                loaded.add(new RunInfo.ScenarioFile(file.id(), file.file(), file.sha256()));
            }
        }
        ScenarioPlan before = part("before_run", compiler.part("before_run", system, system.beforeRun()));
        ScenarioPlan after = part("after_run", compiler.part("after_run", system, system.afterRun()));
        List<LaunchPlan> launches = new LaunchReader(compilation, ports, compiler::readiness).read(system);
        Optional<Workload> workload = workload(files);
        if (plans.isEmpty() && !problems.hasErrors()) {
            nothingToRun(files);
        }
        problems.throwIfErrors();
        Plan plan = new Plan(plans, List.copyOf(steps), before, after, names(), plugins.shorthands());
        Loaded definitions = new Loaded(
                plan,
                services,
                actions,
                loaded,
                launches,
                workload,
                files.stream().flatMap(file -> file.thresholds().stream()).toList(),
                secrets(services),
                system.profile(),
                problems);
        result = definitions;
        return definitions;
    }

    /// A service without the steps that use it.
    public record Bound(Record settings, PoolSettings pool) {}

    /// Loads the services alone, for who has no scenarios.
    ///
    /// @throws io.turbulence.core.internal.definition.problem.InvalidDefinitionException with all problems
    /// @throws io.turbulence.core.internal.plugin.PluginException when a plugin's part in it does not end
    public Map<String, Bound> services() {
        return watch.over(this::loadServices);
    }

    private Map<String, Bound> loadServices() {
        Map<String, ServicePlan> plans =
                new ServicesCompiler(compilation, watch, plugins, sources.defaultPoolMax()).compile(system());
        problems.throwIfErrors();
        Map<String, Bound> services = new LinkedHashMap<>();
        plans.forEach((name, plan) -> services.put(name, new Bound(plan.settings(), plan.pool())));
        return services;
    }

    private SystemFile system() {
        Source source = sources.system();
        if (source == null) {
            return nothing(Path.of("system.yaml"));
        }
        Set<String> protocols = new LinkedHashSet<>();
        Map<String, String> implied = new TreeMap<>();
        Set<String> keys = new TreeSet<>();
        for (LoadedService service : plugins.services()) {
            protocols.add(service.protocol());
            service.type().impliedBy().forEach(key -> implied.put(key, service.protocol()));
            keys.addAll(topLevelKeys(service.type().settings()));
            for (LoadedAction action : plugins.actionsFor(service)) {
                keys.addAll(topLevelKeys(action.action().settings()));
            }
        }
        SystemReader reader = new SystemReader(compilation, protocols, implied, keys);
        Optional<SystemFile> system = switch (source) {
            case Source.InFile file -> reader.read(file.path(), sources.profile());
            case Source.InCode code -> Optional.of(reader.read(code.root(), sources.profile()));
        };
        system.ifPresent(read -> read.launches().forEach(launch -> ports.add(launch.name())));
        return system.orElseGet(() -> nothing(source.file()));
    }

    private static Set<String> topLevelKeys(Class<? extends Record> settings) {
        Set<String> keys = new TreeSet<>();
        for (SettingComponent component : SettingsType.of(settings).components()) {
            for (String key : component.inherits()) {
                if (key.startsWith("^")) {
                    keys.add(key.substring(1));
                }
            }
        }
        return keys;
    }

    private static SystemFile nothing(Path file) {
        return new SystemFile(
                file,
                null,
                null,
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                MappingNode.empty(new Location(file, 1, 1)));
    }

    private List<ScenarioFile> scenarios() {
        ScenarioReader reader = new ScenarioReader(compilation);
        List<ScenarioFile> files = new ArrayList<>();
        for (Source source : new ScenarioFinder(problems, sources.system()).find(sources.scenarios())) {
            Optional<ScenarioFile> read = switch (source) {
                case Source.InFile file -> reader.read(file.path());
                case Source.InCode code -> Optional.of(inCode(reader, code.root()));
            };
            read.ifPresent(scenario -> {
                refuseSecond(scenario);
                files.add(scenario);
            });
        }
        return files;
    }

    private void refuseSecond(ScenarioFile scenario) {
        ScenarioFile earlier = ids.putIfAbsent(scenario.id(), scenario);
        if (earlier == null || key(earlier).equals(key(scenario))) {
            return;
        }
        Location first = earlier.root().location();
        YamlNode id = scenario.root().get("id");
        problems.error(
                Codes.VALUE,
                id == null ? scenario.root().location() : id.location(),
                "id",
                "'" + scenario.id() + "', which " + (first.isInCode() ? first : earlier.file()) + " has too",
                "an id that is unique among the scenarios",
                null);
    }

    private static ScenarioFile inCode(ScenarioReader reader, MappingNode root) {
        return reader.read(root, JsonCodec.INSTANCE.write(root.toTree()));
    }

    /// What a scenario is known by: a file by its path, one of a program by itself.
    private static Object key(ScenarioFile scenario) {
        return scenario.root().location().isInCode()
                ? scenario.root()
                : scenario.file().toAbsolutePath().normalize();
    }

    private boolean chosen(ScenarioFile file) {
        Set<String> labels = new LinkedHashSet<>(file.tags());
        labels.add(file.id());
        boolean wanted = sources.only().isEmpty() || sources.only().stream().anyMatch(labels::contains);
        return wanted && sources.skip().stream().noneMatch(labels::contains);
    }

    private void nothingToRun(List<ScenarioFile> files) {
        Path place = sources.scenarios().isEmpty()
                ? Path.of(".")
                : sources.scenarios().getFirst().file();
        problems.error(
                Codes.FILE,
                new Location(place, 1, 1),
                "",
                files.isEmpty() ? "no scenario" : "no scenario left by --only and --skip, or all are callable",
                "at least one scenario to run",
                null);
    }

    /// One `load` is that of all scenarios together. Where several have one, or one waits for something, each scenario
    /// has its own.
    private Optional<Workload> workload(List<ScenarioFile> files) {
        List<ScenarioFile> started =
                files.stream().filter(file -> !file.callable() && chosen(file)).toList();
        Map<ScenarioFile, WorkloadReader.Load> loads = new LinkedHashMap<>();
        for (ScenarioFile file : started) {
            file.load().flatMap(new WorkloadReader(compilation)::read).ifPresent(load -> loads.put(file, load));
        }
        if (loads.isEmpty()) {
            return Optional.empty();
        }
        WorkloadReader.Load first = loads.values().iterator().next();
        if (loads.size() == 1 && !first.isOwn()) {
            return Optional.of(first.workload());
        }
        return Optional.of(several(started, loads));
    }

    private Workload several(List<ScenarioFile> started, Map<ScenarioFile, WorkloadReader.Load> loads) {
        List<Workload.Part> parts = new ArrayList<>();
        Map<String, String> waits = new LinkedHashMap<>();
        for (ScenarioFile file : started) {
            WorkloadReader.Load load = loads.get(file);
            if (load != null) {
                parts.add(new Workload.Part(file.id(), load.workload(), load.delay(), load.after()));
                if (load.after() != null) {
                    waits.put(file.id(), load.after());
                }
            } else if (file.load().isEmpty()) {
                problems.error(
                        Codes.CONFLICT,
                        file.root().location(),
                        "load",
                        "no 'load', while other scenarios of the run have their own",
                        "one in each scenario, or one in all",
                        "Leave this scenario out with --skip, or give it a load.");
            }
        }
        loads.forEach((file, load) -> checkAfter(file, load, loads.keySet(), waits));
        return new Workload.Several(parts);
    }

    private void checkAfter(
            ScenarioFile file, WorkloadReader.Load load, Set<ScenarioFile> all, Map<String, String> waits) {
        String after = load.after();
        if (after == null) {
            return;
        }
        List<String> others = all.stream()
                .map(ScenarioFile::id)
                .filter(id -> !id.equals(file.id()))
                .toList();
        Location location = file.load()
                .map(node -> node.get("after"))
                .map(YamlNode::location)
                .orElse(file.root().location());
        if (isBroken(after)) {
            return;
        }
        if (!others.contains(after)) {
            problems.error(
                    Codes.VALUE,
                    location,
                    "load.after",
                    "'" + after + "', which is neither a duration nor a scenario with a load in this run",
                    others.isEmpty() ? "a duration such as 30s" : "one of " + String.join(", ", others),
                    Nearest.hint(after, others).orElse(null));
            return;
        }
        Set<String> passed = new LinkedHashSet<>();
        for (String at = after; at != null && passed.add(at); at = waits.get(at)) {
            if (at.equals(file.id())) {
                problems.error(
                        Codes.VALUE,
                        location,
                        "load.after",
                        "'" + after + "', which waits for '" + file.id() + "' itself",
                        "scenarios that do not wait for each other",
                        null);
                return;
            }
        }
    }

    /// Whether a scenario's load has mistakes, which are told there.
    private boolean isBroken(String id) {
        ScenarioFile file = ids.get(id);
        return file != null
                && file.load().isPresent()
                && problems.hasErrorAt("load", file.root().location());
    }

    private Set<String> secrets(Map<String, ServicePlan> services) {
        Set<String> secrets = new LinkedHashSet<>(compilation.environmentValues());
        services.values().forEach(service -> service.settingsType().secrets(service.settings(), secrets::add));
        secrets.removeIf(Loader::isNoSecret);
        return secrets;
    }

    /// Values so plain that masking them would deface results without hiding anything.
    private static boolean isNoSecret(String value) {
        return value.length() < 4
                || value.contains("://")
                || value.chars().allMatch(Character::isDigit)
                || Set.of("true", "false", "localhost", "127.0.0.1").contains(value);
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(NameFlow.ALWAYS);
        names.addAll(NameFlow.OF_OBSERVATIONS);
        names.addAll(plugins.shorthands());
        names.add("data");
        return names;
    }

    static ScenarioPlan part(String id, List<Step> flow) {
        return new ScenarioPlan(
                id,
                1,
                false,
                TreeTemplate.constant(Map.of()),
                null,
                flow,
                List.of(),
                List.of(),
                true,
                false,
                Integer.MAX_VALUE,
                Set.of());
    }

    /// Compiles scenarios.
    private final class Compiler implements StepsCompiler.Shared {

        private final ActionCompiler actionCompiler;
        private final ChecksCompiler checks;

        Compiler(ActionCompiler actionCompiler) {
            this.actionCompiler = actionCompiler;
            Map<String, StatusValues> statuses = new LinkedHashMap<>();
            for (LoadedService service : plugins.services()) {
                StatusValues.Range range = service.type()
                        .statusRange()
                        .map(given -> new StatusValues.Range(given.least(), given.most()))
                        .orElse(null);
                service.type()
                        .statusKey()
                        .ifPresent(key -> statuses.put(
                                key,
                                statuses.getOrDefault(key, StatusValues.NONE)
                                        .and(service.type().statusNames(), range)));
            }
            this.checks = new ChecksCompiler(compilation, statuses);
        }

        ScenarioPlan scenario(ScenarioFile file) {
            Object key = key(file);
            ScenarioPlan known = called.get(key);
            if (known != null) {
                return known;
            }
            calling.add(key);
            Optional<Feeder> data = file.data().flatMap(new DataReader(compilation)::read);
            NameFlow flow = NameFlow.start(
                    compilation,
                    plugins.shorthands(),
                    file.data().isEmpty() ? null : data.map(Feeder::columns).orElse(Set.of()),
                    List.of(file.root()));
            compilation.begin();
            TreeTemplate entry = file.entry()
                    .map(node -> compilation.tree(node, "entry"))
                    .orElseGet(() -> TreeTemplate.constant(Map.of()));
            flow.check(compilation.uses(), false, Set.of());
            StepsCompiler compiler =
                    new StepsCompiler(file.id(), compilation, actionCompiler, checks, this, new KeptSteps(file.root()));
            List<Step> main = compiler.compile(file.flow(), "", "flow", flow);
            List<Step> assertions = compiler.compile(file.assertions(), "", "assertions", flow, "assert");
            List<Step> cleanup = compiler.compile(file.cleanup(), "", "finally", flow);
            ScenarioPlan plan = new ScenarioPlan(
                    file.id(),
                    file.weight(),
                    file.callable(),
                    entry,
                    data.orElse(null),
                    main,
                    assertions,
                    cleanup,
                    file.stopsOnAction(),
                    file.stopsOnAssertion(),
                    file.maxSteps(),
                    flow.defined());
            if (!file.callable()) {
                flow.warnOfUnused();
            }
            calling.remove(key);
            called.put(key, plan);
            return plan;
        }

        List<Step> part(String name, SystemFile system, List<YamlNode> nodes) {
            NameFlow flow = NameFlow.start(compilation, plugins.shorthands(), null, nodes);
            SequenceNode all = new SequenceNode(system.root().location(), nodes);
            return new StepsCompiler(name, compilation, actionCompiler, checks, this, new KeptSteps(all))
                    .compile(nodes, "", name, flow);
        }

        /// Asks a launched program whether it is ready by a step, outside of the run.
        LaunchPlan.Check readiness(MappingNode poll, String path) {
            NameFlow flow = NameFlow.start(compilation, plugins.shorthands(), null, List.of(poll));
            int knownSteps = steps.size();
            int knownActions = actions.size();
            ScenarioPlan probe = Loader.part(
                    "launch",
                    new StepsCompiler("launch", compilation, actionCompiler, checks, this, new KeptSteps(poll))
                            .compile(List.of(poll), path, "poll", flow));
            steps.subList(knownSteps, steps.size()).clear();
            actions.subList(knownActions, actions.size()).clear();
            return () -> requireNonNull(result, "result").probe(probe);
        }

        @Override
        public int nextIndex() {
            return steps.size();
        }

        @Override
        public void add(StepInfo info) {
            steps.add(info);
        }

        @Override
        public void add(CompiledAction action) {
            actions.add(action);
        }

        @Override
        public Optional<ScenarioPlan> called(YamlNode node, String path) {
            if (node instanceof MappingNode root && root.location().isInCode()) {
                ScenarioPlan known = called.get(root);
                return Optional.of(known != null ? known : scenario(inCode(new ScenarioReader(compilation), root)));
            }
            if (!(node instanceof ScalarNode scalar)) {
                problems.error(Codes.TYPE, node.location(), path, node.description(), "the file of a scenario", null);
                return Optional.empty();
            }
            Path file = Loaded.folderOf(node.location().file())
                    .resolve(scalar.text())
                    .normalize();
            if (!Files.isRegularFile(file)) {
                problems.error(
                        Codes.FILE,
                        node.location(),
                        path,
                        "'" + scalar.text() + "', which is no file",
                        "the file of a scenario",
                        null);
                return Optional.empty();
            }
            if (calling.contains(file)) {
                problems.error(
                        Codes.VALUE,
                        node.location(),
                        path,
                        "'" + scalar.text() + "', which is being called already",
                        "a scenario that does not lead back to itself",
                        null);
                return Optional.empty();
            }
            ScenarioPlan known = called.get(file);
            return known != null
                    ? Optional.of(known)
                    : new ScenarioReader(compilation).read(shown(file)).map(this::scenario);
        }

        @Override
        public Duration defaultTimeout() {
            return sources.defaultTimeout();
        }
    }

    /// A path as the user would write it from where the program was started.
    private static Path shown(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }
}
