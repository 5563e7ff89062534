package io.turbulence.core.internal.plugin;

import static java.util.Comparator.comparing;

import io.turbulence.core.internal.definition.problem.Nearest;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The plugins of one run and what they contribute, all checked. Immutable and thread-safe.
///
/// Closing it closes the class loaders of plugins from folders: nothing of them may be in use then.
public final class PluginCatalog implements AutoCloseable {

    private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(1);

    private final List<LoadedPlugin> plugins;
    private final Map<String, LoadedAction> actions = new TreeMap<>();
    private final Map<String, LoadedService> services = new TreeMap<>();
    private final Map<Class<?>, LoadedService> bySettings = new HashMap<>();
    private final Map<String, LoadedService> byImplyingKey = new HashMap<>();
    private final Set<ConnectionFactory<?, ?>> factories = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<PluginClassLoader> opened;

    private PluginCatalog(List<LoadedPlugin> plugins, List<PluginClassLoader> opened) {
        this.plugins = plugins.stream().sorted(comparing(LoadedPlugin::name)).toList();
        this.opened = List.copyOf(opened);
        for (LoadedPlugin plugin : this.plugins) {
            plugin.services().forEach(type -> {
                LoadedService service = new LoadedService(plugin, type);
                services.put(type.protocol(), service);
                bySettings.putIfAbsent(type.settings(), service);
                type.impliedBy().forEach(key -> byImplyingKey.put(key, service));
            });
            ClassLoader before = plugin.scope().enter();
            try {
                plugin.actions().forEach(action -> take(plugin, action));
            } finally {
                plugin.scope().exit(before);
            }
        }
    }

    private void take(LoadedPlugin plugin, ProtocolAction<?, ?> action) {
        String type = action.type();
        actions.put(type, new LoadedAction(plugin, action, type, PluginScope.of(action)));
        factories.add(action.connection());
    }

    /// Loads the plugins of the class path and of folders.
    ///
    /// @param classPath sees the API and the plugins of the class path
    /// @param folders   each holds a folder for every plugin, with its jars; one that is not there is none
    /// @throws PluginException with all that is wrong with all of them
    public static PluginCatalog load(ClassLoader classPath, List<Path> folders) {
        return load(classPath, folders, ApiLevels.OFFERED);
    }

    /// A catalog of these plugins alone.
    ///
    /// @throws PluginException with all that is wrong with all of them
    public static PluginCatalog of(ProtocolPlugin... plugins) {
        return of(List.of(plugins), ApiLevels.OFFERED);
    }

    static PluginCatalog load(ClassLoader classPath, List<Path> folders, ApiLevels levels) {
        List<PluginProblem> problems = new ArrayList<>();
        PluginFinder finder = new PluginFinder(problems);
        List<PluginCandidate> candidates = new ArrayList<>(finder.onClassPath(classPath));
        folders.forEach(folder -> candidates.addAll(finder.inFolders(folder, classPath)));
        PluginInspector inspector = new PluginInspector(levels, problems);
        List<LoadedPlugin> plugins = candidates.stream()
                .flatMap(candidate -> inspector.load(candidate).stream())
                .toList();
        try {
            return checked(plugins, finder.opened(), problems);
        } catch (PluginException e) {
            closeAll(finder.opened()).ifPresent(e::addSuppressed);
            throw e;
        }
    }

    static PluginCatalog of(List<ProtocolPlugin> plugins, ApiLevels levels) {
        List<PluginProblem> problems = new ArrayList<>();
        PluginInspector inspector = new PluginInspector(levels, problems);
        List<LoadedPlugin> loaded = plugins.stream()
                .flatMap(plugin -> inspector.inspect(plugin).stream())
                .toList();
        return checked(loaded, List.of(), problems);
    }

    /// By name.
    public List<LoadedPlugin> plugins() {
        return plugins;
    }

    public Optional<LoadedAction> action(String type) {
        return Optional.ofNullable(actions.get(type));
    }

