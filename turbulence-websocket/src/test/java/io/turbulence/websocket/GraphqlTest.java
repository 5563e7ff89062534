package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.SimpleJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.java_websocket.WebSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Subscriptions over `graphql-transport-ws`.
@Timeout(60)
class GraphqlTest {

    private static GraphqlServer server;

    @BeforeAll
    static void open() throws Exception {
        server = new GraphqlServer();
        server.begin();
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    /// Counts as far as the document says: `count 5`, `forever`, `fail`, `partly`.
    private static final class GraphqlServer extends JavaServer {

        private final List<Object> introductions = new CopyOnWriteArrayList<>();
        private final List<String> completed = new CopyOnWriteArrayList<>();

        GraphqlServer() {
            super(false, GraphqlClient.SUBPROTOCOL);
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            if (!(new SimpleJson().read(text) instanceof Map<?, ?> message)) {
                socket.close(4400, "no object");
                return;
            }
            switch (String.valueOf(message.get("type"))) {
                case "connection_init" -> {
                    introductions.add(String.valueOf(message.get("payload")));
                    if (text.contains("stranger")) {
                        socket.close(4403, "Forbidden");
                    } else {
                        socket.send("{\"type\":\"ping\"}");
                    }
                }
                case "pong" -> socket.send("{\"type\":\"connection_ack\"}");
                case "subscribe" -> subscribed(socket, message, text);
                case "complete" -> completed.add(String.valueOf(message.get("id")));
                default -> socket.close(4400, "unknown type");
            }
        }

        private static void subscribed(WebSocket socket, Map<?, ?> message, String text) {
            Object id = message.get("id");
            if (text.contains("fail")) {
                socket.send("{\"id\":\"" + id + "\",\"type\":\"error\",\"payload\":[{\"message\":\"no such order\","
                        + "\"extensions\":{\"code\":\"NOT_FOUND\"}}]}");
                return;
            }
            for (int i = 1; i <= 5; i++) {
                socket.send("{\"id\":\"" + id + "\",\"type\":\"next\",\"payload\":{\"data\":{\"n\":" + i + "}"
                        + (text.contains("partly") && i == 5 ? ",\"errors\":[{\"message\":\"stale\"}]" : "") + "}}");
            }
            if (!text.contains("forever")) {
                socket.send("{\"id\":\"" + id + "\",\"type\":\"complete\"}");
            }
        }
    }

    private static PluginTestKit.Result run(String flow) throws Exception {
        return PluginTestKit.scenario("id: talk\nflow:\n" + flow.indent(2))
                .system("services: { api: { protocol: websocket, url: \"" + server.url() + "\" } }")
                .with(new WebSocketPlugin())
                .run();
    }

    @Test
    void streamsToTheServersEnd() throws Exception {
        PluginTestKit.Result result = run("""
            - name: count
              type: graphql.subscribe
              service: api
              query: "subscription { count }"
              connection: { token: t }
              expect: { expression: "payload.data.n == 5" }
            - { name: again, type: graphql.subscribe, service: api, query: "subscription { count }" }
            """);
        assertThat(result.observations())
                .allSatisfy(step -> assertThat(step).as(step.toString()).containsEntry("ok", true));
        assertThat(result.observations("count").getFirst().get("payloads"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(5);
        assertThat(server.introductions).contains("{token=t}");
    }

    @Test
    void endsWithTheFirstMessageThatIsMeant() throws Exception {
        PluginTestKit.Result result = run("""
            - name: count
              type: graphql.subscribe
              service: api
              query: "subscription { forever }"
              until: "payload.data.n == 3"
              expect: { expression: "payload.data.n == 3" }
            """);
        assertThat(result.observations().getFirst()).containsEntry("ok", true);
        server.awaitOpen(0);
        assertThat(server.completed).contains("1");
    }

    @Test
    void tellsErrors() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: wrong, type: graphql.subscribe, service: api, query: "subscription { fail }" }
            """);
        Map<String, ?> step = result.observations().getFirst();
        assertThat(step.get("ok")).isEqualTo(false);
        assertThat(step.get("status")).isEqualTo("NOT_FOUND");
        assertThat(String.valueOf(step.get("metadata"))).contains("graphql_errors=[no such order]");
        Map<String, ?> partly = run("""
            - { name: wrong, type: graphql.subscribe, service: api, query: "subscription { partly }" }
            """).observations().getFirst();
        assertThat(partly.get("ok")).isEqualTo(false);
        assertThat(partly.get("status")).isEqualTo("GRAPHQL_ERROR");
    }

    @Test
    void tellsThatTheServerDidNotWantUs() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: wrong, type: graphql.subscribe, service: api, query: "subscription { count }", connection: { i_am: stranger } }
            """);
        assertThat(result.observations().getFirst().get("errors"))
                .isEqualTo(List.of("'ws://127.0.0.1:" + server.getPort()
                        + "/chat': the server closed the connection with 4403: 'Forbidden', before it acknowledged"
                        + " 'connection_init'"));
    }

