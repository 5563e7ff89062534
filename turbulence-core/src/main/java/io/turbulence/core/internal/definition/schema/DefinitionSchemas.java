package io.turbulence.core.internal.definition.schema;

import io.turbulence.core.internal.definition.binding.SettingComponent;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ServiceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The JSON Schemas (draft 2020-12) of system and scenario files, composed from what the plugins found declare and from
/// the language's own parts. For editors: a file that the program takes, they take, and the reverse, apart from what a
/// schema cannot say (names that refer to each other, templates that do not compile, texts that are no JSONPath).
/// Immutable.
public final class DefinitionSchemas {

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final String TOP_LEVEL = "^";

    private final List<ServiceType<?>> services;
    private final List<ProtocolAction<?, ?>> actions;

    private DefinitionSchemas(List<ServiceType<?>> services, List<ProtocolAction<?, ?>> actions) {
        this.services = services;
        this.actions = actions;
    }

    public static DefinitionSchemas of(
            Collection<? extends ServiceType<?>> services, Collection<? extends ProtocolAction<?, ?>> actions) {
        return new DefinitionSchemas(List.copyOf(services), List.copyOf(actions));
    }

    /// The schema of scenario files.
    public Map<String, Object> scenario() {
        Composition composition = new Composition();
        Map<String, Object> assertion = Schemas.anyOf(Schemas.ref(LanguageSchemas.STEP), Schemas.ref("assertion"));
        return composition.file("Turbulence scenario", LanguageSchemas.scenario(assertion));
    }

    /// The schema of system files.
    public Map<String, Object> system() {
        Composition composition = new Composition();
        return composition.file(
                "Turbulence system", LanguageSchemas.system(composition.service(), composition.topLevelKeys()));
    }

    /// What these services and actions declare, without the language around it: for each one the schema of its
    /// settings.
    public Map<String, Object> settings() {
        Map<String, Object> definitions = new LinkedHashMap<>();
        SettingsSchemas schemas = new SettingsSchemas(definitions);
        Map<String, Object> ofServices = new LinkedHashMap<>();
        services.forEach(service -> ofServices.put(
                service.protocol(), schemas.mapping(SettingsType.of(service.settings()), Map.of(), List.of())));
        Map<String, Object> ofActions = new LinkedHashMap<>();
        actions.forEach(action ->
                ofActions.put(action.type(), schemas.mapping(SettingsType.of(action.settings()), Map.of(), List.of())));
        return Schemas.schema("$schema", DRAFT, "services", ofServices, "actions", ofActions, "$defs", definitions);
    }

    /// One schema in the making.
    private final class Composition {

        private final Map<String, Object> definitions = new LinkedHashMap<>();
        private final SettingsSchemas settings = new SettingsSchemas(definitions);

        Map<String, Object> file(String title, Map<String, Object> root) {
            definitions.putAll(LanguageSchemas.parts(statusKeys()));
            steps();
            Map<String, Object> schema = Schemas.schema("$schema", DRAFT, "title", title);
            schema.putAll(root);
            schema.put("$defs", definitions);
            return schema;
        }

        private Set<String> statusKeys() {
            Set<String> keys = new LinkedHashSet<>();
            services.forEach(service -> service.statusKey().ifPresent(keys::add));
            return keys;
        }

        // Steps

        private void steps() {
            List<Object> alternatives = new ArrayList<>();
            for (ProtocolAction<?, ?> action : actions) {
                define(alternatives, action.type(), action(action));
            }
            LanguageSchemas.builtIn().forEach((type, schema) -> define(alternatives, type, schema));
            define(alternatives, "wait", waiting());
            define(
                    alternatives,
                    "job",
                    LanguageSchemas.job(
                            exchange(
                                    Schemas.schema(
                                            "extract",
                                            Schemas.ref("extract"),
                                            "expect",
                                            Schemas.ref(LanguageSchemas.EXPECTATIONS)),
                                    false),
                            exchange(
                                    Schemas.schema(
                                            "interval",
                                            LanguageSchemas.duration("Time between two polls."),
                                            "interval_seconds",
                                            LanguageSchemas.duration("Another name of `interval`.")),
                                    true)));
            definitions.put(LanguageSchemas.STEP, Schemas.schema("oneOf", alternatives));
            definitions.put("assertion", assertion());
        }

        private void define(List<Object> alternatives, String type, Map<String, Object> schema) {
            definitions.put("step." + type, schema);
            alternatives.add(Schemas.ref("step." + type));
        }

        private Map<String, Object> action(ProtocolAction<?, ?> action) {
            Map<String, Object> keys = LanguageSchemas.typed(
                    LanguageSchemas.common(), action.type(), "A step of type `" + action.type() + "`.");
            return settings.mapping(type(action), keys, List.of("type"));
        }

