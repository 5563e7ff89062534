package io.turbulence.core.internal.engine.load;

import io.turbulence.api.Endpoint;
import io.turbulence.core.internal.check.MatcherNodes;
import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.binding.BindingContext;
import io.turbulence.core.internal.definition.binding.Inheritance;
import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsPlan;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.TemplateUse;
import io.turbulence.core.internal.definition.model.SystemFile;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.engine.ServicePlan;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.LoadedService;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles the services of a system file. For one thread.
final class ServicesCompiler {

    private final Compilation compilation;
    private final LoadWatch watch;
    private final PluginCatalog plugins;
    private final @Nullable Integer defaultPoolMax;

    /// @param defaultPoolMax of the run; null for none
    ServicesCompiler(
            Compilation compilation, LoadWatch watch, PluginCatalog plugins, @Nullable Integer defaultPoolMax) {
        this.compilation = compilation;
        this.watch = watch;
        this.plugins = plugins;
        this.defaultPoolMax = defaultPoolMax;
    }

    Map<String, ServicePlan> compile(SystemFile system) {
        Map<String, ServicePlan> services = new LinkedHashMap<>();
        for (SystemFile.Service service : system.services().values()) {
            plugins.service(service.protocol())
                    .flatMap(type -> watched(service, type, system.root()))
                    .ifPresent(plan -> services.put(service.name(), plan));
        }
        return services;
    }

    private Optional<ServicePlan> watched(SystemFile.Service service, LoadedService loaded, MappingNode root) {
        watch.asks(() -> "the part of plugin '%s' in the loading of service '%s'"
                .formatted(loaded.plugin().name(), service.name()));
        try {
            return compile(service, loaded, root);
        } finally {
            watch.isAnswered();
        }
    }

    private Optional<ServicePlan> compile(SystemFile.Service service, LoadedService loaded, MappingNode root) {
        SettingsType<?> type = SettingsType.of(loaded.type().settings());
        compilation.begin();
        SettingsPlan<?> whole = type.compile(service.settings(), context(compilation.problems(), service, root));
        Optional<? extends Record> settings = whole.settings();
        if (settings.isEmpty()) {
            settings = withoutStepTemplates(whole, service, loaded, root);
        }
        compilation.environmentValues().addAll(whole.environmentValues());
        PoolSettings pool = pool(service, loaded.type().pool());
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        prepare(service, whole, settings.get(), loaded, pool);
        return Optional.of(
                new ServicePlan(service.name(), loaded, settings.get(), type, pool, service.timeout(), service));
    }

    private BindingContext context(Problems problems, SystemFile.Service service, MappingNode root) {
        return BindingContext.of(
                        problems, compilation.expressions(), compilation.environment(), MatcherNodes.of(compilation))
                .at(service.path())
                .withInheritance(new Inheritance(root, null, null))
                .withPlaces(compilation.places());
    }

    /// What steps inherit may hold templates that only a step can render; the service itself is opened
    /// without them.
    private Optional<? extends Record> withoutStepTemplates(
            SettingsPlan<?> whole, SystemFile.Service service, LoadedService loaded, MappingNode root) {
        Set<String> inherited = inheritedKeys(loaded);
        Set<String> templated = new HashSet<>();
        for (TemplateUse use : whole.templates()) {
            if (use.template().isConstant()) {
                continue;
            }
            String key = use.path()
                    .substring(Math.min(use.path().length(), service.path().length() + 1));
            String top = key.split("[.\\[]", 2)[0];
            templated.add(top);
            if (!inherited.contains(top)) {
                compilation
                        .problems()
                        .error(
                                Codes.TEMPLATE,
                                use.node().location(),
                                use.path(),
                                "a template that is rendered when a step runs",
                                "a value that is known when the file is loaded, such as {{env.NAME}}",
                                null);
            }
        }
        Problems scratch = new Problems();
        SettingsPlan<?> reduced =
                whole.type().compile(service.settings().without(templated), context(scratch, service, root));
        return reduced.settings();
    }

    private Set<String> inheritedKeys(LoadedService loaded) {
        Set<String> keys = new LinkedHashSet<>();
        for (LoadedAction action : plugins.actionsFor(loaded)) {
            for (SettingComponent component :
                    SettingsType.of(action.action().settings()).components()) {
                keys.addAll(component.inherits());
            }
        }
        return keys;
    }

    private PoolSettings pool(SystemFile.Service service, PoolSettings defaults) {
        SettingsType<PoolSettings> type = SettingsType.of(PoolSettings.class);
        MappingNode node = service.pool() == null ? MappingNode.empty(service.location()) : service.pool();
        PoolSettings pool = type.compile(
                        node,
                        BindingContext.of(
                                        compilation.problems(),
                                        compilation.expressions(),
                                        compilation.environment(),
                                        MatcherNodes.of(compilation))
                                .at(service.path() + ".pool"))
                .settings()
                .map(given -> overlaid(type, node, given, defaults))
                .orElse(defaults);
        refuseMoreThanMost(node, service.path() + ".pool", pool);
        return pool.max() == null && defaultPoolMax != null ? withMax(pool, defaultPoolMax) : pool;
    }

