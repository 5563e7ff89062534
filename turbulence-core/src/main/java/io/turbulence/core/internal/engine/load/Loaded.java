package io.turbulence.core.internal.engine.load;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.Registry;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.ProblemPrinter;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.engine.CompiledAction;
import io.turbulence.core.internal.engine.Patience;
import io.turbulence.core.internal.engine.Plan;
import io.turbulence.core.internal.engine.PlannedCheck;
import io.turbulence.core.internal.engine.Run;
import io.turbulence.core.internal.engine.ScenarioPlan;
import io.turbulence.core.internal.engine.ServicePlan;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.launch.LaunchPlan;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Definitions that were loaded, checked and compiled.
public final class Loaded {

    private static final Duration PROBE_OPENS_WITHIN = Duration.ofSeconds(10);

    private static final int DEFAULT_POOL_MAX = 10;

    private final Plan plan;
    private final Map<String, ServicePlan> services;
    private final List<CompiledAction> actions;
    private final List<RunInfo.ScenarioFile> scenarios;
    private final List<LaunchPlan> launches;
    private final Optional<Workload> workload;
    private final List<YamlNode> thresholds;
    private final Collection<String> secrets;
    private final @Nullable String profile;
    private final Problems problems;

    Loaded(
            Plan plan,
            Map<String, ServicePlan> services,
            List<CompiledAction> actions,
            List<RunInfo.ScenarioFile> scenarios,
            List<LaunchPlan> launches,
            Optional<Workload> workload,
            List<YamlNode> thresholds,
            Collection<String> secrets,
            @Nullable String profile,
            Problems problems) {
        this.plan = plan;
        this.services = services;
        this.actions = List.copyOf(actions);
        this.scenarios = List.copyOf(scenarios);
        this.launches = List.copyOf(launches);
        this.workload = workload;
        this.thresholds = List.copyOf(thresholds);
        this.secrets = List.copyOf(secrets);
        this.profile = profile;
        this.problems = problems;
    }

    /// A run of these definitions. The registry must be open when it is executed.
    public Run run(Run.Setup setup) {
        return new Run(setup, plan);
    }

    /// The registry of all connections that the definitions may use.
    public Registry.Builder registry(String runId, int concurrency) {
        Registry.Builder registry =
                Registry.builder().run(runId).concurrency(concurrency).json(JsonCodec.INSTANCE);
        services.values().forEach(service -> registry.service(service.name(), service.settings(), service.pool()));
        for (CompiledAction action : actions) {
            String service = action.service().name();
            if (action.loaded().action().connection() instanceof ConnectionFactory.Subscribed<?> factory) {
                action.subscriptions().forEach(request -> registry.subscription(service, factory, request));
            } else {
                registry.connect(service, action.loaded().action().connection());
            }
        }
        return registry;
    }

    /// Asks peers what only they can say of the steps, over connections of the registry, which must be open. Of a
    /// service that cannot be asked, the rest is not asked.
    ///
    /// @param patience how long each peer has for its answer, and each plugin once more to hear that it has not come
    /// @param unasked  told of each service that could not be asked, and why not
    /// @throws io.turbulence.core.internal.definition.problem.InvalidDefinitionException with all problems
    public void askPeers(Registry registry, Duration patience, BiConsumer<String, String> unasked)
            throws InterruptedException {
        Set<String> silent = new HashSet<>();
        try (InstanceConnections connections = registry.shared()) {
            for (CompiledAction action : actions) {
                String service = action.service().name();
                PlannedCheck<?> check = action.peerCheck();
                if (check != null && !silent.contains(service)) {
                    check.carryOut(connections, patience).ifPresent(why -> {
                        silent.add(service);
                        unasked.accept(service, why);
                    });
                }
            }
        }
        problems.throwIfErrors();
    }

