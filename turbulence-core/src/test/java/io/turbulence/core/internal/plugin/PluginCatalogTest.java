package io.turbulence.core.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.api.Observation;
import io.turbulence.core.internal.plugin.TestPlugin.Action;
import io.turbulence.core.internal.plugin.TestPlugin.Service;
import io.turbulence.core.internal.plugin.TestPlugin.Step;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PluginCatalogTest {

    private static final String HERE = PluginCandidate.sourceOf(TestPlugin.class);
    private static final String IN = " (" + TestPlugin.class.getName() + " in " + HERE + ")";
    private static final String PACKAGE = PluginCatalogTest.class.getPackageName();

    record OtherService(String url) {}

    @Nested
    class Lookups {

        private final TestPlugin kafka = TestPlugin.named("kafka")
                .withServices(ServiceType.of("kafka", OtherService.class)
                        .impliedBy("bootstrap_servers")
                        .shorthands("headers"))
                .withActions();
        private final TestPlugin http = TestPlugin.named("http")
                .withServices(ServiceType.of("http", Service.class)
                        .impliedBy("base_url")
                        .defaultAction("http")
                        .shorthands("headers")
                        .status("status_code"));
        private final PluginCatalog catalog = PluginCatalog.of(kafka, http);

        @Test
        void answersPluginsByName() {
            assertThat(catalog.plugins()).extracting(LoadedPlugin::name).containsExactly("http", "kafka");
            assertThat(catalog.plugins()).extracting(LoadedPlugin::isolated).containsOnly(false);
            assertThat(catalog.plugins()).extracting(LoadedPlugin::source).containsOnly(HERE);
        }

        @Test
        void answersActionsWithTheirPlugin() {
            assertThat(catalog.actionTypes()).containsExactly("http");
            assertThat(catalog.action("http").orElseThrow().plugin().name()).isEqualTo("http");
            assertThat(catalog.action("grpc")).isEmpty();
        }

        @Test
        void answersServicesByProtocolFactoryAndImpliedKey() {
            LoadedService service = catalog.service("http").orElseThrow();
            assertThat(catalog.serviceOf(Action.CONNECTIONS)).contains(service);
            assertThat(catalog.impliedBy(List.of("headers", "base_url"))).contains(service);
            assertThat(catalog.impliedBy(List.of("headers"))).isEmpty();
            assertThat(catalog.actionsFor(service))
                    .extracting(LoadedAction::type)
                    .containsExactly("http");
            assertThat(catalog.factories()).containsExactly(Action.CONNECTIONS);
        }

        @Test
        void unitesShorthandsAndStatusNames() {
            assertThat(catalog.shorthands()).containsExactly("headers", "status_code");
            assertThat(catalog.statusKeys()).containsExactly("status_code");
        }

        @Test
        void proposesTheNearestTypeBuiltInOnesIncluded() {
            assertThat(catalog.nearest("htttp")).contains("http");
            assertThat(catalog.nearest("asert")).contains("assert");
            assertThat(catalog.nearest("teleport")).isEmpty();
        }
    }

    @Test
    void refusesAPluginThatNeverSaysWhatItIs() {
        ProtocolPlugin silent = new ProtocolPlugin() {
            @Override
            public PluginInfo info() {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                return PluginInfo.of("late", "1.0", API_LEVEL);
            }
        };
        List<PluginProblem> problems = new ArrayList<>();

        assertThat(new PluginInspector(new ApiLevels(1, 1), problems, Duration.ofMillis(50)).inspect(silent))
                .isEmpty();

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(PluginCode.PLUGIN_FAILED);
            assertThat(problem.message())
                    .isEqualTo("plugin class '" + silent.getClass().getName() + "' in "
                            + PluginCandidate.sourceOf(silent.getClass())
                            + " had not come back from info() after 50 ms."
                            + " This is a defect of the plugin: tell its author, or remove it.");
        });
    }

    @Test
    void refusesAPluginWhoseActionNeverSaysItsType() {
        ProtocolAction<Step, String> silent = new ProtocolAction<>() {
            @Override
            public String type() {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                return "late";
            }

            @Override
            public Class<Step> settings() {
                return Step.class;
            }

            @Override
            public ConnectionFactory<?, String> connection() {
                return new TestPlugin.Connections();
            }

            @Override
            public Observation execute(Step settings, String connection, ActionContext context) {
                throw new AssertionError("nobody calls it");
            }
        };
        List<PluginProblem> problems = new ArrayList<>();
        LoadedPlugin plugin = new PluginInspector(new ApiLevels(1, 1), problems)
                .inspect(TestPlugin.named("echo").withActions(silent))
                .orElseThrow();

        PluginException thrown = catchThrowableOfType(
                PluginException.class, () -> new CatalogCheck(problems, Duration.ofMillis(50)).check(List.of(plugin)));

        assertThat(thrown.code()).isEqualTo("PLUGIN_FAILED");
        assertThat(thrown)
                .hasMessageMatching(
                        "plugin 'echo' 1\\.0 .*had not told the types and settings of its services and actions"
                                + " after 50 ms: it stands in .*PluginCatalogTest.*\\.type\\."
                                + " This is a defect of the plugin: tell its author, or remove it\\.");
    }

    @Nested
    class Names {

        @Test
        void refusesTwoPluginsOfOneName() {
            TestPlugin other = new TestPlugin(PluginInfo.of("echo", "2.0", 1), List.of(), List.of());
            assertProblem(
                    PluginCode.PLUGIN_DUPLICATE_NAME,
                    "plugin name 'echo' is used twice: by 'echo' 1.0" + IN + " and 'echo' 2.0" + IN
                            + ". Remove one of them.",
                    TestPlugin.named("echo"),
                    other);
        }

        @Test
        void refusesTwoActionsOfOneType() {
            TestPlugin other = TestPlugin.named("other").withActions(new Action<>("echo", Step.class));
            assertProblem(
                    PluginCode.PLUGIN_DUPLICATE_ACTION,
                    "action 'echo' is declared twice: by plugin 'echo' 1.0" + IN + " and plugin 'other' 1.0" + IN
                            + ". Remove one of the plugins.",
                    TestPlugin.named("echo"),
                    other);
        }

        @Test
        void refusesTwoServicesOfOneProtocol() {
            TestPlugin other = TestPlugin.named("other").withServices(ServiceType.of("echo", Service.class));
            assertProblem(
                    PluginCode.PLUGIN_DUPLICATE_PROTOCOL,
                    "protocol 'echo' is declared twice: by plugin 'echo' 1.0" + IN + " and plugin 'other' 1.0" + IN
                            + ". Remove one of the plugins.",
                    TestPlugin.named("echo"),
                    other);
        }

        @Test
        void refusesAKeyThatImpliesTwoProtocols() {
            assertProblem(
                    PluginCode.PLUGIN_DUPLICATE_PROTOCOL,
                    "key 'url' implies protocol 'a' of plugin 'a' 1.0" + IN
                            + " as well as protocol 'b' of plugin 'b' 1.0" + IN + ". Remove one of the plugins.",
                    TestPlugin.named("a")
                            .withServices(ServiceType.of("a", Service.class).impliedBy("url")),
                    TestPlugin.named("b")
                            .withServices(ServiceType.of("b", Service.class).impliedBy("url")));
        }

        @Test
        void refusesTheNameOfABuiltInStep() {
            for (String reserved : ReservedNames.ACTIONS) {
                assertProblem(
                        PluginCode.PLUGIN_RESERVED_ACTION,
                        "action '" + reserved + "' of plugin 'echo' 1.0" + IN
                                + " has the name of a built-in step. Rename"
                                + " it, best with the plugin's name in front: 'echo." + reserved + "'.",
                        TestPlugin.named("echo").withActions(new Action<>(reserved, Step.class)));
            }
        }

        @Test
        void refusesNamesThatCannotBeWrittenPlainly() {
            assertProblem(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "action 'Echo It' of plugin 'echo' 1.0" + IN + " must be lower case letters, digits, hyphens and"
                            + " underscores, in parts with dots between. Rename it.",
                    TestPlugin.named("echo").withActions(new Action<>("Echo It", Step.class)));
            assertProblem(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "protocol 'Echo' of plugin 'echo' 1.0" + IN + " must be lower case letters, digits, hyphens and"
                            + " underscores, in parts with dots between. Rename it.",
                    TestPlugin.named("echo").withServices(ServiceType.of("Echo", Service.class)));
        }

        @Test
        void refusesADefaultActionThatNobodyHas() {
            assertProblem(
                    PluginCode.PLUGIN_INVALID_NAME,
                    "service 'echo' of plugin 'echo' 1.0" + IN + " names 'ecco' as its default action but no plugin has"
                            + " it. Add the action, or correct the name.",
                    TestPlugin.named("echo")
                            .withServices(ServiceType.of("echo", Service.class).defaultAction("ecco")));
        }
    }

    @Nested
    class Levels {

        @Test
        void refusesAPluginBuiltForANewerApi() {
            assertProblem(
                    PluginCode.PLUGIN_API_LEVEL,
                    "plugin 'echo' 1.0" + IN + " was built for API level 7 but this Turbulence offers level 1. Upgrade"
                            + " Turbulence, or use an older release of the plugin.",
                    TestPlugin.named("echo").withInfo(PluginInfo.of("echo", "1.0", 7)));
        }

        @Test
        void refusesAPluginBuiltForAnApiThatIsGone() {
            PluginException thrown = catchThrowableOfType(
                    PluginException.class,
                    () -> PluginCatalog.of(List.of(TestPlugin.named("echo")), new ApiLevels(2, 3)));
            assertThat(thrown)
                    .hasMessage(
                            "plugin 'echo' 1.0" + IN + " was built for API level 1 but this Turbulence offers levels"
                                    + " 2 to 3. Use a newer release of the plugin, or build it again with this"
                                    + " turbulence-api.");
            assertThat(thrown.code()).isEqualTo("PLUGIN_API_LEVEL");
        }
    }

    @Nested
    class Defects {

        @Test
        void namesThePluginThatThrowsInInfo() {
            ProtocolPlugin plugin = new ProtocolPlugin() {
                @Override
                public PluginInfo info() {
                    throw new IllegalStateException("no licence");
                }
            };
            PluginException thrown = assertProblem(
                    PluginCode.PLUGIN_FAILED,
                    "plugin class '" + plugin.getClass().getName() + "' in " + HERE
                            + " threw in info(): java.lang.IllegalStateException: no licence. This is a defect of the"
                            + " plugin: tell its author, or remove it.",
                    plugin);
            assertThat(thrown).hasRootCauseMessage("no licence");
        }

        @Test
        @SuppressWarnings("NullAway")
        void namesThePluginThatReturnsNull() {
            ProtocolPlugin plugin = new ProtocolPlugin() {
                @Override
                public PluginInfo info() {
                    return PluginInfo.of("echo", "1.0", API_LEVEL);
                }

                @Override
                public List<ServiceType<?>> services() {
                    return null;
                }
            };
            assertProblem(
                    PluginCode.PLUGIN_FAILED,
                    "plugin class '" + plugin.getClass().getName() + "' in " + HERE
                            + " returned null from services(). This is a defect of the plugin: tell its author, or"
                            + " remove it.",
                    plugin);
        }

        @Test
        void namesTheActionThatThrows() {
            ProtocolAction<Step, String> action = new Broken();
            assertProblem(
                    PluginCode.PLUGIN_FAILED,
                    "action class " + Broken.class.getName() + " of plugin 'echo' 1.0" + IN
                            + " threw in connection(): java.lang.UnsupportedOperationException: later. This is a defect"
                            + " of the plugin: tell its author, or remove it.",
                    TestPlugin.named("echo").withActions(action));
        }

        @Test
        void explainsALinkageErrorWithTheVersionsThatMeet() {
            ProtocolPlugin plugin = new ProtocolPlugin() {
                @Override
                public PluginInfo info() {
                    throw new NoSuchMethodError("'void io.turbulence.spi.ActionContext.teleport()'");
                }
            };
            PluginException thrown = catchThrowableOfType(PluginException.class, () -> PluginCatalog.of(plugin));
            assertThat(thrown.code()).isEqualTo(PluginCode.PLUGIN_LINKAGE.name());
            // Between the two stand the other jars of Turbulence that the class path happens to have
            assertThat(thrown.getMessage())
                    .startsWith("plugin class '" + plugin.getClass().getName() + "' in " + HERE
                            + " does not fit the classes around it: NoSuchMethodError: 'void"
                            + " io.turbulence.spi.ActionContext.teleport()'. Turbulence here: turbulence-api "
                            + apiVersion())
                    .endsWith(". Align the versions by importing turbulence-bom, or use a release of the"
                            + " plugin that was built for this version.");
        }

        @Test
        void tellsAllProblemsOfAllPluginsAtOnce() {
            PluginException thrown = catchThrowableOfType(
                    PluginException.class,
                    () -> PluginCatalog.of(
                            TestPlugin.named("a").withInfo(PluginInfo.of("a", "1.0", 7)),
                            TestPlugin.named("b").withActions(new Action<>("sleep", Step.class))));
            assertThat(thrown)
                    .hasMessage("2 problems with plugins:"
                            + "\n  - plugin 'a' 1.0" + IN
                            + " was built for API level 7 but this Turbulence offers level 1."
                            + " Upgrade Turbulence, or use an older release of the plugin."
                            + "\n  - action 'sleep' of plugin 'b' 1.0" + IN + " has the name of a built-in step. Rename"
                            + " it, best with the plugin's name in front: 'b.sleep'.");
            assertThat(thrown.problems()).hasSize(2);
            assertThat(thrown.code()).isEqualTo("PLUGIN_API_LEVEL");
        }

        private static String apiVersion() {
            String version = ProtocolPlugin.class.getPackage().getImplementationVersion();
            return (version == null ? "of this build" : version) + " (" + PluginCandidate.sourceOf(ProtocolPlugin.class)
                    + ")";
        }
    }

    @Nested
    class Settings {

        private static final String BINDABLE = "text, int, long, double, boolean, an enum, Duration, DataSize, Path,"
                + " Matcher, Object, another record, or a List or Map<String, …> of these";
        private static final String DEFECT = ". This is a defect of the plugin: tell its author, or remove it.";

        record Reserved(
                String text,
                @Setting(value = "x", key = "retry") int again) {}

        record Unbindable(Socket socket) {}

        record Outer(String good, List<Unknown> items) {}

        record Unknown(Thread thread) {}

        record SameKey(
                String maxBody,
                @Setting(value = "x", aliases = "max_body") String other) {}

        @OneOf({"json", "bodi"})
        record WrongGroup(@Nullable String json, @Nullable String body) {}

        record Recursive(String text, List<Recursive> children) {}

        record ReservedService(String host, String pool) {}

        @Test
        void refusesAKeyThatEveryStepHas() {
            assertSettings(
                    Reserved.class,
                    "setting 'retry' in " + name("Reserved") + " is a key that every step has. Rename the component, or"
                            + " give it another key with @Setting(key = …).");
        }

        @Test
        void refusesAKeyThatEveryServiceHas() {
            assertProblem(
                    PluginCode.PLUGIN_SETTINGS,
                    "service 'other' of plugin 'echo' 1.0" + IN + " cannot be used: setting 'pool' in "
                            + name("ReservedService")
                            + " is a key that every service has. Rename the component, or give"
                            + " it another key with @Setting(key = …).",
                    TestPlugin.named("echo")
                            .withServices(
                                    ServiceType.of("echo", Service.class),
                                    ServiceType.of("other", ReservedService.class)));
        }

        @Test
        void refusesTypesThatYamlCannotFill() {
            assertSettings(
                    Unbindable.class,
                    "component 'socket' of settings record '" + name("Unbindable")
                            + "' cannot be bound from YAML: its type" + " is 'java.net.Socket' but it must be "
                            + BINDABLE + DEFECT);
        }

        @Test
        void looksIntoNestedRecordsOfLists() {
            assertSettings(
                    Outer.class,
                    "component 'thread' of settings record '" + name("Unknown")
                            + "' cannot be bound from YAML: its type is" + " 'java.lang.Thread' but it must be "
                            + BINDABLE + DEFECT);
        }

        @Test
        void acceptsARecordThatHoldsItself() {
            assertThat(PluginCatalog.of(TestPlugin.named("echo").withActions(new Action<>("echo", Recursive.class)))
                            .actionTypes())
                    .containsExactly("echo");
        }

        @Test
        void refusesOneKeyForTwoComponents() {
            assertSettings(
                    SameKey.class,
                    "component 'other' of settings record '" + name("SameKey") + "' cannot be bound from YAML: the key"
                            + " 'max_body' stands for another component too" + DEFECT);
        }

        @Test
        void refusesAGroupOfKeysThatDoNotExist() {
            assertSettings(
                    WrongGroup.class,
                    "settings record '" + name("WrongGroup")
                            + "' cannot be bound from YAML: '@OneOf' names 'bodi', which" + " is none of its keys"
                            + DEFECT);
        }

        @Test
        void refusesAnActionWithoutAService() {
            assertProblem(
                    PluginCode.PLUGIN_SETTINGS,
                    "action 'echo' of plugin 'echo' 1.0" + IN + " connects with settings '" + Service.class.getName()
                            + "' but no plugin declares a service with that record. Add ServiceType.of(…,"
                            + " Service.class) to services().",
                    TestPlugin.named("echo").withServices());
        }

        private static String name(String simple) {
            return PACKAGE + ".PluginCatalogTest$Settings$" + simple;
        }

        private static void assertSettings(Class<? extends Record> settings, String message) {
            assertProblem(
                    PluginCode.PLUGIN_SETTINGS,
                    "action 'echo' of plugin 'echo' 1.0" + IN + " cannot be used: " + message,
                    TestPlugin.named("echo").withActions(new Action<>("echo", settings)));
        }
    }

    private static PluginException assertProblem(PluginCode code, String message, ProtocolPlugin... plugins) {
        PluginException thrown = catchThrowableOfType(PluginException.class, () -> PluginCatalog.of(plugins));
        assertThat(thrown).hasMessage(message);
        assertThat(thrown.code()).isEqualTo(code.name());
        return thrown;
    }

    private static final class Broken implements ProtocolAction<Step, String> {

        @Override
        public String type() {
            return "broken";
        }

        @Override
        public Class<Step> settings() {
            return Step.class;
        }

        @Override
        public ConnectionFactory<?, String> connection() {
            throw new UnsupportedOperationException("later");
        }

        @Override
        public io.turbulence.api.Observation execute(
                Step settings, String connection, io.turbulence.spi.ActionContext context) {
            throw new UnsupportedOperationException("later");
        }
    }
}
