package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FakeOpenContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
                .system("services: { events: { bootstrap_servers: \"" + broker.address()
                        + "\", pool: { connect_timeout: 30s } } }")
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
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, timeout: 20s,
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
              - { name: by_expression, type: kafka.await, topic: TOPIC, match: { expression: "has(payload, 'of') and payload.of == instance_id" }, timeout: 1s, on_failure: continue }
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
              - { name: send, type: kafka.produce, topic: TOPIC, messages: [ { key: o-16, value: x }, { key: last, value: x } ] }
              - { name: both_came, type: kafka.await, topic: TOPIC, match: { key: last }, timeout: 20s }
              - { name: wait, type: kafka.await, topic: TOPIC, match: { key: o-17 }, timeout: 300ms }
            """, topic).run();
        Map<String, Object> wait = result.observations("wait").getFirst();
        assertThat(wait.get("failure")).isEqualTo("TIMEOUT");
        assertThat(((List<?>) wait.get("errors")).getFirst())
                .hasToString("'" + topic + "': no record with key \"o-17\" within the timeout of 300 ms of 'wait'; "
                        + "none came meanwhile; nearest: its key was \"o-16\"");
    }

    @Test
    void tellsHowLongARecordTookFromItsCause() throws Exception {
        PluginTestKit.Result result = kit(
                        """
                        id: propagation
                        flow:
                          - { name: send, type: kafka.produce, topic: TOPIC, key: "{{instance_id}}", value: x }
                          - { name: mine, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, timeout: 20s,
                              expect: [ { metadata: caused_by, equals: send }, { metadata: propagation_ms, gte: 0 }, { metadata: timestamp_type, equals: append } ] }
                        """,
                        broker.topic(
                                "await-" + UUID.randomUUID(), 1, Map.of("message.timestamp.type", "LogAppendTime")))
                .instances(20, 5)
                .run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
        // Left out where the record's time is that of a clock behind ours
        assertThat(toBroker(result)).isNotEmpty().noneMatch(millis -> millis.startsWith("-"));
    }

    private static List<String> toBroker(PluginTestKit.Result result) {
        return result.observations("mine").stream()
                .map(line -> ((Map<?, ?>) line.get("metadata")).get("propagation_to_broker_ms"))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void takesForItsCauseTheStepWhoseAnswerItIsFoundBy() throws Exception {
        PluginTestKit.Result result = kit("""
            id: origin
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: "{{instance_id}}", value: x, propagate: false, extract: { place: { expression: "instance_id" } } }
              - { name: other, type: kafka.produce, topic: TOPIC, key: unrelated, value: x }
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: "{{place}}" }, timeout: 20s, expect: { metadata: caused_by, equals: send } }
            """, topic(1)).instances(20, 5).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void takesForItsCauseNothingThatWasSentAfterItCame() throws Exception {
        PluginTestKit.Result result = kit("""
            id: early
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, propagate: false, messages: [ { key: k, value: x }, { key: last, value: x } ] }
              - { name: both_came, type: kafka.await, topic: TOPIC, match: { key: last }, timeout: 20s }
              - { name: later, type: kafka.produce, topic: TOPIC, key: unrelated, value: x }
              - { name: again, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s, expect: { metadata: caused_by, equals: send } }
            """, topic(1)).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void sendsNothingWhereTheValueComesToNull() throws Exception {
        PluginTestKit.Result result = kit("""
            id: empty
            entry: { none: null, empty: [], no: false }
            stop_when: { any_action_fails: false }
            flow:
              - { name: null_value, type: kafka.produce, topic: TOPIC, value: "{{entry.none}}" }
              - { name: no_tombstone, type: kafka.produce, topic: TOPIC, tombstone: "{{entry.no}}" }
              - { name: no_messages, type: kafka.produce, topic: TOPIC, messages: "{{entry.empty}}" }
              - { name: none_came, type: kafka.await, topic: TOPIC, absent_for: 300ms }
            """, topic(1)).run();
        assertThat(result.observations())
                .extracting(line -> line.get("step") + " " + line.get("failure"))
                .containsExactly(
                        "null_value PROTOCOL", "no_tombstone PROTOCOL", "no_messages PROTOCOL", "none_came null");
        assertThat(String.valueOf(result.observations("null_value").getFirst().get("errors")))
                .contains("nothing was sent: a record has no value, as what gives it came to null. 'tombstone: true'"
                        + " sends one without a value.");
        assertThat(String.valueOf(result.observations("no_messages").getFirst().get("errors")))
                .contains("nothing was sent: 'messages' has no record");
    }

    @Test
    void takesForItsCauseTheStepThatTheRecordNames() throws Exception {
        PluginTestKit.Result result = kit("""
            id: named
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: "{{instance_id}}", value: x }
              - { name: other, type: kafka.produce, topic: TOPIC, key: unrelated, value: x }
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: "{{instance_id}}" }, timeout: 20s, expect: { metadata: caused_by, equals: send } }
            """, topic(1)).instances(20, 5).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void tellsBothTimesFromTheSameCause() throws Exception {
        PluginTestKit.Result result = kit("""
            id: same
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, propagate: false, messages: [ { key: k, value: x }, { key: last, value: x } ] }
              - { name: all_came, type: kafka.await, topic: TOPIC, match: { key: last }, timeout: 20s }
              - { name: think, type: sleep, duration: 300ms }
              - { name: later, type: kafka.produce, topic: TOPIC, key: unrelated, value: x }
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s, expect: { metadata: caused_by, equals: send } }
            """, topic(1)).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
        assertThat(toBroker(result)).noneMatch(millis -> millis.startsWith("-"));
    }

    @Test
    void takesNoPollForACause() throws Exception {
        PluginTestKit.Result result = kit("""
            id: polled
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, value: x }
              - { name: look, type: wait, poll: { type: kafka.consume, service: events, topic: TOPIC, max_messages: 1 }, until: { expression: "len(payload) == 1" }, timeout: 20s }
              - { name: mine, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s, expect: { metadata: caused_by, equals: send } }
            """, topic(1)).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void findsWhatCameBeforeTheStepAndLeavesLaterOnesForLaterSteps() throws Exception {
        PluginTestKit.Result result = kit("""
            id: order
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, messages: [ { key: k, value: one }, { key: k, value: two }, { key: k, value: three }, { key: k, value: four }, { key: last, value: x } ] }
              - { name: first, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s, expect: { expression: "payload == 'one'" } }
              - { name: next, type: kafka.await, topic: TOPIC, match: { key: k }, count: 2, timeout: 20s, expect: { expression: "payload == 'three'" } }
              - { name: all_came, type: kafka.await, topic: TOPIC, match: { key: last }, timeout: 20s }
              - { name: a_later_millisecond, type: sleep, duration: 10ms }
              - { name: none, type: kafka.await, topic: TOPIC, match: { key: k }, from: step, timeout: 400ms, on_failure: continue }
            """, topic(1)).run();
        assertThat(result.observations("next").getFirst().get("ok"))
                .as("%s", result.observations())
                .isEqualTo(true);
        assertThat((List<?>) result.observations("next").getFirst().get("payloads"))
                .hasSize(2);
        assertThat(result.observations("none").getFirst().get("failure")).isEqualTo("TIMEOUT");
    }

    @Test
    void readsFromBeforeTheRunWhereAsked() throws Exception {
        String topic = topic(1);
        kit("{ id: before, flow: [ { name: send, type: kafka.produce, topic: TOPIC, key: k, value: old } ] }", topic)
                .run();
        PluginTestKit.Result result = kit("""
            id: from
            flow:
              - { name: earliest, type: kafka.await, topic: TOPIC, match: { key: k }, from: earliest, timeout: 20s }
              - { name: ago, type: kafka.await, topic: TOPIC, match: { key: k }, from: 1h, timeout: 20s }
              - { name: start, type: kafka.await, topic: TOPIC, match: { key: k }, absent_for: 200ms }
            """, topic).run();
        assertThat(result.run().exitCode()).as("%s", result.observations()).isZero();
    }

    @Test
    void followsATopicThatGrows() throws Exception {
        String topic = topic(1);
        try (Subscription subscription = new Topics()
                .open(
                        broker.service(),
                        SubscriptionRequest.of(topic),
                        FakeOpenContext.to(Brokers.endpoint(broker.service())))) {
            broker.grow(topic, 3);
            kit(
                            "{ id: grown, flow: [ { name: send, type: kafka.produce, topic: TOPIC, partition: 2,"
                                    + " value: new, timeout: 30s } ] }",
                            topic)
                    .run();
            List<Frame> received = new ArrayList<>();
            Deadline deadline = Deadline.after(Duration.ofSeconds(30), "test");
            while (received.isEmpty() && !deadline.expired()) {
                subscription.poll(Duration.ofMillis(500), received::add);
            }
            assertThat(received)
                    .extracting(frame -> frame.metadata().get("partition"))
                    .containsExactly(2);
        }
    }
}