        /// With `poll`, or with the settings of a service's default action in the step itself.
        private Map<String, Object> waiting() {
            List<Object> alternatives = new ArrayList<>();
            alternatives.add(LanguageSchemas.waiting(exchange(Map.of(), true)));
            for (ProtocolAction<?, ?> action : defaultActions()) {
                Map<String, Object> keys = LanguageSchemas.typed(
                        LanguageSchemas.without(LanguageSchemas.common(), "retry"),
                        "wait",
                        "Repeats an action until an expectation holds.");
                keys.putAll(LanguageSchemas.ofWait());
                Map<String, Object> schema = settings.mapping(type(action), keys, List.of("type"));
                Schemas.also(schema, LanguageSchemas.untilOrExpect());
                alternatives.add(schema);
            }
            return Schemas.anyOf(alternatives.toArray());
        }

        private List<ProtocolAction<?, ?>> defaultActions() {
            Set<String> types = new LinkedHashSet<>();
            services.forEach(service -> service.defaultAction().ifPresent(types::add));
            return actions.stream()
                    .<ProtocolAction<?, ?>>map(action -> action)
                    .filter(action -> types.contains(action.type()))
                    .toList();
        }

        /// An action inside another step.
        ///
        /// @param mayOmitType whether any action's settings may stand there without a type
        private Map<String, Object> exchange(Map<String, Object> more, boolean mayOmitType) {
            List<Object> alternatives = new ArrayList<>();
            List<ProtocolAction<?, ?>> defaults = defaultActions();
            for (ProtocolAction<?, ?> action : actions) {
                Map<String, Object> keys = new LinkedHashMap<>();
                keys.put("type", Schemas.schema("const", action.type()));
                keys.put("service", LanguageSchemas.text("Which service; may be left out where only one fits."));
                keys.putAll(more);
                boolean typeless = mayOmitType || defaults.contains(action);
                alternatives.add(settings.mapping(type(action), keys, typeless ? List.of() : List.of("type")));
            }
            return Schemas.anyOf(alternatives.toArray());
        }

        /// An assertion without `type`.
        private Map<String, Object> assertion() {
            Map<String, Object> keys = LanguageSchemas.without(LanguageSchemas.common(), "type", "extract", "retry");
            return Schemas.object(keys, List.of("expect"));
        }

        // Services

        Map<String, Object> service() {
            List<Object> alternatives = new ArrayList<>();
            for (ServiceType<?> service : services) {
                alternatives.addAll(alternatives(service));
            }
            return Schemas.anyOf(alternatives.toArray());
        }

        private List<Object> alternatives(ServiceType<?> service) {
            SettingsType<?> type = SettingsType.of(service.settings());
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put(
                    "protocol", Schemas.schema("const", service.protocol(), "description", "What the service speaks."));
            keys.put("pool", Schemas.orNull(settings.reference(SettingsType.of(PoolSettings.class))));
            keys.put("timeout", LanguageSchemas.duration("The time limit of its steps where they give none."));
            keys.put("timeout_seconds", LanguageSchemas.duration("Another name of `timeout`."));
            Map<String, Object> flat = settings.mapping(type, keys, List.of());
            List<Object> named = new ArrayList<>();
            named.add(Schemas.required("protocol"));
            service.impliedBy().stream().sorted().forEach(key -> named.add(Schemas.required(key)));
            Schemas.also(flat, Schemas.anyOf(named.toArray()));

            Map<String, Object> nested = new LinkedHashMap<>(keys);
            nested.put(service.protocol(), inner(type));
            Map<String, Object> below = settings.mapping(type, nested, List.of());
            below.put("required", List.of(service.protocol()));
            below.remove("allOf");
            return List.of(flat, below);
        }

        /// The settings one level down; what is required may stand above.
        private Map<String, Object> inner(SettingsType<?> type) {
            Map<String, Object> inner = settings.mapping(type, Map.of(), List.of());
            inner.remove("required");
            inner.remove("allOf");
            return inner;
        }

        /// Keys at the top of a system file that actions and services inherit from.
        Map<String, Object> topLevelKeys() {
            Map<String, Object> keys = new LinkedHashMap<>();
            actions.forEach(action -> addTopLevelKeys(type(action), keys));
            services.forEach(service -> addTopLevelKeys(SettingsType.of(service.settings()), keys));
            return keys;
        }

        private void addTopLevelKeys(SettingsType<?> type, Map<String, Object> keys) {
            for (SettingComponent component : type.components()) {
                for (String name : component.inherits()) {
                    if (name.startsWith(TOP_LEVEL)) {
                        keys.put(name.substring(TOP_LEVEL.length()), settings.setting(component));
                    }
                }
            }
        }

        private static SettingsType<?> type(ProtocolAction<?, ?> action) {
            return SettingsType.of(action.settings());
        }
    }

    /// The action of a type.
    public Optional<ProtocolAction<?, ?>> action(String type) {
        return actions.stream()
                .<ProtocolAction<?, ?>>map(action -> action)
                .filter(action -> action.type().equals(type))
                .findFirst();
    }
}
