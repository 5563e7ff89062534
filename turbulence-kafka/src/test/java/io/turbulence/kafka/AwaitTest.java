package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Scenarios that wait for their own records.
class AwaitTest {

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
    }

    private static PluginTestKit kit(String scenario, String topic) {
        return PluginTestKit.scenario(scenario.replace("TOPIC", topic))
                .system("services: { events: { bootstrap_servers: \"" + broker.address() + "\" } }")
                .with(new KafkaPlugin());
    }

    private static String topic(int partitions) {
        return broker.topic("await-" + UUID.randomUUID(), partitions);
    }

    @Test
    void takesTheRecordThatAnEarlierStepSent() throws Exception {
        PluginTestKit.Result result = kit("""
            id: own
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: "{{instance_id}}", json: { n: 7 }, headers: { a: b } }
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, timeout: 10s,
                  expect: [ { jsonpath: $.n, equals: 7 }, { header: a, equals: b }, { expression: "offset == 0 and topic == 'TOPIC'" } ] }
            """, topic(1)).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void keepsInstancesApartWhateverTheyMatchBy() throws Exception {
        PluginTestKit.Result result = kit("""
            id: own
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: "{{instance_id}}", json: { id: "{{instance}}", of: "{{instance_id}}" }, headers: { me: "{{instance_id}}" } }
              - { name: by_key, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, timeout: 20s, expect: { jsonpath: $.id, equals: "{{instance}}" } }
              - { name: send2, type: kafka.produce, topic: TOPIC, json: { id: "{{instance}}" }, headers: { me: "{{instance_id}}" } }
              - { name: by_header, type: kafka.await, topic: TOPIC, match: { header: { me: "{{instance_id}}" } }, timeout: 20s, expect: { jsonpath: $.id, equals: "{{instance}}" } }
              - { name: send3, type: kafka.produce, topic: TOPIC, json: { id: "{{instance}}", of: "{{instance_id}}-3" } }
              - { name: by_path, type: kafka.await, topic: TOPIC, match: { jsonpath: $.of, equals: "{{instance_id}}-3" }, timeout: 20s, expect: { jsonpath: $.id, equals: "{{instance}}" } }
              - { name: by_expression, type: kafka.await, topic: TOPIC, match: { expression: "has(payload, 'of') and payload.of == instance_id" }, timeout: 20s, on_failure: continue }
            """, topic(3)).instances(50, 50).run();
        assertThat(result.observations())
                .filteredOn(line -> !"by_expression".equals(line.get("step")))
                .allSatisfy(line -> assertThat(line.get("ok")).as("%s", line).isEqualTo(true));
        assertThat(result.observations("by_path")).hasSize(50);
    }

    @Test
    void saysWhatCameInsteadWhenItsTimeIsUp() throws Exception {
        String topic = topic(1);
        PluginTestKit.Result result = kit("""
            id: vain
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: o-16, value: x }
              - { name: wait, type: kafka.await, topic: TOPIC, match: { key: o-17 }, timeout: 300ms }
            """, topic).run();
        Map<String, Object> wait = result.observations("wait").getFirst();
        assertThat(wait.get("failure")).isEqualTo("TIMEOUT");
        // The record may come before the wait begins or after
        assertThat(((List<?>) wait.get("errors")).getFirst().toString())
                .matches("'" + topic + "': no record with key \"o-17\" within the timeout of 300 ms of 'wait'; "
                        + "(none|1 record) came meanwhile; nearest: its key was \"o-16\"");
    }
}
