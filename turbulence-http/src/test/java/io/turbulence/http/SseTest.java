package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.lines;
import static io.turbulence.http.Http1ExchangeTest.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SseTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static String chunk(String text) {
        return Integer.toHexString(text.getBytes(StandardCharsets.ISO_8859_1).length) + "\r\n" + text + "\r\n";
    }

    @SuppressWarnings("NullAway") // The class file of a record loses the nullness of the values in its maps
    private static SseRequest request(@Nullable String lastEventId, int reconnect, String... events) {
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
                List.of(events),
                lastEventId,
                reconnect,
                DataSize.parse("1 KiB"),
                null,
                true);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), "timeout of 10 s");
    }

    private static String text(@Nullable Frame frame) {
        return frame != null && frame.payload() instanceof Payload.Bytes bytes
                ? frame.metadata().get("event") + ":" + new String(bytes.content(), StandardCharsets.UTF_8)
                : "none";
    }

    /// The stream of an answer, read while the connection is held as the host does.
    private static Observation asking(Host host, SseRequest settings, Reading reading) throws Exception {
        return host.run(new SseAction(host.connections), settings, observation -> {
            if (observation.payload() instanceof Payload.Stream stream) {
                try (PayloadStream events = stream.stream()) {
                    reading.read(events);
                }
            }
        });
    }

    /// Reads a stream.
    interface Reading {
        void read(PayloadStream events) throws Exception;
    }

    @Nested
    class Parsing {

        private List<String> parse(int step, String text) throws IOException {
            SseParser parser = new SseParser(1000);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            List<String> events = new ArrayList<>();
            for (int i = 0; i < bytes.length; i += step) {
                parser.feed(bytes, i, Math.min(step, bytes.length - i));
                for (Frame frame = parser.poll(); frame != null; frame = parser.poll()) {
                    events.add(text(frame) + "#" + frame.metadata().get("id"));
                }
            }
            return events;
        }

        @Test
        void takesEventsApartWhereverTheyAreCut() throws IOException {
            String stream = "\uFEFF: comment\ndata: one\ndata: two\n\nevent: x\rid: 7\rdata:{\"a\":1}\r\r"
                    + "event: lost\n\ndata\r\n\r\nid\ndata: ü\n\ndata: unfinished\n";
            for (int step = 1; step < 12; step++) {
                assertThat(parse(step, stream))
                        .containsExactly("message:one\ntwo#null", "x:{\"a\":1}#7", "none#7", "message:ü#");
            }
        }

        @Test
        void refusesAnEventWithoutEnd() {
            assertThatThrownBy(() -> parse(1000, "data: " + "x".repeat(2000)))
                    .isInstanceOf(Malformed.class)
                    .hasMessage("an event is longer than 1000 bytes");
        }
    }

    @Test
    void readsEventsAsTheyComeAndKeepsTheConnection() throws Exception {
        try (Script script = new Script(peer -> {
                    while (peer.request()) {
                        peer.send(HEAD + chunk("data: 1\n\nevent: b\nda"));
                        peer.send(chunk("ta: 2\n\n") + "0\r\n\r\n");
                    }
                });
                Host host = Host.at(script.port())) {
            for (int i = 0; i < 2; i++) {
                Observation observation = asking(host, request("41", 0), events -> {
                    assertThat(text(events.next(soon()))).isEqualTo("message:1");
                    assertThat(text(events.next(soon()))).isEqualTo("b:2");
                    assertThat(events.next(soon())).isNull();
                });
                assertThat(status(observation)).isEqualTo("200");
            }
            assertThat(script.requests.getFirst()).contains("Last-Event-ID: 41\r\n");
            assertThat(script.connections).hasValue(1);
        }
    }

    @Test
    void canBeReadAgainAfterWaitingInVain() throws Exception {
        try (Script script = new Script(peer -> {
                    peer.request();
                    peer.send(HEAD);
                    peer.request();
                });
                Host host = Host.at(script.port())) {
            asking(host, request(null, 0), events -> {
                Deadline short1 = Deadline.after(Duration.ofMillis(50), "idle_timeout of 50 ms");
                assertThatThrownBy(() -> events.next(short1)).isInstanceOf(TimeoutException.class);
                Deadline short2 = Deadline.after(Duration.ofMillis(50), "idle_timeout of 50 ms");
                assertThatThrownBy(() -> events.next(short2)).isInstanceOf(TimeoutException.class);
            });
            assertThat(host.discarded).isEqualTo(1);
        }
    }

    @Test
    void passesOverEventsOfOtherNames() throws Exception {
        try (Script script = Script.answering(
                        HEAD + chunk("data: 1\n\nevent: b\ndata: 2\n\nevent: c\ndata: 3\n\n") + "0\r\n\r\n");
                Host host = Host.at(script.port())) {
            asking(host, request(null, 0, "b"), events -> {
                assertThat(text(events.next(soon()))).isEqualTo("b:2");
                assertThat(events.next(soon())).isNull();
            });
        }
    }

    @Test
    void goesOnAfterTheLastEventWhenTheServerEndsTheStream() throws Exception {
        try (Script script = new Script(peer -> {
                    peer.request();
                    peer.send(HEAD
                            + chunk("retry: 1\nid: " + peer.number + "\ndata: " + peer.number + "\n\ndata: lost\n"));
                });
                Host host = Host.at(script.port())) {
            asking(host, request(null, 2), events -> {
                assertThat(text(events.next(soon()))).isEqualTo("message:1");
                assertThat(text(events.next(soon()))).isEqualTo("message:2");
                assertThat(text(events.next(soon()))).isEqualTo("message:3");
                assertThatThrownBy(() -> events.next(soon()))
                        .isInstanceOf(FailureException.class)
                        .hasMessageContaining("closed the connection before its answer was complete");
            });
            assertThat(script.requests.get(2)).contains("Last-Event-ID: 2\r\n");
        }
    }

    @Test
    void endsAReadThatWaitsWhenItIsClosed() throws Exception {
        try (Script script = new Script(peer -> {
                    peer.request();
                    peer.send(HEAD);
                    peer.hang();
                });
                Host host = Host.at(script.port())) {
            asking(host, request(null, 0), events -> {
                Thread closer = Thread.ofVirtual().start(events::close);
                assertThatThrownBy(() -> events.next(soon())).isInstanceOf(FailureException.class);
                closer.join();
            });
        }
    }

    @Test
    void saysThatTheAnswerIsNoStream() throws Exception {
        try (Script script = Script.answering(
                        lines("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 2", "", "ok"));
                Host host = Host.at(script.port())) {
            Observation observation = asking(host, request(null, 0), events -> {});

            assertThat(failed(observation).failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed(observation).message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' answered 200 with 'text/html' but 'text/event-stream' was expected");
        }
    }

    @Test
    void keepsWhatTheServerSaysWhenItRefuses() throws Exception {
        try (Script script = Script.answering(
                        lines("HTTP/1.1 403 Forbidden", "Content-Type: text/plain", "Content-Length: 2", "", "no"));
                Host host = Host.at(script.port())) {
            Observation observation = asking(host, request(null, 0), events -> {});

            assertThat(status(observation)).isEqualTo("403");
            assertThat(Http1ExchangeTest.text(observation)).isEqualTo("no");
        }
    }

    @Test
    void asksAgainWithANewTokenWhenItsOwnIsRefused() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        try (Script script = new Script(peer -> {
                    while (peer.request()) {
                        if (peer.last().startsWith("POST /token")) {
                            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{\"access_token\": \"t"
                                    + tokens.incrementAndGet() + "\"}");
                        } else if (peer.last().contains("Bearer t2")) {
                            peer.send(HEAD + chunk("data: 1\n\n") + "0\r\n\r\n");
                        } else {
                            peer.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
                        }
                    }
                });
                Host host = Host.at(script.port())) {
            SseRequest plain = request(null, 0);
            SseRequest authorized = new SseRequest(
                    plain.method(),
                    plain.path(),
                    plain.query(),
                    plain.headers(),
                    null,
                    null,
                    null,
                    0,
                    null,
                    plain.events(),
                    null,
                    0,
                    plain.maxEvent(),
                    new Auth(null, null, new Auth.OAuth2("/token", "me", "s", null, null)),
                    true);

            asking(
                    host,
                    authorized,
                    events -> assertThat(text(events.next(soon()))).isEqualTo("message:1"));
            assertThat(tokens).hasValue(2);
        }
    }
}