    /// All actions, by type.
    public Collection<LoadedAction> actions() {
        return Collections.unmodifiableCollection(actions.values());
    }

    /// The types of all actions of plugins, in order; the built-in ones are not among them.
    public Set<String> actionTypes() {
        return Collections.unmodifiableSet(actions.keySet());
    }

    public Optional<LoadedService> service(String protocol) {
        return Optional.ofNullable(services.get(protocol));
    }

    /// All kinds of service, by protocol.
    public Collection<LoadedService> services() {
        return Collections.unmodifiableCollection(services.values());
    }

    /// The kind of service that a factory connects to.
    public Optional<LoadedService> serviceOf(ConnectionFactory<?, ?> factory) {
        return Optional.ofNullable(bySettings.get(factory.settings()));
    }

    /// The kind of service that is meant by a block without `protocol` that has these keys.
    public Optional<LoadedService> impliedBy(Collection<String> keys) {
        return keys.stream()
                .filter(byImplyingKey::containsKey)
                .map(byImplyingKey::get)
                .findFirst();
    }

    /// The actions that run against a kind of service, by type.
    public List<LoadedAction> actionsFor(LoadedService service) {
        return actions.values().stream()
                .filter(action -> action.action()
                        .connection()
                        .settings()
                        .equals(service.type().settings()))
                .toList();
    }

    /// The factories that actions name, each once.
    public Set<ConnectionFactory<?, ?>> factories() {
        return Collections.unmodifiableSet(factories);
    }

    /// The known type, built-in ones included, that was likely meant by an unknown one.
    public Optional<String> nearest(String type) {
        return Nearest.of(
                type,
                Stream.concat(
                                actions.keySet().stream(),
                                ReservedNames.ACTIONS.stream().sorted())
                        .toList());
    }

    /// Metadata names that expressions may use alone, of all plugins, status names included.
    public SortedSet<String> shorthands() {
        return services.values().stream()
                .flatMap(service ->
                        Stream.concat(service.type().shorthands().stream(), service.type().statusKey().stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The metadata names that hold a protocol's status.
    public SortedSet<String> statusKeys() {
        return services.values().stream()
                .flatMap(service -> service.type().statusKey().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The plugins from folders of which threads are alive, once everything of them was closed. A thread belongs
    /// to the plugin in whose scope it was started: it inherited its context class loader.
    ///
    /// @param within how long threads that are about to end are waited for
    List<PluginProblem> leaks(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        return plugins.stream()
                .filter(LoadedPlugin::isolated)
                .flatMap(plugin -> StrayThreads.of(plugin, end).stream())
                .toList();
    }

    /// A linkage error that a plugin met while it ran, explained.
    public static PluginException linkage(LoadedPlugin plugin, LinkageError thrown) {
        return new PluginException(VersionReport.problem("plugin " + plugin.describe(), plugin.classLoader(), thrown));
    }

    /// Idempotent. Threads that plugins from folders left behind are told in the log.
    @Override
    public void close() {
        leaks(THREADS_END_WITHIN)
                .forEach(leak -> System.getLogger(PluginCatalog.class.getName())
                        .log(System.Logger.Level.WARNING, leak.message()));
        closeAll(opened).ifPresent(e -> {
            throw new UncheckedIOException("the jars of plugins could not be closed: " + e.getMessage(), e);
        });
    }

    private static PluginCatalog checked(
            List<LoadedPlugin> plugins, List<PluginClassLoader> opened, List<PluginProblem> problems) {
        new CatalogCheck(problems, PluginInspector.PATIENCE).check(plugins);
        if (!problems.isEmpty()) {
            throw new PluginException(problems);
        }
        return new PluginCatalog(plugins, opened);
    }

    private static Optional<IOException> closeAll(List<PluginClassLoader> loaders) {
        IOException first = null;
        for (PluginClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        return Optional.ofNullable(first);
    }
}