    private void refuseMoreThanMost(MappingNode node, String path, PoolSettings pool) {
        YamlNode min = node.get("min") == null ? node.get("min_connections") : node.get("min");
        if (min == null || pool.max() == null || pool.min() <= pool.max()) {
            return;
        }
        compilation
                .problems()
                .error(
                        Codes.CONFLICT,
                        min.location(),
                        path + ".min",
                        "%d connections kept open, of at most %d".formatted(pool.min(), pool.max()),
                        "at most max, which is " + pool.max(),
                        null);
    }

    /// What the file gives, over the defaults of the plugin.
    private static PoolSettings overlaid(
            SettingsType<PoolSettings> type, MappingNode node, PoolSettings given, PoolSettings defaults) {
        if (defaults.equals(PoolSettings.defaults())) {
            return given;
        }
        Set<String> keys = new HashSet<>();
        for (SettingComponent component : type.components()) {
            if (component.keys().stream().anyMatch(node::has)) {
                keys.add(component.key());
            }
        }
        return new PoolSettings(
                keys.contains("max") ? given.max() : defaults.max(),
                keys.contains("min") ? given.min() : defaults.min(),
                keys.contains("scope") ? given.scope() : defaults.scope(),
                keys.contains("acquire_timeout") ? given.acquireTimeout() : defaults.acquireTimeout(),
                keys.contains("connect_timeout") ? given.connectTimeout() : defaults.connectTimeout(),
                keys.contains("idle_timeout") ? given.idleTimeout() : defaults.idleTimeout(),
                keys.contains("max_lifetime") ? given.maxLifetime() : defaults.maxLifetime(),
                keys.contains("health_check_interval") ? given.healthCheckInterval() : defaults.healthCheckInterval(),
                keys.contains("leak_after") ? given.leakAfter() : defaults.leakAfter(),
                keys.contains("per_host") ? given.perHost() : defaults.perHost());
    }

    private static PoolSettings withMax(PoolSettings pool, int max) {
        return new PoolSettings(
                max,
                Math.min(pool.min(), max),
                pool.scope(),
                pool.acquireTimeout(),
                pool.connectTimeout(),
                pool.idleTimeout(),
                pool.maxLifetime(),
                pool.healthCheckInterval(),
                pool.leakAfter(),
                pool.perHost());
    }

    private void prepare(
            SystemFile.Service service,
            SettingsPlan<?> plan,
            Record settings,
            LoadedService loaded,
            PoolSettings pool) {
        Set<ConnectionFactory<?, ?>> factories = new LinkedHashSet<>();
        plugins.actionsFor(loaded)
                .forEach(action -> factories.add(action.action().connection()));
        int errorsBefore = compilation.problems().errorCount();
        try {
            for (ConnectionFactory<?, ?> factory : factories) {
                prepare(factory, plan, settings, pool);
            }
            // Where it is cannot be asked of a service that is not as it should be
            if (compilation.problems().errorCount() == errorsBefore) {
                factories.forEach(factory -> endpoint(factory, settings));
            }
        } catch (IllegalArgumentException e) {
            if (compilation.problems().errorCount() == errorsBefore) {
                refused(service, loaded, e);
            }
        }
    }

    private void refused(SystemFile.Service service, LoadedService loaded, IllegalArgumentException e) {
        compilation
                .problems()
                .error(
                        Codes.PLUGIN_CHECK,
                        service.location(),
                        service.path(),
                        String.valueOf(e.getMessage()),
                        "settings that protocol '" + loaded.protocol() + "' accepts",
                        null);
    }

    /// @throws IllegalArgumentException when the factory refuses the settings
    @SuppressWarnings("unchecked")
    private static <S extends Record> void prepare(
            ConnectionFactory<S, ?> factory, SettingsPlan<?> plan, Record settings, PoolSettings pool) {
        asked(factory, "prepare", () -> factory.prepare(new StepPreparation<>((SettingsPlan<S>) plan, settings, pool)));
    }

    /// @throws IllegalArgumentException when the factory refuses the settings
    @SuppressWarnings("unchecked")
    private static <S extends Record> void endpoint(ConnectionFactory<S, ?> factory, Record settings) {
        asked(factory, "endpoint", () -> {
            if ((@Nullable Endpoint) factory.endpoint((S) settings) == null) {
                throw PluginException.failed(factory.getClass().getName() + " returned null from endpoint()");
            }
        });
    }

    /// Whatever else a factory throws is its own fault, and told as that.
    private static void asked(ConnectionFactory<?, ?> factory, String what, Runnable question) {
        PluginScope scope = PluginScope.of(factory);
        ClassLoader before = scope.enter();
        try {
            question.run();
        } catch (IllegalArgumentException | PluginException e) {
            throw e;
        } catch (RuntimeException e) {
            throw scope.failed(factory.getClass().getName(), what, e);
        } finally {
            scope.exit(before);
        }
    }
}
