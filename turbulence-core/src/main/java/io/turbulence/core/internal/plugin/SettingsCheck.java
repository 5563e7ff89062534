package io.turbulence.core.internal.plugin;

import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.UnbindableSettingsException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that a settings record can be bound from YAML and takes no key of the host's.
final class SettingsCheck {

    private final String subject;
    private final List<PluginProblem> problems;

    SettingsCheck(String subject, List<PluginProblem> problems) {
        this.subject = subject;
        this.problems = problems;
    }

    /// @param reserved keys that are the host's
    /// @param of       what has them: `step`, `service`
    void check(Class<?> settings, Set<String> reserved, String of) {
        if (!settings.isRecord()) {
            add("settings '" + settings.getName() + "' are no record. Make the class a record.", null);
            return;
        }
        try {
            SettingsType.of(settings.asSubclass(Record.class)).keys().stream()
                    .filter(reserved::contains)
                    .forEach(key -> add(
                            "setting '" + key + "' in " + settings.getName() + " is a key that every " + of
                                    + " has. Rename the component, or give it another key with @Setting(key = …).",
                            null));
        } catch (UnbindableSettingsException e) {
            add(e.getMessage() + ". This is a defect of the plugin: tell its author, or remove it.", e);
        }
    }

    private void add(String what, @Nullable Throwable cause) {
        problems.add(new PluginProblem(PluginCode.PLUGIN_SETTINGS, subject + " cannot be used: " + what, cause));
    }
}
