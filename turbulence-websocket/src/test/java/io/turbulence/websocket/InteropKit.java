package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.turbulence.api.DataSize;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455's cases against a server of one make.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class InteropKit {

    private AutoCloseable server;
    private String url = "";

    abstract AutoCloseable start() throws Exception;

    abstract String url(AutoCloseable running);

    /// Whether it agrees to compress.
    abstract boolean compresses();

    @BeforeAll
    void open() throws Exception {
        server = start();
        url = url(server);
    }

    @AfterAll
    void close() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private WebSocketHost host(boolean deflate) throws Exception {
        return new WebSocketHost(WebSocketHost.service(url, deflate, null, "32 MiB", false));
    }

    /// Size of a message, most of one frame (0 for one frame), compression offered.
    static Stream<Arguments> messages() {
        return Stream.of(0, 1, 125, 126, 127, 1000, 65_535, 65_536, 1 << 20)
                .flatMap(size -> Stream.of(0, 1000, 65_536)
                        .filter(fragment -> fragment < Math.max(1, size))
                        .flatMap(fragment ->
                                Stream.of(arguments(size, fragment, false), arguments(size, fragment, true))));
    }

    @ParameterizedTest(name = "{0} bytes, at most {1} in a frame, compression {2}")
    @MethodSource("messages")
    void echoesTexts(int size, int fragment, boolean deflate) throws Exception {
        String text = "añ€😀 ".repeat(size / 12 + 1).substring(0, size / 2) + "x".repeat(size - size / 2);
        text = text.codePoints()
                .filter(point -> point < 0xd800 || point > 0xdfff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        try (WebSocketHost host = host(deflate)) {
            Observation sent = host.send(text, fragment == 0 ? null : DataSize.ofBytes(fragment));
            assertThat(sent.outcome()).isEqualTo(new Outcome.Completed(true, "SENT"));
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1 << 20})
    void echoesBinaryMessages(int size) throws Exception {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        try (WebSocketHost host = host(true)) {
            host.sendBinary(Base64.getEncoder().encodeToString(content));
            Observation back = host.await(null);
            assertThat(back.metadata().get("kind")).isEqualTo("binary");
            assertThat(back.payload() instanceof Payload.Bytes bytes ? bytes.content() : new byte[0])
                    .isEqualTo(content);
        }
    }

    @Test
    void compressesWhereItIsAgreedOn() throws Exception {
        try (WebSocketHost host = host(true)) {
            Observation connected = host.connect();
            assertThat(String.valueOf(connected.metadata().get("extensions")))
                    .startsWith(compresses() ? "permessage-deflate" : "");
            Observation sent = host.send("hello ".repeat(10_000));
            if (compresses()) {
                assertThat((Long) sent.metadata().get("wire_size")).isLessThan(2_000L);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("hello ".repeat(10_000));
                host.send("hello ".repeat(10_000));
            }
        }
    }

    @Test
    void takesFragmentsWithAPingBetweenThem() throws Exception {
        try (WebSocketHost host = host(false)) {
            host.send("!fragments");
            Observation whole = host.await(null);
            assertThat(WebSocketHost.text(whole.payload())).isEqualTo("one €!");
            assertThat((Integer) whole.metadata().get("frames")).isGreaterThan(1);
        }
    }

    @Test
    void answersPings() throws Exception {
        try (WebSocketHost host = host(false)) {
            host.send("!ping marco");
            assertThat(WebSocketHost.text(
                            host.await(WebSocketHost.text("pong marco")).payload()))
                    .isEqualTo("pong marco");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 3000, 4999})
    void closes(int code) throws Exception {
        try (WebSocketHost host = host(false)) {
            host.connect();
            Observation closed = host.close(code, "done");
            assertThat(closed.outcome().success()).as(closed.toString()).isTrue();
            assertThat(closed.metadata().get("close_code")).isIn(code, 1000, 1005);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 3000, 4999})
    void isClosed(int code) throws Exception {
        try (WebSocketHost host = host(false)) {
            host.send("!close " + code + " so be it");
            Observation ended = host.await(null);
            assertThat(ended.metadata().asMap())
                    .containsEntry("close_code", code)
                    .containsEntry("close_reason", "so be it");
        }
    }
}
