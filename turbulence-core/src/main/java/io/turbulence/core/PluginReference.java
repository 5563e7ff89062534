package io.turbulence.core;

import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.binding.ValueType;
import io.turbulence.core.internal.definition.schema.DefinitionSchemas;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.plugin.LoadedPlugin;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.spi.PoolSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What the plugins found let one write in system and scenario files.
public final class PluginReference {

    private PluginReference() {}

    /// Where settings stand: a service of a protocol, or a step of a type.
    public enum Place {
        SERVICE,
        STEP
    }

    /// The settings of one protocol's services or of one type of step.
    public record Subject(Place place, String name, List<Setting> settings) {
        public Subject {
            settings = List.copyOf(settings);
        }
    }

    /// One setting.
    ///
    /// @param key          with those of the settings that it stands in, as in `tls.ca`
    /// @param takes        what may be written, such as `a whole number`
    /// @param defaultValue as it would be written; empty for none
    /// @param example      as it would be written; empty for none
    public record Setting(
            String key,
            List<String> otherNames,
            String takes,
            boolean required,
            String defaultValue,
            String example,
            String documentation) {
        public Setting {
            otherNames = List.copyOf(otherNames);
        }
    }

    /// Services and then steps of every plugin on the class path and in these folders.
    ///
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
    public static List<Subject> subjects(List<Path> folders) {
        try (PluginCatalog catalog = catalog(folders)) {
            List<Subject> subjects = new ArrayList<>();
            for (LoadedPlugin plugin : catalog.plugins()) {
                plugin.services()
                        .forEach(service -> subjects.add(
                                new Subject(Place.SERVICE, service.protocol(), settings(service.settings()))));
                plugin.actions()
                        .forEach(action ->
                                subjects.add(new Subject(Place.STEP, action.type(), settings(action.settings()))));
            }
            return subjects;
        }
    }

    /// What may stand under `pool` of any service.
    public static List<Setting> poolSettings() {
        return settings(PoolSettings.class);
    }

    /// The JSON Schema (draft 2020-12) of scenario files with these plugins.
    ///
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
    public static String scenarioSchema(List<Path> folders) {
        return schema(folders, DefinitionSchemas::scenario);
    }

    /// The JSON Schema (draft 2020-12) of system files with these plugins.
    ///
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
    public static String systemSchema(List<Path> folders) {
        return schema(folders, DefinitionSchemas::system);
    }

    private static String schema(List<Path> folders, Function<DefinitionSchemas, Map<String, Object>> which) {
        try (PluginCatalog catalog = catalog(folders)) {
            DefinitionSchemas schemas = DefinitionSchemas.of(
                    catalog.plugins().stream()
                            .flatMap(plugin -> plugin.services().stream())
                            .toList(),
                    catalog.plugins().stream()
                            .flatMap(plugin -> plugin.actions().stream())
                            .toList());
            return JsonCodec.INSTANCE.writeIndented(which.apply(schemas));
        }
    }

    private static PluginCatalog catalog(List<Path> folders) {
        return PluginCatalog.load(PluginReference.class.getClassLoader(), folders);
    }

    private static List<Setting> settings(Class<? extends Record> record) {
        List<Setting> settings = new ArrayList<>();
        add(SettingsType.of(record).components(), "", settings);
        return settings;
    }

    private static void add(List<SettingComponent> components, String prefix, List<Setting> settings) {
        for (SettingComponent component : components) {
            settings.add(new Setting(
                    prefix + component.key(),
                    component.aliases(),
                    component.type().description(),
                    component.required(),
                    component.defaultText(),
                    component.example(),
                    component.documentation()));
            if (component.type() instanceof ValueType.RecordType nested) {
                add(nested.settings().components(), prefix + component.key() + ".", settings);
            }
        }
    }
}
