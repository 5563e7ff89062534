package io.turbulence.grpc;

import static io.turbulence.grpc.Steps.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Calls that stream, to their end or as far as the step wants them.
class StreamsTest {

    private TestProtos protos;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        protos = new TestProtos("kinds.proto");
        server = TestServer.with(builder -> {}, protos.service("kinds.Kinds"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Map<String, Object> run(String settings) throws Exception {
        return Steps.run(
                "services: { api: { protocol: grpc, target: \"127.0.0.1:%d\", proto: \"%s\" } }"
                        .formatted(server.port(), TestProtos.file("kinds.proto")),
                settings);
    }

    @Test
    void observesEveryMessageOfAServersStream() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Count
            message: { value: 3 }
            """);
        assertThat(step).containsEntry("ok", true).containsEntry("payload", Map.of("value", 2));
        assertThat(step.get("payloads").toString()).contains("payload={value=0}", "payload={value=1}");
        assertThat(metadata(step))
                .containsEntry("messages", 3)
                .containsEntry("status", "OK")
                .containsKeys("first_message_ms", "mean_gap_ms", "max_gap_ms", "headers", "trailers");
    }

    @Test
    void cancelsAnEndlessStreamAfterEnoughMessages() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Forever
            max_messages: 5
            """);
        assertThat(step).containsEntry("ok", true).containsEntry("payload", Map.of("value", 4));
        assertThat(protos.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelsAnEndlessStreamAfterTheMessageThatWasWanted() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Forever
            until: "payload.value == 7"
            expect: { status_code: OK }
            """);
        assertThat(step).containsEntry("ok", true);
        assertThat(metadata(step)).containsEntry("messages", 8);
        assertThat(protos.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void failsWhenTheStreamEndsBeforeTheMessageThatWasWanted() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Count
            message: { value: 3 }
            until: { jsonpath: $.value, equals: 7 }
            """);
        assertThat(step).containsEntry("ok", false).containsEntry("failure", "CLOSED");
        assertThat(step.get("errors").toString())
                .contains("the stream ended before 'until' held; 3 messages had come; of the last: ")
                .contains("$.value");
        assertThat(metadata(step)).containsEntry("status", "OK").containsEntry("messages", 3);
    }

    @Test
    void failsWhenItCouldBeToldOfNoMessageWhetherItWasWanted() throws Exception {
        Map<String, Object> ended = run("""
            method: kinds.Kinds/Count
            message: { value: 3 }
            until: "payload.valeu == 2"
            """);
        assertThat(ended).containsEntry("ok", false).containsEntry("failure", "CLOSED");
        assertThat(ended.get("errors").toString())
                .contains("before 'until' held; 3 messages had come; of the last: ")
                .contains("valeu");
        Map<String, Object> bounded = run("""
            method: kinds.Kinds/Forever
            until: "payload.valeu == 2"
            max_messages: 5
            """);
        assertThat(bounded).containsEntry("ok", false).containsEntry("failure", "PROTOCOL");
        assertThat(bounded.get("errors").toString())
                .contains("'until' could not be evaluated on any message; 5 messages had come; of the last: ");
        assertThat(run("""
            method: kinds.Kinds/Forever
            until: payload.value == -1
            max_messages: 5
            """)).containsEntry("ok", true);
    }

    @Test
    void tellsNoStatusOfAStreamThatItsTimeoutCut() throws Exception {
        try (TestServer slow = TestServer.start()) {
            Map<String, Object> step = Steps.run(slow.system(), """
                method: grpc.testing.TestService/StreamingOutputCall
                message: { response_parameters: [ { size: 1 }, { size: 1, interval_us: 60000000 } ] }
                until: { jsonpath: $.payload.body, equals: x }
                timeout: 3s
                """);
            assertThat(step).containsEntry("ok", false).containsEntry("failure", "TIMEOUT");
            assertThat(step.get("errors").toString())
                    .contains("the stream had not ended when the timeout of 3 s ")
                    .contains("'until' had not held; 1 message had come; of the last: ");
            assertThat(metadata(step))
                    .doesNotContainKeys("status", "status_code")
                    .containsEntry("messages", 1);
        }
    }

