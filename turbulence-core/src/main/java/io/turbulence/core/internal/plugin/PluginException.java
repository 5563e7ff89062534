package io.turbulence.core.internal.plugin;

import io.turbulence.api.TurbulenceException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Plugins that cannot be used, with everything that is wrong with them. The code is the first
/// problem's.
public final class PluginException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient List<PluginProblem> problems;

    /// @param problems at least one
    public PluginException(List<PluginProblem> problems) {
        super(
                problems.getFirst().code().name(),
                message(problems),
                problems.getFirst().cause());
        this.problems = List.copyOf(problems);
        problems.stream().skip(1).map(PluginProblem::cause).forEach(cause -> {
            if (cause != null) {
                addSuppressed(cause);
            }
        });
    }

    PluginException(PluginProblem problem) {
        this(List.of(problem));
    }

    public List<PluginProblem> problems() {
        return problems;
    }

    private static String message(List<PluginProblem> problems) {
        if (problems.size() == 1) {
            return problems.getFirst().message();
        }
        return problems.stream()
                .map(problem -> "\n  - " + problem.message())
                .collect(Collectors.joining("", problems.size() + " problems with plugins:", ""));
    }

    /// A plugin does what it may not do.
    ///
    /// @param what names the plugin, and what it does; without a full stop
    public static PluginException failed(String what) {
        return failed(what, null);
    }

    /// As [#failed(String)], with where it does that.
    public static PluginException failed(String what, @Nullable Throwable cause) {
        return new PluginException(new PluginProblem(PluginCode.PLUGIN_FAILED, PluginScope.defect(what), cause));
    }
}
