package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scenarios over ElasticMQ.
@Timeout(120)
class SqsScenarioTest {

    private static Elastic elastic;

    @BeforeAll
    static void start() {
        elastic = Elastic.start();
    }

    @AfterAll
    static void stop() {
        elastic.close();
    }

    private static PluginTestKit.Result run(String flow, Object... values) throws Exception {
        return kit(flow, values).run();
    }

    private static PluginTestKit kit(String flow, Object... values) {
        return PluginTestKit.scenario(
                        "id: messages\nflow:\n" + flow.formatted(values).indent(2))
                .system("""
                    services:
                      jobs:
                        protocol: aws.sqs
                        endpoint: %s
                        credentials: { access_key_id: an-id, secret_access_key: a-secret }
                    """.formatted(elastic.url()))
                .with(new AwsPlugin());
    }

    private static Map<?, ?> metadata(PluginTestKit.Result result, String step) {
        return (Map<?, ?>) result.observations(step).getFirst().get("metadata");
    }

    @Test
    void sendsReceivesAndDeletes() throws Exception {
        String queue = elastic.queue();
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: %1$s, json: {order: 7}, attributes: {source: test, n: 3} }
            - name: receive
              type: sqs.receive
              queue: %1$s
              extract: { handle: {metadata: receipt_handle} }
              expect:
                - { jsonpath: $.order, equals: 7 }
                - { header: source, equals: test }
                - { metadata: receive_count, equals: 1 }
                - { expression: "metadata.headers.correlation_id == correlation_id" }
            - { name: delete, type: sqs.delete, queue: %1$s, receipt_handle: "{{handle}}" }
            - { name: empty, type: sqs.receive, queue: %1$s, wait_time: 0s, expect: {metadata: messages, equals: 0} }
            """, queue);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(metadata(result, "send").get("message_id"))
                .isEqualTo(metadata(result, "receive").get("message_id"));
        assertThat(elastic.counts(queue)).isEqualTo("0 visible, 0 hidden");
    }

    @Test
    void sendsManyAtOnceAndReceivesThemAll() throws Exception {
        String queue = elastic.fifo();
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            messages.append("{json: {n: %d}, group_id: g},".formatted(i));
        }
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: %1$s, messages: [%2$s] }
            - name: receive
              type: sqs.receive
              queue: %1$s
              max_messages: 100
              delete: true
              expect: [{ jsonpath: $.n, equals: 24 }, { metadata: messages, equals: 25 }, { metadata: deleted, equals: true }]
            """, queue, messages);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(metadata(result, "send").get("messages")).isEqualTo(25);
    }

    @Test
    void findsItsOwnMessageAndLeavesTheOthersVisible() throws Exception {
        String queue = elastic.queue();
        for (int i = 0; i < 15; i++) {
            elastic.send(queue, "{\"order\":\"of another\"}");
        }
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: %1$s, json: {order: mine} }
            - { name: mine, type: sqs.await, queue: %1$s, match: {jsonpath: $.order, equals: mine}, timeout: 10s }
            - { name: only_one, type: sqs.await, queue: %1$s, match: {jsonpath: $.order, equals: mine}, absent_for: 200ms }
            """, queue);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(elastic.counts(queue)).isEqualTo("15 visible, 0 hidden");
    }

    @Test
    void deletesNothingWhereItOnlyLooks() throws Exception {
        String queue = elastic.queue();
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: %1$s, json: {order: mine} }
            - { name: mine, type: sqs.await, queue: %1$s, match: {header: {correlation_id: "{{correlation_id}}"}}, delete: never, timeout: 10s }
            """, queue);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(elastic.counts(queue)).isEqualTo("1 visible, 0 hidden");
    }

    @Test
    void deletesAllWhereTheQueueIsTheTestsOwn() throws Exception {
        String queue = elastic.queue();
        elastic.send(queue, "left from earlier");
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: %1$s, json: {order: mine} }
            - { name: mine, type: sqs.await, queue: %1$s, match: {jsonpath: $.order, equals: mine}, delete: all, timeout: 10s }
            """, queue);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(elastic.counts(queue)).isEqualTo("0 visible, 0 hidden");
    }

    @Test
    void explainsAWaitThatRanOut() throws Exception {
        String queue = elastic.queue();
        PluginTestKit.Result result = run("""
            - { name: wait, type: sqs.await, queue: %1$s, match: {jsonpath: $.order, equals: mine}, timeout: 300ms }
            """, queue);

        assertThat(result.observations("wait").getFirst())
                .containsEntry("failure", "TIMEOUT")
                .containsEntry(
                        "errors",
                        List.of(
                                "'%s': no message with $.order \"mine\" within the timeout of 300 ms of 'wait'; none came meanwhile"
                                        .formatted(queue)));
    }

    @Test
    void tellsOfAQueueThatIsMissing() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: send, type: sqs.send, queue: nowhere, body: x }
            """);

        assertThat(metadata(result, "send").get("error_code")).isEqualTo("QueueDoesNotExist");
        PluginTestKit.Result await = run("""
            - { name: wait, type: sqs.await, queue: nowhere, match: {key: x} }
            """);
        assertThat(await.run().exitCode()).isEqualTo(6);
    }

    @Test
    void saysSoWhenTheServiceCannotBeReachedAnyMore() throws Exception {
        String queue = elastic.queue();
        URI at = URI.create(elastic.url());
        try (FaultProxy proxy = FaultProxy.to(at.getHost(), at.getPort())) {
            Endpoint through = Endpoint.of("http", proxy.host(), proxy.port());
            try (Subscription subscription = new Queues()
                    .open(
                            Elastic.serviceAt(through.toString()),
                            SubscriptionRequest.of(queue),
                            FakeOpenContext.to(through))) {
                subscription.poll(Duration.ofMillis(500), frame -> {});
                assertThat(subscription.interruption()).isNull();

                proxy.refuse().cut();
                subscription.poll(Duration.ofMillis(500), frame -> {});
                Subscription.Interruption away = subscription.interruption();
                assertThat(away).isNotNull();
                assertThat(away.loses()).isFalse();
                assertThat(away.why().message()).startsWith("'" + through.authority() + "': ");

                proxy.heal();
                elastic.send(queue, "sent after it");
                List<Frame> received = new ArrayList<>();
                while (received.isEmpty()) {
                    subscription.poll(Duration.ofMillis(500), received::add);
                }
                assertThat(subscription.interruption()).isNull();
            }
        }
    }
}
