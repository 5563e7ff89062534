package io.turbulence.core.internal.engine.load;

import io.turbulence.api.Endpoint;
import io.turbulence.core.internal.check.MatcherNodes;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.BindingContext;
import io.turbulence.core.internal.definition.binding.Inheritance;
import io.turbulence.core.internal.definition.binding.SettingsPlan;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.TemplateUse;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.model.SystemFile;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.engine.ActionCall;
import io.turbulence.core.internal.engine.CompiledAction;
import io.turbulence.core.internal.engine.PlannedCheck;
import io.turbulence.core.internal.engine.ServicePlan;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.LoadedService;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.SubscriptionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compiles the part of a step that belongs to a plugin: finds its action and service, binds its
/// settings, has the plugin check them. For one thread.
final class ActionCompiler {

    /// Of a service whose settings its factory refuses.
    private static final Endpoint NOWHERE = Endpoint.of("refused", "nowhere", 1);

    private final Compilation compilation;
    private final LoadWatch watch;
    private final PluginCatalog plugins;
    private final Map<String, ServicePlan> services;
    private final MappingNode systemRoot;
    private final boolean systemIsKnown;

    /// @param systemIsKnown whether the system file could be read: of one that could not, no service is missed
    ActionCompiler(
            Compilation compilation,
            LoadWatch watch,
            PluginCatalog plugins,
            Map<String, ServicePlan> services,
            SystemFile system,
            boolean systemIsKnown) {
        this.compilation = compilation;
        this.watch = watch;
        this.plugins = plugins;
        this.services = services;
        this.systemRoot = system.root();
        this.systemIsKnown = systemIsKnown;
    }

    /// The action of a type; empty when there is none, which is then a problem.
    Optional<LoadedAction> action(String type, Location location, String path) {
        Optional<LoadedAction> action = plugins.action(type);
        if (action.isEmpty()) {
            compilation
                    .problems()
                    .error(
                            Codes.UNKNOWN_TYPE,
                            location,
                            path,
                            "unknown step type '" + type + "'",
                            "one of " + String.join(", ", StepsCompiler.BUILT_IN) + ", "
                                    + String.join(", ", plugins.actionTypes()),
                            plugins.nearest(type)
                                    .map(near -> "Did you mean '" + near + "'?")
                                    .orElse("'turbulence plugins' lists the plugins found."));
        }
        return action;
    }

    /// The service of a step: the one that it names, or the only one that fits.
    Optional<ServicePlan> service(@Nullable String name, LoadedAction action, Location location, String path) {
        if (!systemIsKnown) {
            return Optional.empty();
        }
        if (name == null) {
            List<ServicePlan> fitting = fitting(action);
            if (fitting.size() == 1) {
                return Optional.of(fitting.getFirst());
            }
            if (fitting.isEmpty() && isAnyBroken()) {
                return Optional.empty();
            }
            compilation
                    .problems()
                    .error(
                            Codes.SERVICE,
                            location,
                            path,
                            "no 'service'",
                            fitting.isEmpty()
                                    ? "a service of protocol '" + protocol(action) + "' in the system file"
                                    : "one of " + names(fitting) + ", which all fit '" + action.type() + "'",
                            null);
            return Optional.empty();
        }
        ServicePlan service = services.get(name);
        if (service == null) {
            if (!isDeclared(name)) {
                compilation
                        .problems()
                        .error(
                                Codes.SERVICE,
                                location,
                                path,
                                "unknown service '" + name + "'",
                                services.isEmpty()
                                        ? "a service that the system file declares"
                                        : "one of " + String.join(", ", services.keySet()),
                                Nearest.hint(name, services.keySet()).orElse(null));
            }
            return Optional.empty();
        }
        if (!fits(service, action)) {
            List<ServicePlan> fitting = fitting(action);
            compilation
                    .problems()
                    .error(
                            Codes.SERVICE,
                            location,
                            path,
                            "service '" + name + "' of protocol '"
                                    + service.type().protocol() + "'",
                            "a service of protocol '" + protocol(action) + "', which '" + action.type() + "' needs"
                                    + (fitting.isEmpty() ? "" : ": " + names(fitting)),
                            null);
            return Optional.empty();
        }
        return Optional.of(service);
    }

    private List<ServicePlan> fitting(LoadedAction action) {
        return services.values().stream()
                .filter(service -> fits(service, action))
                .toList();
    }

    private static boolean fits(ServicePlan service, LoadedAction action) {
        return service.type()
                .type()
                .settings()
                .equals(action.action().connection().settings());
    }

    private static String names(List<ServicePlan> services) {
        return services.stream().map(ServicePlan::name).collect(Collectors.joining(", "));
    }

