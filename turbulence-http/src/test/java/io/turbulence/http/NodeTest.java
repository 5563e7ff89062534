package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.status;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Odd framing, by a server that nobody here wrote.
@Tag("servers")
@Timeout(120)
class NodeTest {

    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        Node.assume();
        node = Node.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    /// Ways of speaking.
    enum Way {
        HTTP_1("1.1"),
        HTTP_2("2");

        final String version;

        Way(String version) {
            this.version = version;
        }

        Host host() {
            int port = this == HTTP_1 ? node.port : node.http2Port;
            return new Host(new HttpService(
                    "http://127.0.0.1:" + port, Map.of(), version, false, null, null, null, true, null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsABodyThatComesByteByByte(Way way) {
        try (Host host = way.host()) {
            assertThat(text(host.get("/drip"))).isEqualTo("one byte at a time");
            assertThat(text(host.get("/long"))).isEqualTo("abcdefghij".repeat(20_000));
            assertThat(text(host.get("/text"))).isEqualTo("hello from node");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOverInterimAnswers(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.get("/hints");

            assertThat(status(observation)).isEqualTo("200");
            assertThat(text(observation)).isEqualTo("after hints");
            assertThat(text(host.get("/text"))).isEqualTo("hello from node");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsTrailers(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.get("/trailers");

            assertThat(text(observation)).isEqualTo("sum");
            assertThat(String.valueOf(observation.metadata().get("trailers"))).containsIgnoringCase("x-sum=42");
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodesEveryMemberOfAGzip(Way way) {
        try (Host host = way.host()) {
            assertThat(text(host.get("/members"))).isEqualTo("two members");
            assertThat(text(host.get("/bare"))).isEqualTo("no wrapper");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAGzipEndsTooEarly(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.get("/half");

            assertThat(failed(observation).failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed(observation).message())
                    .matches("'127\\.0\\.0\\.1:\\d+' sent a body that is no valid gzip: it ends too early");
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodesBrotli(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.get("/brotli");

            assertThat(status(observation)).isEqualTo("200");
            assertThat(text(observation)).isEqualTo("squeezed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsALongBodyAndReadsItBack(Way way) {
        try (Host host = way.host()) {
            String content = "0123456789".repeat(100_000);

            assertThat(text(host.send(Requests.to("POST", "/echo").body(content).build())))
                    .isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsTheAnswerThatComesBeforeTheBodyIsSent(Way way) {
        try (Host host = way.host()) {
            Requests request = Requests.to("POST", "/early").body("x".repeat(1_000_000));

            assertThat(status(host.send(request.build()))).isEqualTo("403");
            assertThat(text(host.get("/text"))).isEqualTo("hello from node");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsEvents(Way way) throws Exception {
        try (Host host = way.host()) {
            List<String> events = new ArrayList<>();
            host.run(new SseAction(host.connections), events(), observation -> {
                assertThat(status(observation)).isEqualTo("200");
                Deadline soon = Deadline.after(Duration.ofSeconds(10), "timeout of 10 s");
                try (PayloadStream stream = ((Payload.Stream) observation.payload()).stream()) {
                    for (Frame frame = stream.next(soon); frame != null; frame = stream.next(soon)) {
                        byte[] data = ((Payload.Bytes) frame.payload()).content();
                        events.add(frame.metadata().get("event") + ":" + new String(data, StandardCharsets.UTF_8));
                    }
                }
            });

            assertThat(events).containsExactly("message:one", "two:{\"n\":2}", "message:three");
            assertThat(text(host.get("/text"))).isEqualTo("hello from node");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @SuppressWarnings("NullAway") // The class file of a record loses the nullness of the values in its maps
    private static SseRequest events() {
        return new SseRequest(
                "GET",
                "/events",
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                0,
                null,
                List.of(),
                null,
                0,
                DataSize.parse("1 KiB"),
                null,
                true);
    }

    @Test
    void readsABodyUntilThePeerCloses() {
        try (Host host = Way.HTTP_1.host()) {
            assertThat(text(host.get("/until-close"))).isEqualTo("no length, until it closes");
            assertThat(host.discarded).isEqualTo(1);
        }
    }

    @Test
    void readsExtensionsOfChunks() {
        try (Host host = Way.HTTP_1.host()) {
            Observation observation = host.get("/extensions");

            assertThat(text(observation)).isEqualTo("abcd");
            assertThat(String.valueOf(observation.metadata().get("trailers"))).contains("X-T=1");
        }
    }

    @Test
    void readsAHeadOfAHundredFields() {
        try (Host host = Way.HTTP_1.host()) {
            Observation observation = host.get("/hundred");

            assertThat(text(observation)).isEqualTo("many fields");
            assertThat(String.valueOf(observation.metadata().get("headers"))).containsIgnoringCase("x-field-99=vvv");
        }
    }

    @Test
    void saysThatAStreamWasRefused() {
        try (Host host = Way.HTTP_2.host()) {
            assertThat(failed(host.get("/refused")).message())
                    .matches("'127\\.0\\.0\\.1:\\d+' broke off the answer with ENHANCE_YOUR_CALM; .*");
            assertThat(text(host.get("/text"))).isEqualTo("hello from node");
            assertThat(host.opened).isEqualTo(1);
        }
    }
}
