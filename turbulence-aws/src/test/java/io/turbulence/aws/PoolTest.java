package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many connections there are, and what waiting for one counts as.
@Timeout(60)
class PoolTest {

    @Test
    void hasNoMoreRequestsUnderWayThanItsMaximumAndCallsWaitingSo() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Store store = Store.answering(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            // Longer than a busy machine takes to start an instance, so that they queue
            Thread.sleep(100);
            now.decrementAndGet();
            Store.send(request, 200, "x".getBytes(UTF_8));
        })) {
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: many
                flow: [ { name: get, type: s3.get, bucket: box, key: a, timeout: 50s } ]
                """)
                    .system("""
                        services:
                          files: { protocol: aws.s3, region: eu-central-1, endpoint: "%s", path_style: true, credentials: anonymous, pool: { max: 3 } }
                        """.formatted(store.url()))
                    .with(new AwsPlugin())
                    .instances(60, 60)
                    .run();

            assertThat(result.run().passed()).isEqualTo(60);
            assertThat(most.get()).isBetween(1, 3);
            assertThat(result.observations("get"))
                    .filteredOn(step -> ((Number) step.get("pool_wait_ms")).doubleValue() > 20)
                    .hasSizeGreaterThan(30);
        }
    }
}
