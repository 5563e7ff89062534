package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.ClosedPort;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// With a registry that does what is documented, and one that does not.
class SchemaTest extends SchemaCases {

    private StubRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = StubRegistry.start();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Override
    String registry() {
        return registry.url();
    }

    @Test
    void asksTheRegistryOnceForASchema() throws Exception {
        run("""
            id: cached
            flow:
              - { name: first, type: kafka.produce, topic: TOPIC, key: k, schema: { file: AVSC, register: true }, avro: { id: o-1, total: 1, at: 0, state: NEW } }
              - { name: more, type: loop, times: 20, do: [ { name: again, type: kafka.produce, topic: TOPIC, key: k, schema: { file: AVSC, register: true }, avro: { id: o-1, total: 1, at: 0, state: NEW } } ] }
            """, registry.url());
        assertThat(registry.requests()).isEqualTo(1);
    }

    @Test
    void readsKeysByTheirSchemaWhoeverReadsThem() throws Exception {
        PluginTestKit.Result result = run("""
            id: keys
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: "\\0\\0\\0\\0\\x01\\x06o-1", schema: { register: true, inline: { type: string } }, avro: paid }
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: o-1 }, timeout: 20s, expect: { expression: "payload == 'paid' and metadata.key == 'o-1'" } }
              - { name: batch, type: kafka.consume, topic: TOPIC, max_messages: 1, timeout: 20s, expect: { expression: "payload[0].value == 'paid' and payload[0].key == 'o-1'" } }
            """, registry.url());
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void saysThatTheRegistryRefuses() throws Exception {
        registry.refuse(401);
        PluginTestKit.Result result = run("""
            id: refused
            flow:
              - { name: wrong, type: kafka.produce, topic: TOPIC, key: k, schema: { use: 3 }, avro: { id: o-1 } }
            """, registry.url());
        assertThat(error(result, "wrong"))
                .matches("schema registry '" + registry.url()
                        + "' refused version '3' of subject 'schema-.*-value': status 401: 40101 not to be had");
    }

    @Test
    void bringsTheRegistryAPassword() throws Exception {
        registry.demand("Basic YW5uOnBhOnNz");
        assertThat(registersWith("auth: { basic: { user: ann, password: \"pa:ss\" } }"))
                .isEqualTo(true);
        assertThat(registersWith("auth: { basic: { user: ann, password: wrong } }"))
                .isEqualTo(false);
    }

    @Test
    void bringsTheRegistryAToken() throws Exception {
        registry.demand("Bearer a.b.c");
        assertThat(registersWith("auth: { bearer: a.b.c }")).isEqualTo(true);
        assertThat(registersWith("auth: { bearer: d.e.f }")).isEqualTo(false);
    }

    private @Nullable Object registersWith(String auth) throws IOException {
        PluginTestKit.Result result = runWith("""
            id: known
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, schema: { file: AVSC, register: true }, avro: { id: o-1, total: 1, at: 0, state: NEW } }
            """, "url: \"" + registry.url() + "\", " + auth);
        return result.observations("send").getFirst().get("ok");
    }

    @Test
    void saysThatTheRegistryIsNotThere() throws Exception {
        try (ClosedPort port = ClosedPort.reserve()) {
            String url = "http://" + port.host() + ":" + port.port();
            PluginTestKit.Result result = run("""
                id: down
                flow:
                  - { name: wrong, type: kafka.produce, topic: TOPIC, key: k, avro: { id: o-1 } }
                """, url);
            assertThat(result.observations("wrong").getFirst().get("failure")).isEqualTo("CONNECT");
            assertThat(error(result, "wrong"))
                    .startsWith("schema registry '" + url + "' could not be asked for version 'latest'");
        }
    }
}