    @Test
    void failsWhereAnotherSubprotocolIsSpoken() throws Exception {
        try (JavaServer plain = JavaServer.start(false)) {
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: talk
                flow: [ { name: wrong, type: graphql.subscribe, service: api, query: "subscription { count }" } ]
                """)
                    .system("services: { api: { protocol: websocket, url: \"" + plain.url() + "\" } }")
                    .with(new WebSocketPlugin())
                    .run();
            assertThat(result.observations().getFirst().get("errors"))
                    .isEqualTo(List.of("'ws://127.0.0.1:" + plain.getPort()
                            + "/chat' did not choose the subprotocol 'graphql-transport-ws', so that nothing can be"
                            + " subscribed to"));
        }
    }

    /// The kit needs an action that is answered without a stream too, which this one never is.
    @Nested
    class Streams extends ActionTck<SubscribeSettings, Session> {

        @Override
        protected ProtocolAction<SubscribeSettings, Session> action() {
            return new ProtocolAction<>() {

                private final SubscribeAction action = new SubscribeAction(WebSocketHost.SOCKETS);

                @Override
                public String type() {
                    return action.type();
                }

                @Override
                public Class<SubscribeSettings> settings() {
                    return action.settings();
                }

                @Override
                public ConnectionFactory<?, Session> connection() {
                    return action.connection();
                }

                @Override
                public io.turbulence.api.Observation execute(
                        SubscribeSettings settings, Session session, io.turbulence.spi.ActionContext context)
                        throws Exception {
                    io.turbulence.api.Observation observation = action.execute(settings, session, context);
                    return settings.query().contains("streamed") ? observation : drained(observation, context);
                }
            };
        }

        /// As the host does.
        private io.turbulence.api.Observation drained(
                io.turbulence.api.Observation observation, io.turbulence.spi.ActionContext context) throws Exception {
            if (!(observation.payload() instanceof io.turbulence.api.Payload.Stream stream)) {
                return observation;
            }
            try (io.turbulence.api.PayloadStream frames = stream.stream()) {
                io.turbulence.api.Payload last = io.turbulence.api.Payload.empty();
                for (io.turbulence.api.Frame frame = frames.next(context.deadline());
                        frame != null;
                        frame = frames.next(context.deadline())) {
                    last = frame.payload();
                }
                return observation.withPayload(last);
            } catch (java.util.concurrent.TimeoutException e) {
                return io.turbulence.api.Observation.failed(
                        WebSocketPlugin.TRANSPORT,
                        io.turbulence.api.Failure.TIMEOUT,
                        String.valueOf(e.getMessage()),
                        e);
            }
        }

        @Override
        protected WebSocketService serviceSettings() {
            return WebSocketHost.service(server.url());
        }

        @Override
        protected SubscribeSettings settings() {
            return subscription("subscription { count }");
        }

        @Override
        protected SubscribeSettings streamingSettings() {
            return subscription("subscription { count } # streamed");
        }

        private static SubscribeSettings subscription(String query) {
            return new SubscribeSettings(query, Map.of(), null, null, null, 0, null, Map.of());
        }
    }
}
