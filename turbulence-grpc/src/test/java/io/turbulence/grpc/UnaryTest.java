package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Calls with one message each way, described by the server itself.
class UnaryTest {

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void callsAMethodThatReflectionDescribes() throws Exception {
        Map<String, Object> step = run("""
            id: unary
            flow:
              - name: call
                type: grpc
                service: api
                method: grpc.testing.TestService/UnaryCall
                message: { response_size: 3, payload: { body: aGVsbG8= } }
                extract: { body: "$.payload.body" }
            """);
        assertThat(step.get("ok")).isEqualTo(true);
        assertThat(step.get("extracted").toString()).startsWith("{body=");
        assertThat(Steps.metadata(step))
                .containsEntry("status_code", 0)
                .containsEntry("status", "OK")
                .containsEntry("method", "grpc.testing.TestService/UnaryCall")
                .containsEntry("peer", "127.0.0.1:" + server.port());
    }

    @Test
    void tellsAStatusThatIsNotOk() throws Exception {
        Map<String, Object> step = run("""
            id: unary
            flow:
              - name: call
                type: grpc
                service: api
                method: grpc.testing.TestService/UnaryCall
                message: { response_status: { code: 5, message: no such order } }
            """);
        assertThat(step.get("ok")).isEqualTo(false);
        assertThat(step.get("failure")).isNull();
        assertThat(Steps.metadata(step))
                .containsEntry("status_code", 5)
                .containsEntry("status", "NOT_FOUND")
                .containsEntry("message", "no such order");
    }

    @Test
    void passesAStepWhoseFailureIsExpectedByName() throws Exception {
        Map<String, Object> step = run("""
            id: unary
            flow:
              - name: call
                type: grpc
                service: api
                method: grpc.testing.TestService/UnaryCall
                message: { response_status: { code: 5, message: no such order } }
                expect: { status_code: NOT_FOUND }
            """);
        assertThat(step.get("ok")).isEqualTo(true);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(String scenario) throws Exception {
        PluginTestKit.Result result = PluginTestKit.scenario(scenario)
                .system(server.system())
                .with(new GrpcPlugin())
                .run();
        return (Map<String, Object>)
                (Map<String, ?>) result.observations("call").getFirst();
    }
}