    /// The action that is meant by a step that names none: of its service, else of the only kind of service that the
    /// system has, else the only one that has these keys.
    ///
    /// @param keys of the action's settings
    Optional<String> defaultAction(@Nullable String service, Set<String> keys) {
        ServicePlan plan = service == null ? null : services.get(service);
        if (plan != null) {
            return plan.type().type().defaultAction();
        }
        List<String> all =
                defaultActions(services.values().stream().map(one -> one.type().type()));
        if (all.isEmpty()) {
            all = defaultActions(plugins.services().stream().map(LoadedService::type));
        }
        if (all.size() > 1) {
            all = all.stream().filter(type -> has(type, keys)).toList();
        }
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private static List<String> defaultActions(Stream<? extends ServiceType<?>> types) {
        return types.flatMap(type -> type.defaultAction().stream()).distinct().toList();
    }

    private boolean has(String type, Set<String> keys) {
        return plugins.action(type)
                .map(action ->
                        SettingsType.of(action.action().settings()).keys().containsAll(keys))
                .orElse(false);
    }

    /// Whether the system file declares it, be it with mistakes that are reported there.
    private boolean isDeclared(String name) {
        return systemRoot.get("services") instanceof MappingNode all && all.has(name);
    }

    /// Whether a service has mistakes, which are reported there: it may be the one that fits.
    private boolean isAnyBroken() {
        return systemRoot.get("services") instanceof MappingNode all
                && all.keys().stream().anyMatch(name -> !services.containsKey(name));
    }

    private String protocol(LoadedAction action) {
        return plugins.serviceOf(action.action().connection())
                .map(LoadedService::protocol)
                .orElse("?");
    }

    CompiledAction compile(
            LoadedAction loaded, ServicePlan service, MappingNode node, String path, Set<String> otherKeys) {
        watch.asks(() -> "the part of action '%s' of plugin '%s' in the loading of %s"
                .formatted(loaded.type(), loaded.plugin().name(), path));
        try {
            return compile(loaded.action(), loaded, service, node, path, otherKeys);
        } finally {
            watch.isAnswered();
        }
    }

    private <S extends Record, C> CompiledAction compile(
            ProtocolAction<S, C> action,
            LoadedAction loaded,
            ServicePlan service,
            MappingNode node,
            String path,
            Set<String> otherKeys) {
        int errorsBefore = compilation.problems().errorCount();
        SettingsPlan<S> settings = SettingsType.of(action.settings())
                .compile(
                        node,
                        BindingContext.of(
                                        compilation.problems(),
                                        compilation.expressions(),
                                        compilation.environment(),
                                        MatcherNodes.of(compilation))
                                .at(path)
                                .withPlaces(compilation.places())
                                .withOtherKeys(suggested(node, otherKeys))
                                .withInheritance(new Inheritance(
                                        systemRoot, service.file().settings(), service.settingsType())));
        compilation.environmentValues().addAll(settings.environmentValues());
        for (TemplateUse use : settings.templates()) {
            for (Reference reference : use.template().references()) {
                compilation.note(new Compilation.Use(reference, use.node().locationOf(reference.offset()), use.path()));
            }
        }
        StepPreparation<S> preparation = new StepPreparation<>(settings, service.settings(), service.pool());
        List<SubscriptionRequest> subscriptions = new ArrayList<>();
        PeerCheck<C> peerCheck = null;
        if (compilation.problems().errorCount() == errorsBefore) {
            ClassLoader before = loaded.scope().enter();
            try {
                action.prepare(preparation);
                subscriptions.addAll(action.subscriptions(preparation));
                if (compilation.problems().errorCount() == errorsBefore) {
                    peerCheck = action.peerCheck(preparation).orElse(null);
                }
            } catch (IllegalArgumentException e) {
                compilation
                        .problems()
                        .error(
                                Codes.PLUGIN_CHECK,
                                node.location(),
                                path,
                                String.valueOf(e.getMessage()),
                                "settings that '" + action.type() + "' accepts",
                                null);
            } catch (LinkageError e) {
                throw loaded.scope().misfit("action '" + action.type() + "'", e);
            } catch (RuntimeException | Error e) {
                throw loaded.scope().failed("action '" + action.type() + "'", "prepare", e);
            } finally {
                loaded.scope().exit(before);
            }
        }
        ActionCall<S, C> call = new ActionCall<>(
                action,
                "action '" + loaded.type() + "' of plugin '" + loaded.plugin().name() + "'",
                loaded.scope(),
                settings,
                service.name(),
                endpoint(action.connection(), service.settings()),
                service.type().protocol(),
                subscriptions.isEmpty() ? null : subscriptions.getFirst());
        return new CompiledAction(
                loaded,
                service,
                settings,
                node,
                call,
                subscriptions,
                peerCheck == null ? null : new PlannedCheck<>(action, loaded, service.name(), peerCheck));
    }

    /// Keys beside the settings for which one of them may be a misspelling. One that is in the settings as it is
    /// stands where it may not, and stays an unknown key.
    private static Set<String> suggested(MappingNode node, Set<String> otherKeys) {
        return otherKeys.stream().filter(key -> !node.has(key)).collect(Collectors.toSet());
    }

    @SuppressWarnings("unchecked")
    private static <S extends Record> Endpoint endpoint(ConnectionFactory<S, ?> factory, Record settings) {
        PluginScope scope = PluginScope.of(factory);
        ClassLoader before = scope.enter();
        try {
            return factory.endpoint((S) settings);
        } catch (IllegalArgumentException e) {
            // It is a problem of the service, where it is reported; the step may have others
            return NOWHERE;
        } catch (LinkageError e) {
            throw scope.misfit(factory.getClass().getName(), e);
        } catch (RuntimeException | Error e) {
            throw scope.failed(factory.getClass().getName(), "endpoint", e);
        } finally {
            scope.exit(before);
        }
    }
}
