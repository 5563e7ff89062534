package io.turbulence.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Observation;
import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.schema.DefinitionSchemas;
import io.turbulence.core.internal.definition.schema.SettingsPage;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.core.internal.engine.load.Loader;
import io.turbulence.core.internal.engine.load.Source;
import io.turbulence.core.internal.engine.load.Sources;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The editor's schemas take the files that the program takes, and no others.
class SchemaAgreementTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ToyPlugin PLUGIN = new ToyPlugin();
    private static final DefinitionSchemas SCHEMAS = DefinitionSchemas.of(PLUGIN.services(), PLUGIN.actions());
    private static final Schema SCENARIO = compiled(SCHEMAS.scenario());
    private static final Schema SYSTEM = compiled(SCHEMAS.system());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: toy.call, path: /a}",
                "{type: toy.call, path: /a, name: x, service: api, condition: 1 == 1, timeout: 5s, tags: a,"
                        + " description: d, on_failure: continue}",
                "{type: toy.call, path: /a, timeout_seconds: 1.5, tags: [a, b], retry: {max_attempts: 2, on_status:"
                        + " 503, when: 'true', backoff: fixed, delay_ms: 10, jitter: false}}",
                "{type: toy.call, path: /a, text: t, headers: {A: 1}, extract: {id: $.id, token: {header: x, secret:"
                        + " true}, t: {regex: 'a(.)', default: 1}}}",
                "{type: toy.call, path: /a, expect: {code: [200, 201]}}",
                "{type: toy.call, path: /a, expect: [{jsonpath: $.a, equals: 1, not_equals: 2}, 'code == 200',"
                        + " {latency_ms: {lt: 5}}]}",
                "{type: toy.call, path: /a, expect: {body: {id: <uuid>}, schema: {type: object}, expression: 'true'}}",
                "{type: sleep, duration: 5ms}",
                "{type: sleep, duration: {min: 1ms, max: 2ms}}",
                "{type: sleep, duration_seconds: 2}",
                "{type: assert, expect: {metadata: a.b, exists: true}}",
                "{type: wait, service: api, path: /a, interval: 1s, expect: {jsonpath: $.a, equals: b}}",
                "{type: wait, poll: {type: toy.call, path: /a}, until: {jsonpath: $.a, in: [b]}, interval_seconds: 2,"
                        + " timeout: 10s}",
                "{type: wait, poll: {path: /a, service: api}, until: 'true'}",
                "{type: job, submit: {type: toy.call, path: /a, extract: {id: $.id}, expect: {code: 202}}, poll:"
                        + " {path: /b, interval: 5s}, state: $.state, success_states: [a], failure_states: b, timeout:"
                        + " 600s}",
                "{type: branch, condition: '1 > 2', if_true: [{type: sleep, duration: 1ms}], if_false: []}",
                "{type: loop, for_each: [1, 2], as: one, do: [{type: sleep, duration: 1ms}]}",
                "{type: loop, times: 3, do: []}",
                "{type: loop, while: '1 > 2', do: [{type: toy.call, path: '/{{loop_index}}'}]}",
                "{type: parallel, branches: [[{type: sleep, duration: 1ms}], []]}",
                "{type: group, do: [{type: sleep, duration: 1ms}]}",
                "{type: decide, choose: {a: 70, b: 30.5}, output_var: choice}"
            })
    void takesSteps(String step) throws IOException {
        assertAgreement(scenario(step), system(""), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{path: /a}",
                "{type: toy.cal, path: /a}",
                "{type: toy.call}",
                "{type: toy.call, path: [a]}",
                "{type: toy.call, path: /a, pth: b}",
                "{type: toy.call, path: /a, text: t, json: 1}",
                "{type: toy.call, path: /a, timeout: 5 minutes}",
                "{type: toy.call, path: /a, timeout: 5s, timeout_seconds: 5}",
                "{type: toy.call, path: /a, on_failure: skip}",
                "{type: toy.call, path: /a, retry: {max_attempts: 0}}",
                "{type: toy.call, path: /a, retry: {attempts: 1}}",
                "{type: toy.call, path: /a, retry: 3}",
                "{type: toy.call, path: /a, extract: [a]}",
                "{type: toy.call, path: /a, extract: {a: {header: x, regex: y}}}",
                "{type: toy.call, path: /a, extract: {a: {headr: x}}}",
                "{type: toy.call, path: /a, extract: {a: {default: x}}}",
                "{type: toy.call, path: /a, expect: {status: 200}}",
                "{type: toy.call, path: /a, expect: {jsonpath: $.a, header: b}}",
                "{type: toy.call, path: /a, expect: {equals: 1}}",
                "{type: toy.call, path: /a, expect: {jsonpath: $.a, in: 1}}",
                "{type: toy.call, path: /a, expect: {latency_ms: 5}}",
                "{type: toy.call, path: /a, expect: {latency_ms: {below: 5}}}",
                "{type: toy.call, path: /a, expect: 5}",
                "{type: sleep}",
                "{type: sleep, duration: soon}",
                "{type: sleep, duration: {least: 1s}}",
                "{type: sleep, duration: 1s, expect: {code: 200}}",
                "{type: assert}",
                "{type: assert, expect: {code: 1}, retry: {}}",
                "{type: wait, service: api, path: /a}",
                "{type: wait, service: api, path: /a, until: 'true', expect: 'true'}",
                "{type: wait, service: api, pth: /a, until: 'true'}",
                "{type: wait, poll: {type: toy.call, path: /a}, until: 'true', path: /b}",
                "{type: job, poll: {type: toy.call, path: /a}, state: $.a, success_states: a}",
                "{type: job, submit: {type: toy.call, path: /a}, poll: {type: toy.call, path: /a}, success_states: a}",
                "{type: job, submit: {type: toy.call, path: /a}, poll: {type: toy.call, path: /a}, state: $.a}",
                "{type: branch, if_true: []}",
                "{type: branch, condition: 'true', then: []}",
                "{type: branch, condition: 'true', if_true: {type: sleep, duration: 1s}}",
                "{type: loop, do: []}",
                "{type: loop, times: 1, while: 'true', do: []}",
                "{type: loop, times: 1}",
                "{type: parallel}",
                "{type: parallel, branches: []}",
                "{type: parallel, branches: [{type: sleep, duration: 1ms}]}",
                "{type: group}",
                "{type: group, do: [1]}",
                "{type: call}",
                "{type: decide, choose: {}, output_var: a}",
                "{type: decide, choose: {a: 1}}",
                "just text"
            })
    void refusesSteps(String step) throws IOException {
        assertAgreement(scenario(step), system(""), false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "description: d\ntags: [a]\nweight: 2\ncallable: false\nmax_steps: 5",
                "entry: {seed_data: {a: '{{uuid}}'}}\nstop_when: {any_action_fails: false}",
                "assertions: [{expect: {code: 200}}, {type: assert, expect: 'true'}]",
                "finally: [{type: sleep, duration: 1ms}]",
                "load: {instances: 5, concurrency: 2}",
                "load: {rate: 200/s, duration: 5m, max_concurrency: 50}",
                "load: {concurrency: 50, duration: 5m}",
                "load: {warm_up: 10s, stages: [{ramp_to: 200/s, duration: 1m}, {hold: 5m}]}",
                "load: {stages: [{rate: 50/s, duration: 1m}, {hold: 5m, rate: 9/s}], arrivals: poisson}",
                "load: {instances: 5, pacing: 2s, after: 30s}",
                "load: {duration: 5m, pacing: {min: 1s, max: 3s}, after: 1m}",
                "thresholds: [{condition: 'pass_rate >= 99% over 10s', abort: true, after: 5s}]",
                "thresholds: ['pass_rate >= 99%']",
                "version: 1"
            })
    void takesScenarios(String more) throws IOException {
        assertAgreement(scenario("{type: toy.call, path: /a}") + more, system(""), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pressure: {}",
                "flows: []",
                "weight: heavy",
                "callable: maybe",
                "max_steps: 0",
                "entry: [a]",
                "stop_when: {any_fails: true}",
                "assertions: {code: 200}",
                "assertions: [{code: 200}]",
                "load: {concurrency: 5}",
                "load: {rate: 5/s}",
                "load: {instances: -1}",
                "load: {users: 5}",
                "load: {stages: [{duration: 1m}]}",
                "load: {rate: 5/s, duration: 1s, arrivals: random}",
                "load: {instances: 5, pacing: {max: soon}}",
                "data: {path: x.csv}"
            })
    void refusesScenarios(String more) throws IOException {
        assertAgreement(scenario("{type: toy.call, path: /a}") + more, system(""), false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name: shop\n"
                        + "shared: {A: b}\n"
                        + "profiles: {local: {}, other: {services: {api: {address: x}}}}\n"
                        + "default_profile: local",
                "before_run: [{type: toy.call, service: api, path: /a}]\nafter_run: []",
                "launch: [{name: a, command: [x, 1], env: {A: b}, ready: {port: true}, timeout: 5s}, {command: y,"
                        + " ready: {log: z}, folder: f}]"
            })
    void takesSystems(String more) throws IOException {
        assertAgreement(scenario("{type: toy.call, service: api, path: /a}"), system(more), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "title: shop",
                "shared: [a]",
                "profiles: {local: 1}",
                "before_run: {type: sleep}",
                "launch: [{name: a}]",
                "launch: [{command: x, ready: {port: true, log: a}}]",
                "launch: [{command: x, wait: 5}]",
                "launch: {command: x}"
            })
    void refusesSystems(String more) throws IOException {
        assertAgreement(scenario("{type: toy.call, service: api, path: /a}"), system(more), false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{address: x}",
                "{protocol: toy, address: x, headers: {A: b}, pool: {max: 5, scope: instance}, timeout: 5s}",
                "{protocol: toy, toy: {address: x}, pool: {idle_timeout: 1m}}",
                "{toy: {address: x, headers: {}}}"
            })
    void takesServices(String service) throws IOException {
        assertAgreement(scenario("{type: toy.call, service: b, path: /a}"), system("", service), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{protocol: toi, address: x}",
                "{protocol: toy}",
                "{headers: {}}",
                "{address: x, adress: y}",
                "{address: x, pool: {maximum: 5}}",
                "{address: x, pool: {max: 0}}",
                "{address: x, timeout: 5s, timeout_seconds: 5}",
                "{toy: {adress: x}}",
                "[a]"
            })
    void refusesServices(String service) throws IOException {
        assertAgreement(scenario("{type: toy.call, service: api, path: /a}"), system("", service), false);
    }

    @Test
    void pageTellsWhatAnActionTakes() {
        assertThat(SettingsPage.of(PLUGIN.actions().getFirst())).isEqualTo("""
            toy.call

            A step of this type has the settings below, beside the keys that every step may have.

            At most one of: text, json.

            path  (text, required)
                The path.

            text  (text)
                A text.

            json  (any value)
                A tree.

            headers  (mapping to text)
                Headers.
                Inherits: shared of the system, then headers of the service.
            """);
    }

    private void assertAgreement(String scenario, String system, boolean good) throws IOException {
        List<String> loaded = loaded(scenario, system);
        List<String> checked = new ArrayList<>(checked(SCENARIO, scenario));
        checked.addAll(checked(SYSTEM, system));
        assertThat(loaded.isEmpty())
                .as("program: %s%nschema: %s", loaded, checked)
                .isEqualTo(good);
        assertThat(checked.isEmpty())
                .as("program: %s%nschema: %s", loaded, checked)
                .isEqualTo(good);
    }

    private List<String> loaded(String scenario, String system) throws IOException {
        Path scenarioFile = Files.writeString(folder.resolve("scenario.yaml"), scenario);
        Path systemFile = Files.writeString(folder.resolve("system.yaml"), system);
        try (PluginCatalog plugins = PluginCatalog.of(PLUGIN)) {
            Sources sources = new Sources(
                    new Source.InFile(systemFile),
                    List.of(new Source.InFile(scenarioFile)),
                    null,
                    Map.of(),
                    Set.of(),
                    Set.of(),
                    null,
                    Duration.ofSeconds(30));
            new Loader(plugins, sources).load();
            return List.of();
        } catch (InvalidDefinitionException e) {
            return e.problems().stream().map(Problem::text).toList();
        }
    }

    private static List<String> checked(Schema schema, String yaml) {
        Object tree = new YamlReader(new Problems())
                .read(Path.of("x.yaml"), yaml)
                .orElseThrow()
                .toTree();
        return schema.validate(JSON.writeValueAsString(tree), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static Schema compiled(Map<String, Object> schema) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.writeValueAsString(schema), InputFormat.JSON);
    }

    private static String scenario(String step) {
        return "id: a\nflow:\n  - " + step + "\n";
    }

    private static String system(String more) {
        return "services:\n  api: {protocol: toy, address: x}\n" + more;
    }

    private static String system(String more, String service) {
        return "services:\n  api: {protocol: toy, address: x}\n  b: " + service + "\n" + more;
    }

    record Service(
            @Setting(value = "Where.", templates = Setting.Templates.LOAD)
            String address,

            @Setting("Headers.") Map<String, String> headers) {}

    @OneOf({"text", "json"})
    record Call(
            @Setting("The path.") String path,
            @Setting("A text.") @Nullable String text,
            @Setting("A tree.") @Nullable Object json,

            @Setting(
                    value = "Headers.",
                    inherits = {"^shared", "headers"})
            Map<String, String> headers) {}

    static final class ToyPlugin implements ProtocolPlugin {

        @Override
        public PluginInfo info() {
            return PluginInfo.of("toy", "1", API_LEVEL);
        }

        @Override
        public List<ServiceType<?>> services() {
            return List.of(ServiceType.of("toy", Service.class)
                    .impliedBy("address")
                    .defaultAction("toy.call")
                    .shorthands("headers")
                    .status("code"));
        }

        @Override
        public List<ProtocolAction<?, ?>> actions() {
            return List.of(new ToyCall());
        }
    }

    private static final class ToyCall implements ProtocolAction<Call, String> {

        private final Connections connections = new Connections();

        @Override
        public String type() {
            return "toy.call";
        }

        @Override
        public Class<Call> settings() {
            return Call.class;
        }

        @Override
        public ConnectionFactory<?, String> connection() {
            return connections;
        }

        @Override
        public Observation execute(Call settings, String connection, ActionContext context) {
            throw new IllegalStateException("nothing is executed here");
        }
    }

    private static final class Connections implements ConnectionFactory.Exclusive<Service, String> {

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service settings) {
            return Endpoint.of("toy", settings.address(), 1);
        }

        @Override
        public String open(Service settings, OpenContext context) {
            return "";
        }

        @Override
        public void close(String connection) {}
    }
}
