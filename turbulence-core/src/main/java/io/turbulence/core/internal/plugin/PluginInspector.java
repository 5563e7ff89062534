package io.turbulence.core.internal.plugin;

import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolPlugin;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Makes a plugin of a class and asks it what it contributes, taking down everything that goes wrong.
final class PluginInspector {

    /// What a plugin says of itself it has at hand.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ApiLevels levels;
    private final List<PluginProblem> problems;
    private final Duration patience;

    PluginInspector(ApiLevels levels, List<PluginProblem> problems) {
        this(levels, problems, PATIENCE);
    }

    /// @param patience how long a plugin may take for each answer
    PluginInspector(ApiLevels levels, List<PluginProblem> problems, Duration patience) {
        this.levels = levels;
        this.patience = patience;
        this.problems = problems;
    }

    Optional<LoadedPlugin> load(PluginCandidate candidate) {
        try {
            return instantiate(candidate).flatMap(plugin -> inspect(plugin, candidate));
        } catch (ExceptionInInitializerError e) {
            failed(candidate, "a static initialiser", e.getCause());
            return Optional.empty();
        } catch (LinkageError e) {
            problems.add(VersionReport.problem(candidate.describe(), candidate.loader(), e));
            return Optional.empty();
        }
    }

    Optional<LoadedPlugin> inspect(ProtocolPlugin plugin) {
        Class<?> type = plugin.getClass();
        PluginCandidate candidate =
                new PluginCandidate(type.getName(), PluginCandidate.sourceOf(type), type.getClassLoader());
        try {
            return inspect(plugin, candidate);
        } catch (LinkageError e) {
            problems.add(VersionReport.problem(candidate.describe(), candidate.loader(), e));
            return Optional.empty();
        }
    }

    private Optional<ProtocolPlugin> instantiate(PluginCandidate candidate) {
        Class<?> type;
        try {
            type = Class.forName(candidate.className(), false, candidate.loader());
        } catch (ClassNotFoundException e) {
            return unusable(
                    candidate,
                    "was not found, though " + PluginFinder.SERVICES + " names it",
                    "Correct the name there, or let @AutoService(ProtocolPlugin.class) write the file.",
                    e);
        }
        if (!ProtocolPlugin.class.isAssignableFrom(type)) {
            return unusable(
                    candidate,
                    "does not implement " + ProtocolPlugin.class.getName(),
                    "Implement it, or take the class out of " + PluginFinder.SERVICES + ".",
                    null);
        }
        if (!Modifier.isPublic(type.getModifiers())
                || Modifier.isAbstract(type.getModifiers())
                || (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()))) {
            return unusable(
                    candidate,
                    "is not a public class of which objects can be made",
                    "Make it public, and static where it stands inside another class; not abstract.",
                    null);
        }
        try {
            Constructor<?> constructor = type.getConstructor();
            return Optional.of(
                    (ProtocolPlugin) answer(PluginScope.ofLoader(candidate.loader()), constructor::newInstance));
        } catch (NoSuchMethodException e) {
            return unusable(
                    candidate, "has no public constructor without parameters", "Add one, or remove the others.", null);
        } catch (TimeoutException e) {
            noAnswer(candidate, "its constructor", e);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError linkage) {
                throw linkage;
            }
            failed(candidate, "its constructor", e.getCause());
            return Optional.empty();
        } catch (Exception e) {
            failed(candidate, "its constructor", e);
            return Optional.empty();
        }
    }

    private Optional<LoadedPlugin> inspect(ProtocolPlugin plugin, PluginCandidate candidate) {
        PluginInfo info = ask(candidate, "info()", plugin::info);
        if (info == null || !offers(info, candidate)) {
            return Optional.empty();
        }
        var services = ask(candidate, "services()", plugin::services);
        var actions = ask(candidate, "actions()", plugin::actions);
        var commands = ask(candidate, "commands()", plugin::commands);
        var observers = ask(candidate, "observers()", plugin::observers);
        if (services == null || actions == null || commands == null || observers == null) {
            return Optional.empty();
        }
        return Optional.of(new LoadedPlugin(
                info,
                plugin,
                candidate.source(),
                plugin.getClass().getClassLoader() instanceof PluginClassLoader,
                PluginScope.of(plugin),
                services,
                actions,
                commands,
                observers));
    }

    private boolean offers(PluginInfo info, PluginCandidate candidate) {
        if (info.apiLevel() > levels.newest()) {
            problems.add(PluginProblem.of(
                    PluginCode.PLUGIN_API_LEVEL,
                    "plugin '" + info.name() + "' " + info.version() + " (" + candidate.className() + " in "
                            + candidate.source() + ") was built for API level " + info.apiLevel()
                            + " but this Turbulence offers " + levels
                            + ". Upgrade Turbulence, or use an older release of the plugin."));
            return false;
        }
        if (info.apiLevel() < levels.oldest()) {
            problems.add(PluginProblem.of(
                    PluginCode.PLUGIN_API_LEVEL,
                    "plugin '" + info.name() + "' " + info.version() + " (" + candidate.className() + " in "
                            + candidate.source() + ") was built for API level " + info.apiLevel()
                            + " but this Turbulence offers " + levels
                            + ". Use a newer release of the plugin, or build it again with this turbulence-api."));
            return false;
        }
        return true;
    }

    /// What one of the plugin's methods answers; null when it failed, which is then noted.
    private <T> @Nullable T ask(PluginCandidate candidate, String method, Callable<T> question) {
        try {
            T answer = answer(PluginScope.ofLoader(candidate.loader()), question);
            if (answer instanceof List<?> list) {
                // Fails here, with the method's name, when the list or one of its members is null
                List.copyOf(list);
            }
            if (answer != null) {
                return answer;
            }
            problems.add(PluginProblem.of(
                    PluginCode.PLUGIN_FAILED,
                    candidate.describe() + " returned null from " + method
                            + ". This is a defect of the plugin: tell its author, or remove it."));
        } catch (LinkageError e) {
            throw e;
        } catch (TimeoutException e) {
            noAnswer(candidate, method, e);
        } catch (Exception | Error e) {
            failed(candidate, method, e);
        }
        return null;
    }

    /// @throws TimeoutException with where it stands, when it does not answer
    private <T> T answer(PluginScope scope, Callable<T> question) throws Exception {
        try {
            return PatientCall.within(patience, "plugin-loading", () -> scope.call(question));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    private void noAnswer(PluginCandidate candidate, String where, TimeoutException e) {
        problems.add(new PluginProblem(
                PluginCode.PLUGIN_FAILED,
                PluginScope.defect(candidate.describe() + " had not come back from " + where + " after "
                        + patience.toMillis() + " ms"),
                e));
    }

    private void failed(PluginCandidate candidate, String where, @Nullable Throwable thrown) {
        problems.add(new PluginProblem(
                PluginCode.PLUGIN_FAILED,
                candidate.describe() + " threw in " + where + ": " + thrown
                        + ". This is a defect of the plugin: tell its author, or remove it.",
                thrown));
    }

    private <T> Optional<T> unusable(PluginCandidate candidate, String what, String hint, @Nullable Throwable thrown) {
        problems.add(new PluginProblem(
                PluginCode.PLUGIN_NOT_INSTANTIABLE, candidate.describe() + " " + what + ". " + hint, thrown));
        return Optional.empty();
    }
}