    /// Runs a few steps by themselves, over connections of their own.
    ///
    /// @return null when they passed; else why not
    @Nullable
    String probe(ScenarioPlan steps) throws InterruptedException {
        Registry.Builder builder =
                Registry.builder().run("probe").concurrency(1).json(JsonCodec.INSTANCE);
        services.values().forEach(service -> builder.service(service.name(), service.settings(), service.pool()));
        String[] error = {null};
        try (Registry registry = builder.build()) {
            registry.open(Deadline.after(PROBE_OPENS_WITHIN, "probe"));
            RunInfo info = new RunInfo(
                    "probe",
                    0,
                    Instant.now(),
                    "",
                    Map.of(),
                    null,
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    1L,
                    null,
                    1,
                    List.of(),
                    Map.of());
            Plan probe = new Plan(
                    List.of(steps),
                    List.of(),
                    Loader.part("", List.of()),
                    Loader.part("", List.of()),
                    plan.names(),
                    plan.shorthands());
            new Run(
                            new Run.Setup(
                                    info,
                                    registry,
                                    new InstanceErrors(why -> error[0] = why),
                                    Workload.once(),
                                    Duration.ZERO,
                                    InstantSource.system(),
                                    false,
                                    true,
                                    null,
                                    Patience.DEFAULT),
                            probe)
                    .execute();
        }
        return error[0];
    }

    private record InstanceErrors(Consumer<@Nullable String> sink) implements RunListener {
        @Override
        public void instanceStarted(InstanceInfo instance) {}

        @Override
        public void stepFinished(StepResult result) {}

        @Override
        public void assertionChecked(AssertionResult result) {}

        @Override
        public void instanceFinished(InstanceResult result) {
            sink.accept(result.error());
        }
    }

    public List<StepInfo> steps() {
        return plan.steps();
    }

    public List<RunInfo.ScenarioFile> scenarios() {
        return scenarios;
    }

    public List<LaunchPlan> launches() {
        return launches;
    }

    /// The workload that a file asks for.
    public Optional<Workload> workload() {
        return workload;
    }

    /// The thresholds of the files, to be compiled by whoever has the figures.
    public List<YamlNode> thresholds() {
        return thresholds;
    }

    /// Values that must never be written.
    public Collection<String> secrets() {
        return secrets;
    }

    public @Nullable String profile() {
        return profile;
    }

    /// The protocol of each service.
    public Map<String, String> protocols() {
        Map<String, String> protocols = new LinkedHashMap<>();
        services.values()
                .forEach(service -> protocols.put(service.name(), service.type().protocol()));
        return protocols;
    }

    /// What is allowed but likely not meant.
    public List<Problem> warnings() {
        return problems.warnings();
    }

    public ProblemPrinter printer() {
        return new ProblemPrinter(problems.sources());
    }

    /// The system file's folder, for programs that it launches.
    /// Where more problems of the same files are told, such as those of their thresholds.
    public Problems problems() {
        return problems;
    }

    /// Warns of services with fewer connections than instances that want one at once.
    public void warnOfSmallPools(Workload workload) {
        int slots = workload.mostSlots();
        Set<ServicePlan> used = new LinkedHashSet<>();
        for (CompiledAction action : actions) {
            switch (action.loaded().action().connection()) {
                case ConnectionFactory.Exclusive<?, ?> exclusive -> used.add(action.service());
                case ConnectionFactory.Negotiated<?, ?> negotiated -> used.add(action.service());
                case ConnectionFactory.Pooled<?, ?> pooled -> used.add(action.service());
                case ConnectionFactory.Shared<?, ?> shared -> {}
                case ConnectionFactory.Subscribed<?> subscribed -> {}
            }
        }
        for (ServicePlan service : used) {
            Integer given = service.pool().max();
            int max = given == null ? DEFAULT_POOL_MAX : given;
            if (service.pool().scope() == PoolSettings.Scope.RUN && max < slots) {
                problems.warning(
                        Codes.POOL,
                        service.file().location(),
                        "services." + service.name() + ".pool.max",
                        "%d connections for %d instances at once, which will wait for each other".formatted(max, slots),
                        "Raise pool.max, unless that is what is tested.");
            }
        }
    }

    static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? Path.of("").toAbsolutePath() : folder;
    }
}