    @Test
    void asksAServersStreamWithItsOneMessageInAConversation() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Count
            exchange: [ { send: { value: 3 } }, { expect: "payload.value == 2", timeout: 20s }, close ]
            """);
        assertThat(step).containsEntry("ok", true).containsEntry("payload", Map.of("value", 2));
    }

    @Test
    void saysWhatCameInsteadOfWhatWasExpected() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Chat
            exchange: [ { send: { value: 1 } }, { send: { value: 3 } }, { expect: "payload.value == 3" }, { expect: "payload.value == 2", timeout: 2s } ]
            """);
        assertThat(step).containsEntry("ok", false).containsEntry("failure", "TIMEOUT");
        assertThat(step.get("errors").toString())
                .contains(
                        "exchange[3]: no message for which payload.value == 2 holds came within the timeout of 2000 ms;"
                                + " 1 other message came; of the last, ");
    }

    @Test
    void endsAQuietStreamWell() throws Exception {
        try (TestServer slow = TestServer.start()) {
            Map<String, Object> quiet = Steps.run(slow.system(), """
                method: grpc.testing.TestService/StreamingOutputCall
                message: { response_parameters: [ { size: 1 }, { size: 1, interval_us: 60000000 } ] }
                idle_timeout: 3s
                """);
            assertThat(quiet).containsEntry("ok", true);
            assertThat(metadata(quiet)).containsEntry("messages", 1);
        }
    }

    @Test
    void sumsAClientsStream() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Sum
            messages: [ { value: 1 }, { value: 2 }, { value: "{{instance + 3}}" } ]
            """);
        assertThat(step).containsEntry("payload", Map.of("value", 6));
    }

    @Test
    void sendsWhileAnswersCome() throws Exception {
        String messages =
                IntStream.range(0, 20_000).mapToObj(i -> "{value: " + i + "}").collect(Collectors.joining(","));
        Map<String, Object> step = run("method: kinds.Kinds/Chat\nmessages: [" + messages + "]\n");
        assertThat(step).containsEntry("ok", true).containsEntry("payload", Map.of("value", 19_999));
        assertThat(metadata(step)).containsEntry("messages", 40_000);
        assertThat((List<?>) step.get("payloads")).hasSize(1000);
    }

    @Test
    void conversesInTurn() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Chat
            exchange:
              - { send: { value: 1 } }
              - { expect: { jsonpath: "$.value", equals: 1 } }
              - { send: { value: 2 } }
              - { expect: { jsonpath: "$.value", equals: 2 }, timeout: 20s }
              - close
            """);
        assertThat(step).containsEntry("ok", true);
        assertThat(metadata(step)).containsEntry("messages", 4).containsEntry("status", "OK");
    }

    @Test
    void saysThatTheServerEndedAConversationTooSoon() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Count
            exchange: [ { send: { value: 2 } }, close, { expect: "payload.value == 9" } ]
            """);
        assertThat(step).containsEntry("failure", "CLOSED");
        assertThat(step.get("errors").toString())
                .contains("exchange[2]: no message for which payload.value == 9 holds came before the server ended the"
                        + " call with OK; 2 other messages came; of the last, ");
    }

    @Test
    void holdsTheServerBackWhileNobodyTakesItsMessages() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Forever
            until: "payload.value == 100"
            """);
        assertThat(step).containsEntry("ok", true);
        assertThat(protos.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        // What fits into the windows of the connection, and no more
        assertThat(protos.sent.get()).isLessThan(200_000);
    }

    @Test
    @Tag("stress")
    void keepsNoMoreOfTenMillionMessagesThanItsWindow() throws Exception {
        Map<String, Object> step = run("""
            method: kinds.Kinds/Count
            message: { value: 10000000 }
            timeout: 600s
            """);
        assertThat(step).containsEntry("ok", true).containsEntry("payload", Map.of("value", 9_999_999));
        assertThat(metadata(step)).containsEntry("messages", 10_000_000);
        assertThat((List<?>) step.get("payloads")).hasSize(1000);
    }
}
