package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ServiceType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks plugins one by one and against each other.
final class CatalogCheck {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*");

    private final List<PluginProblem> problems;
    private final Duration patience;
    private final Map<String, LoadedPlugin> byName = new HashMap<>();
    private final Map<String, LoadedPlugin> byAction = new HashMap<>();
    private final Map<String, LoadedPlugin> byProtocol = new HashMap<>();
    private final Map<String, LoadedService> byImplyingKey = new HashMap<>();

    /// @param patience how long each plugin may take for all of its answers
    CatalogCheck(List<PluginProblem> problems, Duration patience) {
        this.problems = problems;
        this.patience = patience;
    }

    void check(List<LoadedPlugin> plugins) {
        plugins.forEach(this::checkName);
        // Of one that is there twice everything else is there twice, too
        List<LoadedPlugin> single = plugins.stream().filter(this::isFirst).toList();
        Set<Class<?>> serviceRecords = plugins.stream()
                .flatMap(plugin -> plugin.services().stream())
                .map(ServiceType::settings)
                .collect(Collectors.toSet());
        for (LoadedPlugin plugin : single) {
            try {
                PatientCall.within(
                        patience,
                        "plugin-checking",
                        () -> plugin.scope().call(() -> {
                            checkParts(plugin, serviceRecords);
                            return true;
                        }));
            } catch (LinkageError e) {
                problems.add(VersionReport.problem("plugin " + plugin.describe(), plugin.classLoader(), e));
            } catch (TimeoutException e) {
                throw new PluginException(new PluginProblem(
                        PluginCode.PLUGIN_FAILED,
                        PluginScope.defect("plugin " + plugin.describe() + " had not told the types and settings of its"
                                + " services and actions after " + patience.toMillis() + " ms: "
                                + PatientCall.place(e)),
                        e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while plugins were checked", e);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        single.forEach(plugin -> plugin.services().forEach(service -> checkDefaultAction(plugin, service)));
    }

    private void checkParts(LoadedPlugin plugin, Set<Class<?>> serviceRecords) {
        plugin.services().forEach(service -> checkService(plugin, service));
        plugin.actions().forEach(action -> checkAction(plugin, action, serviceRecords));
    }

    @SuppressWarnings("ReferenceEquality") // Two of one name may be equal in everything else
    private boolean isFirst(LoadedPlugin plugin) {
        return byName.get(plugin.name()) == plugin;
    }

    private void checkName(LoadedPlugin plugin) {
        LoadedPlugin other = byName.putIfAbsent(plugin.name(), plugin);
        if (other != null) {
            add(
                    PluginCode.PLUGIN_DUPLICATE_NAME,
                    "plugin name '" + plugin.name() + "' is used twice: by " + other.describeWithFolder() + " and "
                            + plugin.describeWithFolder() + ". Remove one of them.");
        }
    }

    private void checkService(LoadedPlugin plugin, ServiceType<?> service) {
        String protocol = service.protocol();
        if (!NAME.matcher(protocol).matches()) {
            add(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "protocol '" + protocol + "' of plugin " + plugin.describe()
                            + " must be lower case letters, digits, hyphens and underscores, in parts with dots"
                            + " between. Rename it.");
        }
        LoadedPlugin other = byProtocol.putIfAbsent(protocol, plugin);
        if (other != null) {
            add(
                    PluginCode.PLUGIN_DUPLICATE_PROTOCOL,
                    "protocol '" + protocol + "' is declared twice: by plugin " + other.describe() + " and plugin "
                            + plugin.describe() + ". Remove one of the plugins.");
        }
        LoadedService loaded = new LoadedService(plugin, service);
        for (String key : service.impliedBy()) {
            LoadedService rival = byImplyingKey.putIfAbsent(key, loaded);
            if (rival != null && !rival.protocol().equals(protocol)) {
                add(
                        PluginCode.PLUGIN_DUPLICATE_PROTOCOL,
                        "key '" + key + "' implies protocol '" + rival.protocol() + "' of plugin "
                                + rival.plugin().describe() + " as well as protocol '" + protocol + "' of plugin "
                                + plugin.describe() + ". Remove one of the plugins.");
            }
        }
        new SettingsCheck("service '" + protocol + "' of plugin " + plugin.describe(), problems)
                .check(service.settings(), ReservedNames.SERVICE_KEYS, "service");
    }

    private void checkAction(LoadedPlugin plugin, ProtocolAction<?, ?> action, Set<Class<?>> serviceRecords) {
        String subject = action.getClass().getName() + " of plugin " + plugin.describe();
        String type = ask(subject, "type()", action::type);
        Class<?> settings = ask(subject, "settings()", action::settings);
        ConnectionFactory<?, ?> factory = ask(subject, "connection()", action::connection);
        if (type == null || settings == null || factory == null) {
            return;
        }
        checkType(plugin, type);
        new SettingsCheck("action '" + type + "' of plugin " + plugin.describe(), problems)
                .check(settings, ReservedNames.STEP_KEYS, "step");
        Class<?> service = ask(subject, "connection().settings()", factory::settings);
        if (service != null && !serviceRecords.contains(service)) {
            add(
                    PluginCode.PLUGIN_SETTINGS,
                    "action '" + type + "' of plugin " + plugin.describe() + " connects with settings '"
                            + service.getName() + "' but no plugin declares a service with that record. Add"
                            + " ServiceType.of(…, " + service.getSimpleName() + ".class) to services().");
        }
    }

    private void checkType(LoadedPlugin plugin, String type) {
        if (ReservedNames.ACTIONS.contains(type)) {
            add(
                    PluginCode.PLUGIN_RESERVED_ACTION,
                    "action '" + type + "' of plugin " + plugin.describe()
                            + " has the name of a built-in step. Rename it, best with the plugin's name in front: '"
                            + plugin.name() + "." + type + "'.");
            return;
        }
        if (!NAME.matcher(type).matches()) {
            add(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "action '" + type + "' of plugin " + plugin.describe()
                            + " must be lower case letters, digits, hyphens and underscores, in parts with dots"
                            + " between. Rename it.");
        }
        LoadedPlugin other = byAction.putIfAbsent(type, plugin);
        if (other != null) {
            add(
                    PluginCode.PLUGIN_DUPLICATE_ACTION,
                    "action '" + type + "' is declared twice: by plugin " + other.describe() + " and plugin "
                            + plugin.describe() + ". Remove one of the plugins.");
        }
    }

    private void checkDefaultAction(LoadedPlugin plugin, ServiceType<?> service) {
        service.defaultAction().filter(type -> !byAction.containsKey(type)).ifPresent(type -> {
            add(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "service '" + service.protocol() + "' of plugin " + plugin.describe() + " names '" + type
                            + "' as its default action but no plugin has it. Add the action, or correct the name.");
        });
    }

    private <T> @Nullable T ask(String subject, String method, java.util.function.Supplier<T> question) {
        try {
            T answer = question.get();
            if (answer != null) {
                return answer;
            }
            add(
                    PluginCode.PLUGIN_FAILED,
                    "action class " + subject + " returned null from " + method
                            + ". This is a defect of the plugin: tell its author, or remove it.");
        } catch (RuntimeException e) {
            problems.add(new PluginProblem(
                    PluginCode.PLUGIN_FAILED,
                    "action class " + subject + " threw in " + method + ": " + e
                            + ". This is a defect of the plugin: tell its author, or remove it.",
                    e));
        }
        return null;
    }

    private void add(PluginCode code, String message) {
        problems.add(PluginProblem.of(code, message));
    }
}
