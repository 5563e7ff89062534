package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Thousands of streams of events at once, each of an instance of its own.
@Tag("stress")
@Timeout(180)
class ManyStreamsTest {

    private static final int STREAMS = 4_000;

    @Test
    void areReadAtOnce() throws Exception {
        CountDownLatch open = new CountDownLatch(STREAMS);
        byte[] events = "data: {\"n\": 1}\n\nevent: tick\ndata: {\"n\": 2}\n\nid: 3\ndata: {\"state\": \"done\"}\n\n"
                .getBytes(StandardCharsets.UTF_8);
        try (Script script = new Script(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            open.countDown();
            // No stream has an event before all of them are open
            if (open.await(120, TimeUnit.SECONDS)) {
                peer.send(events);
                peer.hang();
            }
        })) {
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: streams
                flow:
                  - name: listen
                    type: sse
                    path: /events
                    timeout: 150s
                    until: payload.state == 'done'
                    expect: [ { expression: 'last.payloads_total == 3' } ]
                """)
                    .with(new HttpPlugin())
                    .system("""
                        services:
                          api:
                            base_url: http://127.0.0.1:%d
                            pool: { max: %d, acquire_timeout: 120s }
                        """.formatted(script.port(), STREAMS))
                    .instances(STREAMS, STREAMS)
                    .run();

            assertThat(result.run().exitCode()).as(result.run().toString()).isZero();
            assertThat(result.run().ok()).isTrue();
            assertThat(open.getCount()).isZero();
            assertThat(script.connections).hasValue(STREAMS);
            assertThat(result.observations("listen"))
                    .hasSize(STREAMS)
                    .allSatisfy(observation -> assertThat(observation).containsEntry("payloads_total", 3));
        }
    }
}
