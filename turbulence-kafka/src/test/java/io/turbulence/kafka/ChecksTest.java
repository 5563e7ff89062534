package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.core.TurbulenceRun;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FreePort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said when files are loaded.
class ChecksTest {

    private static String problems(String service, String step) {
        return String.valueOf(catchThrowable(() -> PluginTestKit.scenario("{ id: x, flow: [ " + step + " ] }")
                        .system("services: { events: " + service + " }")
                        .with(new KafkaPlugin())
                        .run())
                .getMessage());
    }

    private static final String GOOD = "{ bootstrap_servers: \"127.0.0.1:1\" }";
    private static final String SEND = "{ type: kafka.produce, topic: t, value: v }";

    @Test
    void namesWhatIsWrongWithAService() {
        assertThat(problems("{ bootstrap_servers: \"http://x\" }", SEND))
                .contains("'http://x'; expected brokers such as 'localhost:9092'");
        assertThat(problems("{ bootstrap_servers: \"a:1\", acks: some }", SEND))
                .contains("'some'; expected one of all, 1, 0");
        assertThat(problems("{ bootstrap_servers: \"a:1\", properties: { group.id: x } }", SEND))
                .contains("'group.id'; expected properties that are not set by Turbulence");
        assertThat(problems("{ bootstrap_servers: \"a:1\", security: { username: ann } }", SEND))
                .contains("'password' is missing; expected both 'username' and 'password'");
        assertThat(problems("{ bootstrap_servers: \"a:1\", security: { tls: { ca: nowhere.pem } } }", SEND))
                .contains("nowhere.pem' cannot be read; expected a PEM file");
    }

    @Test
    void namesWhatIsWrongWithAStep() {
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: \"a b\", value: v }"))
                .contains("'a b'; expected a name of letters, digits");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, avro: { a: 1 } }"))
                .contains("a value by a schema, but the service has no 'schema_registry'");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, base64: 'A!' }"))
                .contains("'A!' (Illegal base64 character 21); expected base64 such as 'AAEC'");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, messages: [{ base64: AAEC }, { base64: '?' }] }"))
                .contains("messages[1].base64: '?'");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, value: v, json: {} }"))
                .contains("json");
        assertThat(problems(GOOD, "{ type: kafka.await, topic: t, match: { key: k }, from: yesterday }"))
                .contains("'yesterday'; expected one of start, step, earliest");
        assertThat(problems(GOOD, "{ type: kafka.await, topic: \"{{data.topic}}\", match: { key: k } }"))
                .contains("topic");
    }

    @Test
    void refusesARecordWithoutAValue() {
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, messages: [] }"))
                .contains("flow[0].messages: no record; expected one or several");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, key: k, tombstone: false }"))
                .contains("flow[0].tombstone: 'false', and no value; expected 'true', or a value instead");
        assertThat(problems(
                        GOOD,
                        "{ type: kafka.produce, topic: t, messages: [ { key: k, value: v }, { tombstone: false } ] }"))
                .contains("flow[0].messages[1].tombstone: 'false', and no value");
        assertThat(problems(
                        GOOD,
                        "{ type: kafka.produce, topic: t, messages: [ { key: \"{{instance}}\", tombstone: false } ] }"))
                .contains("flow[0].messages[0].tombstone: 'false', and no value");
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, messages: [ { key: k } ] }"))
                .contains("none of 'value', 'json'");
    }

    @Test
    void refusesATimeThatIsNone() {
        assertThat(problems(GOOD, "{ type: kafka.produce, topic: t, value: v, timestamp: nope }"))
                .contains("flow[0].timestamp: 'nope'; expected milliseconds since 1970 or '2026-11-20T10:00:00Z'");
        assertThat(problems(
                        GOOD,
                        "{ type: kafka.produce, topic: t, messages: [ { value: \"{{instance}}\", timestamp:"
                                + " nope } ] }"))
                .contains("flow[0].messages[0].timestamp: 'nope'");
    }

    @Test
    void refusesAPropertyThatTheLibraryRefuses() {
        assertThat(problems("{ bootstrap_servers: \"a:1\", properties: { linger.ms: abc } }", SEND))
                .contains("services.events.properties['linger.ms']: 'abc'; expected a number");
        assertThat(problems("{ bootstrap_servers: \"a:1\", properties: { isolation.level: some } }", SEND))
                .contains("properties['isolation.level']: 'some'");
    }

    @Test
    void namesTheKeyThatWasMeantInAMatch() {
        assertThat(problems(GOOD, "{ type: kafka.await, topic: t, match: { keyy: k } }"))
                .contains("unknown key 'keyy'; expected one of key, jsonpath")
                .contains("Did you mean 'key'?");
        assertThat(problems(GOOD, "{ type: kafka.await, topic: t, match: { key: k, expression: \"true\" } }"))
                .contains("'key' beside 'expression'; expected 'key' alone");
    }

    @Test
    void warnsOfAMatchThatEveryWaiterEvaluates(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();
        TurbulenceRun.builder()
                .system(Files.writeString(
                        folder.resolve("system.yaml"),
                        "services: { events: { bootstrap_servers: \"127.0.0.1:" + FreePort.choose() + "\" } }"))
                .scenario(Files.writeString(
                        folder.resolve("scenario.yaml"),
                        "{ id: x, flow: [ { type: kafka.await, topic: t, match: { expression: \"payload.n =="
                                + " 1\" } } ] }"))
                .plugins(new KafkaPlugin())
                .output(folder.resolve("result"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 200, false)
                .build()
                .execute();
        assertThat(out.toString())
                .contains("flow[0].match: every waiter evaluates it for every record of the topic, which costs under"
                        + " load");
    }
}
