package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.api.Failure;
import io.turbulence.api.Headers;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.Phase;
import io.turbulence.testkit.ClosedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Http1ExchangeTest {

    static String text(Observation observation) {
        return observation.payload() instanceof Payload.Bytes bytes
                ? new String(bytes.content(), StandardCharsets.UTF_8)
                : "";
    }

    static Outcome.Failed failed(Observation observation) {
        assertThat(observation.outcome()).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) observation.outcome();
    }

    static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    static String status(Observation observation) {
        assertThat(observation.outcome()).isInstanceOf(Outcome.Completed.class);
        return ((Outcome.Completed) observation.outcome()).status();
    }

    @Nested
    class AgainstTheServerOfTheJdk {

        private HttpServer server;
        private Host host;

        @BeforeEach
        void start() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/echo", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                String account = exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n"
                        + exchange.getRequestHeaders().getFirst("Content-Type") + "\n"
                        + new String(body, StandardCharsets.UTF_8);
                answer(exchange, 200, account);
            });
            server.createContext("/chunked", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("one".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                exchange.getResponseBody().write("two".getBytes(StandardCharsets.UTF_8));
                exchange.close();
            });
            server.createContext("/missing", exchange -> answer(exchange, 404, "none"));
            server.createContext("/nothing", exchange -> {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
            host = Host.at(server.getAddress().getPort());
        }

        private static void answer(HttpExchange exchange, int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Two", "a");
            exchange.getResponseHeaders().add("X-Two", "b");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        }

        @AfterEach
        void stop() {
            host.close();
            server.stop(0);
        }

        @Test
        void getsTextWithItsFacts() {
            Observation observation = host.get("/echo/a?x=1");

            assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(true, "200"));
            assertThat(text(observation)).isEqualTo("GET /echo/a?x=1\nnull\n");
            assertThat(observation.metadata().get("status_code")).isEqualTo(200);
            assertThat(observation.metadata().get("reason")).isEqualTo("OK");
            assertThat(observation.metadata().get("version")).isEqualTo("1.1");
            assertThat(observation.metadata().get("body_bytes")).isEqualTo(21L);
            assertThat((Headers) observation.metadata().get("headers")).containsEntry("x-two", "a, b");
            assertThat(host.phases).containsExactly(Phase.RESOLVED, Phase.CONNECTED, Phase.SENT, Phase.FIRST_BYTE);
        }

        @Test
        void keepsTheConnectionThroughAnswersOfAllKinds() {
            assertThat(status(host.get("/nothing"))).isEqualTo("204");
            assertThat(status(host.send(Requests.to("HEAD", "/echo").build()))).isEqualTo("200");
            assertThat(text(host.get("/chunked"))).isEqualTo("onetwo");
            assertThat(host.get("/missing").outcome()).isEqualTo(new Outcome.Completed(false, "404"));
            assertThat(text(host.get("/echo"))).startsWith("GET /echo");

            assertThat(host.opened).isEqualTo(1);
        }

        @Test
        void sendsJson() {
            Observation observation = host.send(
                    Requests.to("POST", "/echo").json(Map.of("sku", "A-1")).build());

            assertThat(text(observation)).isEqualTo("POST /echo\napplication/json\n{\"sku\":\"A-1\"}");
        }

        @Test
        void sendsAMappingAsJsonAndTextAsText() {
            assertThat(text(host.send(
                            Requests.to("PUT", "/echo").body(List.of(1, 2)).build())))
                    .isEqualTo("PUT /echo\napplication/json\n[1,2]");
            assertThat(text(host.send(Requests.to("put", "/echo").body("Grüße").build())))
                    .isEqualTo("PUT /echo\ntext/plain; charset=utf-8\nGrüße");
        }

        @Test
        void leavesTheMediaTypeToTheUser() {
            Requests request = Requests.to("POST", "/echo").body("<a/>").header("content-type", "application/xml");

            assertThat(text(host.send(request.build()))).isEqualTo("POST /echo\napplication/xml\n<a/>");
        }

        @Test
        void sendsABodyLongerThanAnyBuffer() {
            String body = "x".repeat(3_000_000);

            assertThat(text(host.send(Requests.to("POST", "/echo").body(body).build())))
                    .hasSize("POST /echo\ntext/plain; charset=utf-8\n".length() + body.length())
                    .endsWith("xxx");
        }

        @Test
        void countsADiscardedBodyWithoutKeepingIt() {
            Observation observation = host.send(
                    Requests.to("GET", "/chunked").body("discard").maxBody(1).build());

            assertThat(observation.payload()).isEqualTo(Payload.empty());
            assertThat(observation.metadata().get("body_bytes")).isEqualTo(6L);
        }

        @Test
        void encodesPathsAndQueries() {
            Requests request = Requests.to("GET", "/echo/a b%20ü?x=1#top")
                    .query("q", "ä&=+ /")
                    .query("tag", List.of("a", 2));

            assertThat(text(host.send(request.build())))
                    .startsWith("GET /echo/a%20b%20%C3%BC?x=1&q=%C3%A4%26%3D%2B%20%2F&tag=a&tag=2\n");
        }

        @Test
        void goesToAnotherPlaceWhenThePathIsAWholeUrl() {
            String elsewhere = "http://localhost:" + server.getAddress().getPort() + "/echo?y=2";
            Host service = new Host(HttpService.of("http://127.0.0.1:1/base"));

            assertThat(text(service.get(elsewhere))).startsWith("GET /echo?y=2\n");
            service.close();
        }

        @Test
        void putsThePathOfTheBaseUrlInFront() {
            String base = "http://127.0.0.1:" + server.getAddress().getPort();
            try (Host slash = new Host(HttpService.of(base + "/echo/"));
                    Host plain = new Host(HttpService.of(base + "/echo"))) {
                assertThat(text(slash.get("/a"))).startsWith("GET /echo/a\n");
                assertThat(text(plain.get("a"))).startsWith("GET /echo/a\n");
                assertThat(text(plain.get("?b=1"))).startsWith("GET /echo?b=1\n");
                assertThat(text(plain.get(""))).startsWith("GET /echo\n");
            }
        }
    }

    @Nested
    class WhatIsSent {

        private static final String EMPTY_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

        @Test
        void writesTheRequestAsItShouldBe() throws IOException {
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("POST", "/a")
                        .header("X-List", List.of("1", 2))
                        .json(List.of())
                        .build());

                assertThat(script.requests)
                        .containsExactly(lines(
                                "POST /a HTTP/1.1",
                                "Host: 127.0.0.1:" + script.port(),
                                "X-List: 1",
                                "X-List: 2",
                                "User-Agent: turbulence/development",
                                "Accept: */*",
                                "Content-Type: application/json",
                                "X-Correlation-ID: correlation-1",
                                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "Content-Length: 2",
                                "",
                                "[]"));
            }
        }

        @Test
        void leavesOutWhatTheUserSetsOrSwitchesOff() throws IOException {
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                Requests request = Requests.to("POST", "/a")
                        .header("host", "shop.example")
                        .header("user-agent", "me")
                        .header("accept", "text/html");
                request.propagate = false;
                host.send(request.build());

                assertThat(script.requests)
                        .containsExactly(lines(
                                "POST /a HTTP/1.1",
                                "host: shop.example",
                                "user-agent: me",
                                "accept: text/html",
                                "Content-Length: 0",
                                "",
                                ""));
            }
        }

        @Test
        void refusesAHeaderThatWouldBreakTheRequest() throws IOException {
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                Outcome.Failed failed = failed(host.send(
                        Requests.to("GET", "/").header("X-A", "1\r\nX-B: 2").build()));

                assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                assertThat(failed.message())
                        .isEqualTo("header 'X-A' cannot be sent: character 2 of its value is a control character");
                assertThat(script.requests).isEmpty();
            }
        }

        @Test
        void sendsTheBodyOnlyOnceItIsAskedFor() throws IOException {
            try (Script script = new Script(peer -> {
                        var in = peer.socket().getInputStream();
                        byte[] head = new byte[4096];
                        int count = in.read(head);
                        boolean bodyCame = new String(head, 0, count, StandardCharsets.UTF_8).contains("payload");
                        peer.send("HTTP/1.1 100 Continue\r\n\r\n");
                        String body = new String(in.readNBytes(7), StandardCharsets.UTF_8);
                        String answer = bodyCame ? "early" : body;
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer);
                        peer.hang();
                    });
                    Host host = Host.at(script.port())) {
                Requests request = Requests.to("POST", "/")
                        .header("Expect", "100-continue")
                        .body("payload");

                assertThat(text(host.send(request.build()))).isEqualTo("payload");
                assertThat(host.discarded).isZero();
            }
        }

        @Test
        void keepsTheBodyWhenTheAnswerComesFirst() throws IOException {
            try (Script script = new Script(peer -> {
                        peer.socket().getInputStream().read(new byte[4096]);
                        peer.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
                        peer.hang();
                    });
                    Host host = Host.at(script.port())) {
                Requests request = Requests.to("POST", "/")
                        .header("Expect", "100-continue")
                        .body("payload");

                assertThat(status(host.send(request.build()))).isEqualTo("417");
                assertThat(host.discarded).isEqualTo(1);
            }
        }
    }

    @Nested
    class Reuse {

        private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

        @Test
        void discardsTheConnectionWhenThePeerAsksForIt() throws IOException {
            try (Script script =
                            Script.answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                    Host host = Host.at(script.port())) {
                assertThat(text(host.get("/"))).isEqualTo("ok");
                assertThat(text(host.get("/"))).isEqualTo("ok");

                assertThat(host.opened).isEqualTo(2);
            }
        }

        @Test
        void discardsTheConnectionOfHttpOneDotZero() throws IOException {
            try (Script script = Script.closingAfter("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                    Host host = Host.at(script.port())) {
                assertThat(text(host.get("/"))).isEqualTo("until the end");
                assertThat(host.discarded).isEqualTo(1);
            }
        }

        @Test
        void retriesOnceOnAFreshConnectionWhenAnIdleOneIsDead() throws IOException {
            try (Script script = Script.closingAfter(ANSWER);
                    Host host = Host.at(script.port())) {
                for (int i = 0; i < 5; i++) {
                    assertThat(text(host.get("/"))).isEqualTo("ok");
                }

                assertThat(host.opened).isEqualTo(1);
                assertThat(script.connections).hasValue(5);
                assertThat(script.requests).hasSize(5);
            }
        }

        @Test
        void tellsThatARequestWasSentASecondTime() throws IOException {
            AtomicInteger connections = new AtomicInteger();
            try (Script script = new Script(peer -> {
                        boolean first = connections.getAndIncrement() == 0;
                        peer.request();
                        peer.send(ANSWER);
                        peer.request();
                        if (!first) {
                            peer.send(ANSWER);
                        }
                    });
                    Host host = Host.at(script.port())) {
                assertThat(host.get("/").metadata().has("resent")).isFalse();

                Observation second = host.get("/");

                assertThat(text(second)).isEqualTo("ok");
                assertThat(second.metadata().get("resent")).isEqualTo(1);
                assertThat(script.requests).hasSize(3);
                assertThat(host.get("/").metadata().has("resent")).isFalse();
            }
        }

        @Test
        void doesNotRepeatAPostThatMayHaveArrived() throws IOException {
            try (Script script = new Script(peer -> {
                        peer.request();
                        peer.send(ANSWER);
                        peer.request();
                    });
                    Host host = Host.at(script.port())) {
                host.get("/");
                Outcome.Failed failed =
                        failed(host.send(Requests.to("POST", "/").build()));

                assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
                assertThat(failed.message())
                        .isEqualTo("'127.0.0.1:" + script.port()
                                + "' closed the connection before its answer was complete; 0 bytes of the"
                                + " answer had arrived");
                assertThat(script.requests).hasSize(2);
            }
        }

        @Test
        void doesNotUseAConnectionLongerThanThePeerKeepsIt() throws IOException {
            try (Script script =
                            Script.answering("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n");
                    Host host = Host.at(script.port())) {
                host.get("/");
                HttpConnection idle = host.idle.values().iterator().next().getFirst();
                // The half second that is left of a timeout of 0 s
                long until = System.nanoTime() + Duration.ofMillis(600).toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                assertThat(idle.isAlive()).isFalse();

                host.get("/");
                assertThat(script.connections).hasValue(2);
            }
        }
    }

    @Nested
    class Limits {

        @Test
        void saysThatTheDeadlinePassedWhileThePeerIsSilent() throws IOException {
            try (Script script = new Script(Script.Peer::hang);
                    Host host = Host.at(script.port()).within(Duration.ofSeconds(1))) {
                Outcome.Failed failed = failed(host.get("/"));

                assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
                assertThat(failed.message())
                        .isEqualTo("'127.0.0.1:" + script.port()
                                + "' gave no complete answer within the timeout of 1000 ms; 0 bytes of the"
                                + " answer had arrived");
                assertThat(host.discarded).isEqualTo(1);
            }
        }

        @Test
        void holdsTheDeadlineAgainstADrip() throws IOException {
            try (Script script = new Script(peer -> {
                        peer.request();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                        while (true) {
                            peer.send("x");
                            Thread.sleep(5);
                        }
                    });
                    Host host = Host.at(script.port()).within(Duration.ofSeconds(1))) {
                Outcome.Failed failed = failed(host.get("/"));

                assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
                assertThat(failed.message())
                        .matches("'127.0.0.1:\\d+' gave no complete answer within the timeout of 1000 ms; "
                                + "\\d+ of 100000 bytes of the body had arrived");
            }
        }

        @Test
        void holdsTheDeadlineWhileThePeerDoesNotRead() throws IOException {
            try (Script script = new Script(peer -> new CountDownLatch(1).await());
                    Host host = Host.at(script.port()).within(Duration.ofMillis(300))) {
                Outcome.Failed failed = failed(host.send(
                        Requests.to("POST", "/").body("x".repeat(20_000_000)).build()));

                assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
            }
        }

        @Test
        void refusesABodyThatIsTooLarge() throws IOException {
            try (Script script = Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100));
                    Host host = Host.at(script.port())) {
                Observation observation =
                        host.send(Requests.to("GET", "/").maxBody(64).build());

                assertThat(failed(observation).failure()).isEqualTo(Failure.TOO_LARGE);
                assertThat(failed(observation).message())
                        .isEqualTo("'127.0.0.1:" + script.port()
                                + "' sent a body of 100 bytes but max_body is 64 bytes; raise it, or use 'body:"
                                + " discard' to count the body without keeping it");
                assertThat(observation.metadata().get("status_code")).isEqualTo(200);
                assertThat(host.discarded).isEqualTo(1);
            }
        }
    }

    @Nested
    class Connecting {

        @Test
        void saysThatNobodyListens() throws IOException {
            try (ClosedPort closed = ClosedPort.reserve();
                    Host host = Host.at(closed.port())) {
                Outcome.Failed failed = failed(host.get("/"));

                assertThat(failed.failure()).isEqualTo(Failure.CONNECT);
                assertThat(failed.message())
                        .isEqualTo("'127.0.0.1:" + closed.port() + "' could not be connected to: Connection refused");
            }
        }

        @Test
        void saysThatTheNameIsUnknown() {
            try (Host host = new Host(HttpService.of("http://no-such-host.invalid:81"))) {
                Outcome.Failed failed = failed(host.get("/"));

                assertThat(failed.failure()).isEqualTo(Failure.RESOLVE);
                assertThat(failed.message())
                        .isEqualTo("'no-such-host.invalid' could not be resolved to an address: no such host is known");
            }
        }
    }

    @Nested
    class Cancelling {

        @Test
        void endsAtOnceWhenTheHookIsCalled() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            AtomicReference<Outcome.Failed> outcome = new AtomicReference<>();
            try (Script script = new Script(peer -> {
                        peer.request();
                        asked.countDown();
                        peer.hang();
                    });
                    Host host = Host.at(script.port())) {
                Thread caller = Thread.ofVirtual().start(() -> outcome.set(failed(host.get("/"))));
                asked.await();
                host.hooks.forEach(Runnable::run);
                caller.join();

                assertThat(outcome.get().failure()).isEqualTo(Failure.CANCELLED);
                assertThat(outcome.get().message())
                        .isEqualTo("the request to '127.0.0.1:" + script.port()
                                + "' was cancelled; 0 bytes of the answer had arrived");
            }
        }

        @Test
        void endsAtOnceWhenInterrupted() throws Exception {
            CountDownLatch asked = new CountDownLatch(1);
            AtomicReference<Outcome.Failed> outcome = new AtomicReference<>();
            try (Script script = new Script(peer -> {
                        peer.request();
                        asked.countDown();
                        peer.hang();
                    });
                    Host host = Host.at(script.port())) {
                Thread caller = Thread.ofVirtual().start(() -> outcome.set(failed(host.get("/"))));
                asked.await();
                caller.interrupt();
                caller.join();

                assertThat(outcome.get().failure()).isEqualTo(Failure.CANCELLED);
            }
        }
    }
}
