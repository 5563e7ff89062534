package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thousand instances at once, over few connections and one poller.
@Tag("servers")
@Timeout(180)
class ManyInstancesTest {

    @Test
    void everyInstanceFindsItsOwnMessageAndNoOther() throws Exception {
        try (Elastic elastic = Elastic.start()) {
            String queue = elastic.queue();
            for (int i = 0; i < 20; i++) {
                elastic.send(queue, "{\"id\":\"of somebody else\"}");
            }
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: many
                flow:
                  - { name: send, type: sqs.send, queue: %1$s, json: {id: "{{instance_id}}", n: "{{instance}}"}, timeout: 60s }
                  - name: mine
                    type: sqs.await
                    queue: %1$s
                    match: { jsonpath: $.id, equals: "{{instance_id}}" }
                    timeout: 60s
                    expect: { jsonpath: $.n, equals: "{{instance}}" }
                """.formatted(queue))
                    .system("""
                        services:
                          jobs:
                            protocol: aws.sqs
                            endpoint: %s
                            credentials: { access_key_id: an-id, secret_access_key: a-secret }
                            pool: { max: 8, acquire_timeout: 60s }
                        """.formatted(elastic.url()))
                    .with(new AwsPlugin())
                    .instances(1000, 1000)
                    .run();

            assertThat(result.run().passed()).isEqualTo(1000);
            assertThat(result.observations("mine")).hasSize(1000);
            assertThat(result.observations("mine").stream()
                            .map(step -> ((Map<?, ?>) step.get("metadata")).get("message_id"))
                            .distinct())
                    .hasSize(1000);
            assertThat(elastic.counts(queue)).isEqualTo("20 visible, 0 hidden");
        }
    }
}
