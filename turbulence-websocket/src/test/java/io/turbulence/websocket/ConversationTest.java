package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.DataSize;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Single steps against a server.
@Timeout(60)
class ConversationTest {

    private JavaServer server;
    private WebSocketHost host;

    @BeforeEach
    void open() throws Exception {
        server = JavaServer.start(false, "chat.v2");
        host = new WebSocketHost(WebSocketHost.service(server.url()));
    }

    @AfterEach
    void close() throws Exception {
        host.close();
        server.close();
    }

    private String url() {
        return "ws://127.0.0.1:" + server.getPort() + "/chat";
    }

    private static void assertFailed(Observation observation, Failure failure, String message) {
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.message()).isEqualTo(message);
            assertThat(failed.failure()).isEqualTo(failure);
        });
    }

    @Nested
    class Connecting {

        @Test
        void tellsWhatWasAgreedOn() throws Exception {
            Observation connected = host.connect(
                    new ConnectSettings(null, Map.of(), Map.of("X-User", "ann"), List.of("chat.v2", "chat.v1")));
            assertThat(connected.outcome()).isEqualTo(new Outcome.Completed(true, "101"));
            assertThat(connected.metadata().get("status_code")).isEqualTo(101);
            assertThat(connected.metadata().get("subprotocol")).isEqualTo("chat.v2");
            assertThat(connected.metadata().get("url")).isEqualTo(url());
            assertThat(connected.metadata().get("headers"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsKey("sec-websocket-accept");
            assertThat(server.awaitHandshakes(1))
                    .containsExactly("/chat?v=1 ann " + host.context().correlationId());
        }

        @Test
        void asksForAnotherPathAndQuery() throws Exception {
            host.connect(new ConnectSettings("/rooms/7", Map.of("client id", "a&b"), Map.of(), List.of()));
            assertThat(server.awaitHandshakes(1))
                    .containsExactly(
                            "/rooms/7?client+id=a%26b  " + host.context().correlationId());
        }

        @Test
        void connectsWithTheFirstUse() throws Exception {
            server.awaitOpen(0);
            assertThat(host.send("hello").outcome()).isEqualTo(new Outcome.Completed(true, "SENT"));
            server.awaitOpen(1);
        }

        @Test
        void closesTheConnectionThatStandsBeforeItMakesAnother() throws Exception {
            host.connect();
            host.connect();
            server.awaitOpen(1);
            assertThat(server.awaitClosings(1)).containsExactly("1000 by client");
            host.send("still there");
            assertThat(host.await(WebSocketHost.text("still there")).outcome().success())
                    .isTrue();
        }
    }

    @Nested
    class Awaiting {

        @Test
        void takesTheNextMessage() throws Exception {
            host.send("hello");
            Observation next = host.await(null);
            assertThat(WebSocketHost.text(next.payload())).isEqualTo("hello");
            assertThat(next.metadata().asMap())
                    .containsEntry("kind", "text")
                    .containsEntry("size", 5)
                    .containsEntry("frames", 1)
                    .containsEntry("wire_size", 7L);
        }

        @Test
        void findsWhatCameBeforeAndLeavesTheRest() throws Exception {
            host.send("!push 3 message #");
            assertThat(WebSocketHost.text(
                            host.await(WebSocketHost.text("message 2")).payload()))
                    .isEqualTo("message 2");
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("message 0");
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("message 1");
        }

        @Test
        void takesSeveral() throws Exception {
            host.send("!push 5 message #");
            Observation three = host.await(null, 3, null);
            assertThat(three.metadata().get("messages")).isEqualTo(3);
            assertThat(WebSocketHost.texts(three)).containsExactly("message 0", "message 1", "message 2");
        }

        @Test
        void explainsWhyItWaitedInVain() throws Exception {
            host.send("other");
            host.await(WebSocketHost.text("other"));
            host.send("another");
            host.send("a third");
            // Which comes behind the other
            host.await(WebSocketHost.text("a third"));
            host.within(Duration.ofMillis(300));
            Observation none = host.await(WebSocketHost.text("mine"));
            assertThat(none.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
                assertThat(failed.message())
                        .isEqualTo("'" + url() + "': no message that meets payload == 'mine' within the "
                                + host.context().deadline().limit()
                                + "; 3 messages came meanwhile; nearest: payload == 'mine' does not hold");
            });
        }

        @Test
        void provesAbsence() throws Exception {
            host.send("hello");
            host.await(null);
            Observation absent = host.await(null, 1, Duration.ofMillis(100));
            assertThat(absent.outcome()).isEqualTo(new Outcome.Completed(true, "ABSENT"));
            host.send("late");
            Observation present = host.await(null, 1, Duration.ofSeconds(5));
            assertThat(present.outcome())
                    .isEqualTo(new Outcome.Completed(false, "a message where none was to come for 5 s"));
        }

        @Test
        void doesNotCallAbsentWhatItHadNoTimeToWaitFor() throws Exception {
            host.connect();
            host.within(Duration.ofMillis(100));
            Observation unproven = host.await(null, 1, Duration.ofSeconds(5));
            assertFailed(
                    unproven,
                    Failure.TIMEOUT,
                    "'" + url() + "': the " + host.context().deadline().limit()
                            + " was over before 'absent_for' of 5 s was. Raise 'timeout'.");
        }

        @Test
        void putsFragmentsTogetherAndAnswersThePingBetweenThem() throws Exception {
            host.send("!fragments");
            Observation whole = host.await(null);
            assertThat(WebSocketHost.text(whole.payload())).isEqualTo("one €!");
            assertThat(whole.metadata().get("frames")).isEqualTo(3);
            host.send("after");
            host.await(WebSocketHost.text("after"));
            assertThat(server.pongs).hasSize(1);
        }

        @Test
        void answersPingsWhileTheInstanceDoesOtherThings() throws Exception {
            host.send("!ping marco");
            host.send("heard it");
            host.await(WebSocketHost.text("heard it"));
            // What is sent now comes behind the pong
            host.send("done");
            host.await(WebSocketHost.text("done"));
            assertThat(server.pongs).containsExactly("marco");
        }
    }

    @Nested
    class Sending {

        @Test
        void sendsBinaryMessages() throws Exception {
            host.sendBinary("AAEC/w==");
            Observation back = host.await(null);
            assertThat(back.metadata().get("kind")).isEqualTo("binary");
            assertThat(((io.turbulence.api.Payload.Bytes) back.payload()).content())
                    .containsExactly(0, 1, 2, 255);
        }

        @Test
        void sendsInFragments() throws Exception {
            Observation sent = host.send("x".repeat(1000), DataSize.ofBytes(300));
            assertThat(sent.metadata().asMap()).containsEntry("frames", 4).containsEntry("size", 1000);
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("x".repeat(1000));
        }

        @Test
        void refusesWhatIsNoBase64() throws Exception {
            Observation refused = host.sendBinary("=");
            assertThat(refused.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                assertThat(failed.message()).startsWith("'base64' is no base64, so nothing was sent: ");
            });
        }
    }

    @Nested
    class Exchanging {

        @Test
        void sendsAndExpectsInTurn() throws Exception {
            Observation talk = host.exchange(
                    WebSocketHost.say("one"),
                    WebSocketHost.expect(WebSocketHost.text("one"), null),
                    WebSocketHost.say(Map.of("n", 2)),
                    WebSocketHost.expect(WebSocketHost.text("{\"n\":2}"), Duration.ofSeconds(5)),
                    WebSocketHost.goodbye());
            assertThat(talk.outcome()).isEqualTo(new Outcome.Completed(true, "OK"));
            assertThat(talk.metadata().asMap())
                    .containsEntry("sent", 2)
                    .containsEntry("received", 2)
                    .containsEntry("close_code", 1000);
            assertThat(WebSocketHost.texts(talk)).containsExactly("one", "{\"n\":2}");
            server.awaitOpen(0);
        }

        @Test
        void namesTheTurnThatWaitedInVain() throws Exception {
            Observation talk = host.exchange(
                    WebSocketHost.say("one"),
                    WebSocketHost.say("last"),
                    WebSocketHost.expect(WebSocketHost.text("last"), null),
                    WebSocketHost.expect(WebSocketHost.text("two"), Duration.ofMillis(200)));
            assertThat(talk.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
                assertThat(failed.message())
                        .isEqualTo("exchange[3]: '" + url() + "': no message that meets payload == 'two' within the"
                                + " timeout of 200 ms; 2 messages came meanwhile; nearest: payload == 'two' does not"
                                + " hold");
            });
        }

        @Test
        void leavesMessagesThatItPassedOver() throws Exception {
            host.exchange(
                    WebSocketHost.say("!push 2 message #"),
                    WebSocketHost.expect(WebSocketHost.text("message 1"), null));
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("message 0");
        }
    }

    @Nested
    class Closing {

        @Test
        void tellsWhatTheServerAnswered() throws Exception {
            host.connect();
            Observation closed = host.close(4001, "done");
            assertThat(closed.outcome()).isEqualTo(new Outcome.Completed(true, "4001"));
            assertThat(closed.metadata().asMap())
                    .containsEntry("status_code", 4001)
                    .containsEntry("close_code", 4001);
            server.awaitOpen(0);
            assertThat(server.awaitClosings(1)).containsExactly("4001 by client");
        }

        @Test
        void isFineWhereNothingIsOpen() throws Exception {
            assertThat(host.close(1000, "").outcome()).isEqualTo(new Outcome.Completed(true, "NOT_OPEN"));
        }

        @Test
        void failsLaterStepsWithTheReason() throws Exception {
            host.connect();
            host.close(1000, "");
            assertFailed(
                    host.send("more"),
                    Failure.CLOSED,
                    "'" + url() + "': the connection was closed by us with 1000 (normal closure), before this step;"
                            + " nothing was sent. 'ws.connect' connects anew, as does every step with the service's"
                            + " 'reconnect: true'");
        }

        @Test
        void tellsWhoWaitsThatTheServerClosed() throws Exception {
            host.send("!close 1001 restart");
            Observation waited = host.await(WebSocketHost.text("mine"));
            assertFailed(
                    waited,
                    Failure.CLOSED,
                    "'" + url() + "': the server closed the connection with 1001 (going away): 'restart'; no message"
                            + " that meets payload == 'mine' was left");
            assertThat(waited.metadata().asMap())
                    .containsEntry("close_code", 1001)
                    .containsEntry("close_reason", "restart");
        }

        @Test
        void stillFindsWhatCameBeforeTheServerClosed() throws Exception {
            host.send("last words");
            host.send("!close 1000");
            server.awaitOpen(0);
            assertThat(host.await(WebSocketHost.text("last words")).outcome().success())
                    .isTrue();
        }

        @Test
        void connectsAnewOnlyWhenItIsAsked() throws Exception {
            host.send("!close 1012");
            server.awaitOpen(0);
            assertThat(host.await(null).outcome().success()).isFalse();
            assertThat(host.send("more").outcome().success()).isFalse();
            assertThat(host.connect().outcome().success()).isTrue();
            host.send("more");
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("more");
        }

        @Test
        void connectsAnewWhenTheServiceSaysSo() throws Exception {
            try (WebSocketHost other =
                    new WebSocketHost(WebSocketHost.service(server.url(), false, null, "1 MiB", true))) {
                other.send("before");
                other.send("!close 1012");
                server.awaitOpen(0);
                assertThat(WebSocketHost.text(other.await(null).payload())).isEqualTo("before");
                other.awaitEnd();
                other.send("after");
                assertThat(WebSocketHost.text(other.await(null).payload())).isEqualTo("after");
            }
        }

        @Test
        void takesWhatCameBeforeTheEndInItsOrderBeforeItConnectsAnew() throws Exception {
            try (WebSocketHost other =
                    new WebSocketHost(WebSocketHost.service(server.url(), false, null, "1 MiB", true))) {
                other.send("!push 4 message #");
                other.send("!close 1012");
                other.awaitEnd();
                assertThat(WebSocketHost.text(other.await(null).payload())).isEqualTo("message 0");
                assertThat(WebSocketHost.texts(other.await(null, 2, null))).containsExactly("message 1", "message 2");
                assertThat(other.await(null, 1, Duration.ofSeconds(5)).outcome())
                        .isEqualTo(new Outcome.Completed(false, "a message where none was to come for 5 s"));
                assertThat(server.awaitHandshakes(1)).hasSize(1);
            }
        }
    }
}
