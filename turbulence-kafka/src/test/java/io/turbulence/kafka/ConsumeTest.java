package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Batches of groups, transactions, topics that are created.
class ConsumeTest {

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
    }

    private static PluginTestKit kit(String scenario, String topic, String more) {
        return PluginTestKit.scenario(scenario.replace("TOPIC", topic))
                .system("services: { events: { bootstrap_servers: \"" + broker.address() + "\"" + more + " } }")
                .with(new KafkaPlugin());
    }

    private static String topic(int partitions) {
        return broker.topic("consume-" + UUID.randomUUID(), partitions);
    }

    @Test
    void goesOnWhereTheGroupHasCommittedAndTellsTheLag() throws Exception {
        PluginTestKit.Result result = kit("""
            id: groups
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, messages: [ { key: a, json: { n: 1 } }, { key: b, value: two }, { key: c, tombstone: true }, { key: d, value: four } ] }
              - { name: first, type: kafka.consume, topic: TOPIC, group: "g-{{run_id}}", max_messages: 3, timeout: 30s,
                  expect: [ { expression: "metadata.messages == 3 and metadata.committed and metadata.lag == 1" },
                            { jsonpath: "$[0].value.n", equals: 1 }, { jsonpath: "$[2].value", equals: null } ] }
              - { name: peek, type: kafka.consume, topic: TOPIC, group: "g-{{run_id}}", commit: false, idle_timeout: 300ms, timeout: 30s,
                  expect: { expression: "len(payload) == 1 and payload[0].key == 'd' and not metadata.committed and metadata.lag == 0" } }
              - { name: again, type: kafka.consume, topic: TOPIC, group: "g-{{run_id}}", idle_timeout: 300ms, timeout: 30s, expect: { expression: "len(payload) == 1" } }
              - { name: all, type: kafka.consume, topic: TOPIC, idle_timeout: 300ms, timeout: 30s, expect: { expression: "len(payload) == 4" } }
            """, topic(1), "").run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
        assertThat(((Map<?, ?>) result.observations("send").getFirst().get("metadata")).get("messages"))
                .isEqualTo(4);
    }

    @Test
    void readersOfWhatIsCommittedSeeATransactionAsAWhole() throws Exception {
        PluginTestKit.Result result = kit("""
            id: transactions
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, transaction: true, messages: [ { key: "{{instance_id}}", value: a }, { key: "{{instance_id}}", value: b } ], timeout: 60s }
              - { name: both, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, count: 2, timeout: 30s,
                  expect: { expression: "payload == 'b' and metadata.messages == 2" } }
            """, topic(2), ", pool: { connect_timeout: 30s }")
                .instances(8, 8)
                .run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void createsTopicsThatAreSentToOrAwaitedWhenItMay() throws Exception {
        PluginTestKit.Result result = kit("""
            id: created
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC-a, key: k, value: v, timeout: 30s }
              - { name: send_b, type: kafka.produce, topic: TOPIC-b, key: k, value: v, timeout: 30s, expect: { expression: "partition < 3" } }
              - { name: got, type: kafka.await, topic: TOPIC-b, match: { key: k }, timeout: 30s }
            """, "created-" + UUID.randomUUID(), ", create_topics: { partitions: 3 }")
                .run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void endsWithSixWhenAnAwaitedTopicIsNotThere() throws Exception {
        PluginTestKit.Result result = kit("""
            id: missing
            flow:
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: k } }
            """, "missing-" + UUID.randomUUID(), ", pool: { connect_timeout: 1s }")
                .run();
        assertThat(result.run().exitCode()).isEqualTo(6);
        assertThat(result.observations()).isEmpty();
    }

    @Test
    void provesAbsenceAndDisprovesIt() throws Exception {
        PluginTestKit.Result result = kit("""
            id: absent
            flow:
              - { name: none, type: kafka.await, topic: TOPIC, match: { key: k }, absent_for: 300ms, expect: { metadata: absent, equals: true } }
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, value: v }
              - { name: some, type: kafka.await, topic: TOPIC, match: { key: k }, absent_for: 20s }
            """, topic(1), "").run();
        assertThat(result.observations("none").getFirst().get("ok")).isEqualTo(true);
        assertThat(SchemaCases.error(result, "some"))
                .matches("the answer was a record on 'consume-.*' with key \"k\", partition 0, offset 0, where"
                        + " none was to come for 20000 ms");
    }

    @Test
    void claimsNoAbsenceThatItHadNoTimeToProve() throws Exception {
        PluginTestKit.Result result = kit("""
            id: unproven
            flow:
              - { name: none, type: kafka.await, topic: TOPIC, match: { key: k }, absent_for: 20s, timeout: 300ms }
            """, topic(1), "").run();
        assertThat(SchemaCases.error(result, "none"))
                .matches("'consume-.*': the timeout of 300 ms of 'none' was over before 'absent_for' of 20000 ms was."
                        + " Raise 'timeout'.");
    }

    @Test
    void leavesNoThreadOfTheLibraryBehind() throws Exception {
        PluginTestKit.Result result = kit("""
            id: threads
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, value: v }
              - { name: safe, type: kafka.produce, topic: TOPIC, key: k, value: v, transaction: true, timeout: 60s }
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s }
              - { name: batch, type: kafka.consume, topic: TOPIC, group: "g-{{run_id}}", max_messages: 1, timeout: 30s }
            """, topic(1), "").run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("turbulence-events"));
    }
}
