package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.lines;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that break the rules: each has its outcome and its message, none makes an exchange hang, and
/// no connection in doubt is used again.
@Timeout(60)
class Http1MaliceTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    static Stream<Arguments> answersThatAreNone() {
        return Stream.of(
                Arguments.of("hello\r\n\r\n", "the status line is 'hello'"),
                Arguments.of("HTTP/2.0 200 OK\r\n\r\n", "the status line is 'HTTP/2.0 200 OK'"),
                Arguments.of("HTTP/1.1 20 OK\r\n\r\n", "the status line is 'HTTP/1.1 20 OK'"),
                Arguments.of("HTTP/1.1 099 Odd\r\n\r\n", "the status is 099"),
                Arguments.of("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "'no colon' is no header field"),
                Arguments.of("HTTP/1.1 200 OK\r\nX : 1\r\n\r\n", "'X : 1' is no header field"),
                Arguments.of("HTTP/1.1 200 OK\r\n: 1\r\n\r\n", "': 1' is no header field"),
                Arguments.of("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "' a?b' holds a control character"),
                Arguments.of("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", "' a?b' holds a control character"),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "the content-length is 'x'"),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "the content-length is '-1'"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        "there are two content-lengths, 1 and 2"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                        "the transfer-encoding is 'gzip, chunked' but only 'chunked' is known"),
                Arguments.of(
                        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                        "it switched to another protocol, which was not asked for"),
                Arguments.of(CHUNKED + "g\r\n", "the size of a chunk begins with 'g'"),
                Arguments.of(CHUNKED + "\r\n", "the size of a chunk begins with byte 13"),
                Arguments.of(CHUNKED + "3x\r\nabc", "the size of a chunk goes on with 'x'"),
                Arguments.of(CHUNKED + "-1\r\n", "the size of a chunk begins with '-'"),
                Arguments.of(CHUNKED + "1111111111111111\r\n", "the size of a chunk has more than 15 digits"),
                Arguments.of(CHUNKED + "3\r\nabcd\r\n", "a chunk is longer than it says"),
                Arguments.of(
                        CHUNKED + "3;" + "x".repeat(5000) + "\r\nabc",
                        "the line with the size of a chunk is longer than 4096 bytes"),
                Arguments.of(CHUNKED + "0\r\nno trailer\r\n\r\n", "'no trailer' is no header field"),
                Arguments.of(
                        "HTTP/1.1 102 Processing\r\n\r\n".repeat(40),
                        "more than 32 interim answers came before the answer"));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNone")
    void saysWhatIsWrong(String answer, String why) throws IOException {
        try (Script script = Script.answering(answer);
                Host host = Host.at(script.port())) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.message()).isEqualTo("'127.0.0.1:" + script.port() + "' sent no valid HTTP/1.1: " + why);
            assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(host.discarded).isEqualTo(1);
        }
    }

    static Stream<Arguments> answersThatAreOdd() {
        return Stream.of(
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", true),
                Arguments.of("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", true),
                Arguments.of("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok", true),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", true),
                Arguments.of("HTTP/1.1 200 OK\r\ncontent-LENGTH:2\r\n\r\nok", true),
                Arguments.of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true),
                Arguments.of(CHUNKED + "02 ; a=b\r\nok\r\n0\r\n\r\n", true),
                Arguments.of(
                        CHUNKED.replace("\r\n\r\n", "\r\nContent-Length: 7\r\n\r\n") + "2\r\nok\r\n0\r\n\r\n", false),
                Arguments.of("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false),
                Arguments.of("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", true),
                Arguments.of("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok", false),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n", false),
                Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\r\n", false));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreOdd")
    void understandsWhatIsOnlyOdd(String answer, boolean reusable) throws IOException {
        try (Script script = Script.answering(answer);
                Host host = Host.at(script.port())) {
            assertThat(text(host.get("/"))).isEqualTo("ok");
            assertThat(host.discarded).isEqualTo(reusable ? 0 : 1);
            assertThat(text(host.get("/"))).isEqualTo("ok");
        }
    }

    @Test
    void doesNotTakeASecondAnswerForTheNextOne() throws IOException {
        String first = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst";
        String second = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
        try (Script script = new Script(peer -> {
                    while (peer.request()) {
                        peer.send(first + second);
                    }
                });
                Host host = Host.at(script.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(text(host.get("/"))).isEqualTo("first");
            }
        }
    }

    @Test
    void doesNotTakeALateSecondAnswerForTheNextOne() throws IOException, InterruptedException {
        CountDownLatch forged = new CountDownLatch(1);
        try (Script script = new Script(peer -> {
                    while (peer.request()) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
                        Thread.sleep(20);
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
                        forged.countDown();
                        Thread.sleep(200);
                    }
                });
                Host host = Host.at(script.port())) {
            assertThat(text(host.get("/"))).isEqualTo("first");
            assertThat(forged.await(20, TimeUnit.SECONDS)).isTrue();
            // What was sent still has to come here
            Thread.sleep(100);
            assertThat(text(host.get("/"))).isEqualTo("first");
            assertThat(script.connections).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhereTheAnswerEndedWhereverItEnds(boolean reset) throws IOException {
        String whole = lines(
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "X-A: 1",
                "",
                "3",
                "abc",
                "2",
                "de",
                "0",
                "X-T: 1",
                "",
                "");
        for (int cut = 0; cut < whole.length(); cut++) {
            String part = whole.substring(0, cut);
            try (Script script = new Script(peer -> {
                        peer.request();
                        peer.send(part);
                        if (reset) {
                            peer.reset();
                        }
                    });
                    Host host = Host.at(script.port())) {
                Observation observation = host.send(Requests.to("POST", "/").build());

                assertThat(failed(observation).failure()).as("cut at %s", cut).isEqualTo(Failure.CLOSED);
                assertThat(failed(observation).message())
                        .startsWith("'127.0.0.1:" + script.port() + "' ")
                        .contains("the connection before its answer was complete", " had arrived");
                assertThat(host.discarded).isEqualTo(1);
            }
        }
    }

    @Test
    void doesNotTakeATruncatedBodyForAWholeOne() throws IOException {
        try (Script script = Script.closingAfter("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                Host host = Host.at(script.port())) {
            Observation observation = host.get("/");

            assertThat(failed(observation).message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' closed the connection before its answer was complete; 3 of 100 bytes of the"
                            + " body had arrived");
            assertThat(observation.metadata().get("status_code")).isEqualTo(200);
        }
    }

    @Test
    void refusesAHeadWithoutEnd() throws IOException {
        byte[] field = ("X-Long: " + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Script script = new Script(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\n");
                    while (true) {
                        peer.send(field);
                    }
                });
                Host host = Host.at(script.port())) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.TOO_LARGE);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' sent a head longer than 64 KiB; no answer needs that many header fields");
            assertThat(host.discarded).isEqualTo(1);
        }
    }

    @Test
    void refusesAnEndlessBody() throws IOException {
        byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Script script = new Script(peer -> {
                    peer.request();
                    peer.send(CHUNKED);
                    while (true) {
                        peer.send(chunk);
                    }
                });
                Host host = Host.at(script.port())) {
            Observation observation =
                    host.send(Requests.to("GET", "/").maxBody(100_000).build());

            assertThat(failed(observation).failure()).isEqualTo(Failure.TOO_LARGE);
            assertThat(failed(observation).message()).contains("sent a body of more than 100000 bytes but max_body is");
        }
    }

    @Test
    void holdsTheDeadlineAgainstADrippingHead() throws IOException {
        try (Script script = new Script(peer -> {
                    peer.request();
                    for (byte b : "HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII)) {
                        peer.send(new byte[] {b});
                    }
                    while (true) {
                        peer.send("x");
                        Thread.sleep(5);
                    }
                });
                Host host = Host.at(script.port()).within(Duration.ofMillis(300))) {
            assertThat(failed(host.get("/")).failure()).isEqualTo(Failure.TIMEOUT);
        }
    }
}
