package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scenarios through the whole engine.
@Timeout(60)
class ScenarioTest {

    private JavaServer server;

    @BeforeEach
    void open() throws Exception {
        server = JavaServer.start(false);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private PluginTestKit kit(String scenario, String more) {
        return PluginTestKit.scenario(scenario)
                .system("services: { chat: { protocol: websocket, url: \"" + server.url() + "\" " + more + " } }")
                .with(new WebSocketPlugin());
    }

    @Test
    void keepsOneConversationForEachInstance() throws Exception {
        PluginTestKit.Result result = kit("""
            id: talk
            flow:
              - { name: join, type: ws.connect, service: chat, query: { user: "{{instance_id}}" }, expect: { status_code: 101 } }
              - { name: say, type: ws.send, service: chat, json: { id: "{{instance_id}}", text: hello } }
              - name: hear
                type: ws.await
                service: chat
                match: { jsonpath: "$.id", equals: "{{instance_id}}" }
                expect: { jsonpath: "$.text", equals: hello }
              - name: ask
                type: ws.exchange
                service: chat
                exchange:
                  - { send: { question: "{{instance_id}}" } }
                  - { expect: { jsonpath: "$.question", equals: "{{instance_id}}" }, timeout: 5s }
              - { name: bye, type: ws.close, service: chat, code: 1000, expect: { expression: "close_code == 1000" } }
            """, "").instances(20, 10).run();
        assertThat(result.observations())
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(result.observations("hear")).hasSize(20);
        assertThat(server.awaitHandshakes(20)).hasSize(20);
        server.awaitOpen(0);
        assertThat(server.awaitClosings(20)).hasSize(20).containsOnly("1000 by client");
    }

    @Test
    void leavesNothingOpenWhenTheInstanceEnds() throws Exception {
        PluginTestKit.Result result = kit("""
            id: talk
            flow:
              - { name: say, type: ws.send, service: chat, text: hello }
            """, "").instances(50, 25).run();
        assertThat(result.observations()).hasSize(50);
        server.awaitOpen(0);
        assertThat(server.awaitClosings(50)).hasSize(50).containsOnly("1000 by client");
    }

    @Test
    void listensInOneBranchWhileAnotherSends() throws Exception {
        PluginTestKit.Result result = kit("""
            id: talk
            flow:
              - name: both
                type: parallel
                branches:
                  - [ { name: hear, type: ws.await, service: chat, match: "payload == 'ping'", timeout: 10s } ]
                  - [ { name: wait, type: sleep, duration: 50ms }, { name: say, type: ws.send, service: chat, text: ping } ]
            """, "").run();
        assertThat(result.observations("hear").getFirst()).containsEntry("ok", true);
        assertThat(server.awaitHandshakes(1)).hasSize(1);
    }

    @Test
    void sharesSocketsAmongInstancesWhenAsked() throws Exception {
        PluginTestKit.Result result =
                kit("""
                    id: talk
                    flow:
                      - { name: say, type: ws.send, service: chat, json: { id: "{{instance_id}}", text: hello } }
                      - name: hear
                        type: ws.await
                        service: chat
                        match: { jsonpath: "$.id", equals: "{{instance_id}}" }
                        timeout: 10s
                    """, ", pool: { scope: run, max: 1 }").instances(100, 20).run();
        assertThat(result.observations())
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(server.awaitHandshakes(1)).hasSize(1);
    }

    @Test
    void givesEachInstanceEveryMessageOfASharedSocket() throws Exception {
        PluginTestKit.Result result =
                kit("""
                    id: talk
                    flow:
                      - { name: say, type: ws.send, service: chat, text: "go" }
                      - { name: hear, type: ws.await, service: chat, match: "payload == 'go'", count: 20, timeout: 20s }
                    """, ", pool: { scope: run, max: 1 }").instances(20, 20).run();
        assertThat(result.observations("hear"))
                .hasSize(20)
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
    }

    @Test
    void givesEachInstanceWhatComesByAnySharedSocket() throws Exception {
        PluginTestKit.Result result = kit("""
            id: talk
            flow:
              - { name: say, type: ws.send, service: chat, json: { id: "{{instance_id}}", text: hello } }
              - name: hear
                type: ws.await
                service: chat
                match: { jsonpath: "$.id", equals: "{{instance_id}}" }
                timeout: 10s
              - { name: once, type: ws.await, service: chat, match: { jsonpath: "$.id", equals: "{{instance_id}}" }, absent_for: 50ms }
            """, ", pool: { scope: run, max: 3, min: 3 }")
                .instances(60, 20)
                .run();
        assertThat(result.observations())
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(server.awaitHandshakes(3)).hasSize(3);
    }

    @Test
    void endsTheWaitsOfASharedSocketThatIsLost() throws Exception {
        PluginTestKit.Result result =
                kit("""
                    id: talk
                    flow:
                      - name: both
                        type: parallel
                        branches:
                          - [ { name: hear, type: ws.await, service: chat, match: { jsonpath: $.id, equals: 1 }, timeout: 60s } ]
                          # Ends one connection after the other until 'hear' was waiting
                          - - name: end_it
                              type: loop
                              times: 100
                              do:
                                - { name: wait, type: sleep, duration: 200ms }
                                - { name: say, type: ws.send, service: chat, text: "!close 1012", on_failure: continue }
                    """, ", pool: { scope: run, max: 1 }").instances(1, 1).run();
        assertThat(result.observations("hear").getFirst().get("errors").toString())
                .contains("the server closed the connection with 1012");
    }

    @Test
    void aStepThatLooksForWhatWasDroppedKnowsOfNoAbsence() throws Exception {
        PluginTestKit.Result result = kit("""
            id: flood
            flow:
              - { name: ask, type: ws.send, service: chat, text: '!push 10100 {"n":#}' }
              - { name: last, type: ws.await, service: chat, match: { jsonpath: $.n, equals: 10099 }, timeout: 20s }
              - { name: absent, type: ws.await, service: chat, match: "payload.n == -1", absent_for: 50ms }
            """, "").run();
        assertThat(result.observations("absent").getFirst().get("errors").toString())
                .contains("nobody knows whether a message that meets payload.n == -1 came: ")
                .contains(" were dropped because the buffer was full, before this step looked at them");
    }

    @Test
    void anEmptyTextIsATextAndASecondCloseIsNone() throws Exception {
        PluginTestKit.Result result = kit("""
            id: quiet
            flow:
              - { name: say, type: ws.send, service: chat, text: "" }
              - { name: hear, type: ws.await, service: chat, timeout: 10s, expect: { expression: "payload == ''" } }
              - { name: bye, type: ws.close, service: chat, code: 4321 }
              - { name: again, type: ws.close, service: chat }
            """, "").run();
        assertThat(result.observations())
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(result.observations("again").getFirst()).containsEntry("status", "NOT_OPEN");
    }

    @Test
    void opensAnotherSharedSocketWhenOneWasLost() throws Exception {
        PluginTestKit.Result result =
                kit("""
                    id: talk
                    flow:
                      - { name: say, type: ws.send, service: chat, text: "!close 1012" }
                      - { name: wait, type: sleep, duration: 700ms }
                    """, ", pool: { scope: run, max: 1 }").instances(2, 1).run();
        assertThat(result.observations("say"))
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(server.awaitHandshakes(2)).hasSize(2);
    }

    @Test
    void failsTheStepThatMetARefusal() throws Exception {
        try (io.turbulence.testkit.LocalServer refusing = io.turbulence.testkit.LocalServer.start(socket -> {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream()
                    .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\nContent-Type: text/plain\r\n\r\nno ticket"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        })) {
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: talk
                flow: [ { name: say, type: ws.send, service: chat, text: hello } ]
                """)
                    .system("services: { chat: { protocol: websocket, url: \"ws://127.0.0.1:" + refusing.port()
                            + "/\" } }")
                    .with(new WebSocketPlugin())
                    .run();
            Map<String, Object> step = result.observations().getFirst();
            assertThat(step).containsEntry("ok", false).containsEntry("payload", "no ticket");
            assertThat((Map<?, ?>) step.get("metadata"))
                    .extracting("status_code")
                    .isEqualTo(401);
            assertThat((List<?>) step.get("errors")).hasSize(1);
        }
    }
}
