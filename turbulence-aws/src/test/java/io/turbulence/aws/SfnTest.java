package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PluginTestKit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Step Functions, against a stub of its documented JSON protocol: there is no server of somebody else's to be had.
@Timeout(60)
class SfnTest {

    private static final String MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:orders";
    private static final String EXECUTION = "arn:aws:states:eu-central-1:123456789012:execution:orders:e-1";

    private static final String JOB = """
        - name: order
          type: job
          submit: { type: sfn.start, service: machines, state_machine: "%s", input: {order: 7}, extract: {execution: $.execution_arn} }
          poll: { type: sfn.describe, execution_arn: "{{execution}}", history: true, interval: 20ms }
          state: $.status
          success_states: [SUCCEEDED]
          failure_states: [FAILED, TIMED_OUT, ABORTED]
          timeout: 20s
          extract: { total: $.output.total }
        """.formatted(MACHINE);

    private final AtomicInteger polls = new AtomicInteger();
    private volatile String end = "\"status\": \"SUCCEEDED\", \"output\": \"{\\\"total\\\": 12}\"";
    private volatile String started = "";
    private Store stub;

    @BeforeEach
    void start() throws Exception {
        stub = Store.answering(this::answer);
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private void answer(HttpExchange request) throws Exception {
        String body = new String(request.getRequestBody().readAllBytes(), UTF_8);
        String operation = request.getRequestHeaders().getFirst("X-Amz-Target");
        request.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        request.getResponseHeaders().set("x-amzn-RequestId", "REQUEST-7");
        switch (operation) {
            case "AWSStepFunctions.StartExecution" -> {
                if (body.contains("nowhere")) {
                    Store.send(
                            request,
                            400,
                            "{\"__type\": \"StateMachineDoesNotExist\", \"message\": \"State Machine Does Not Exist\"}"
                                    .getBytes(UTF_8));
                } else {
                    started = body;
                    Store.send(
                            request,
                            200,
                            "{\"executionArn\": \"%s\", \"startDate\": 1795243215.3}"
                                    .formatted(EXECUTION)
                                    .getBytes(UTF_8));
                }
            }
            case "AWSStepFunctions.DescribeExecution" -> {
                String state = polls.incrementAndGet() < 3 ? "\"status\": \"RUNNING\"" : end;
                Store.send(
                        request,
                        200,
                        "{\"executionArn\": \"%s\", \"name\": \"e-1\", \"input\": \"{}\", %s}"
                                .formatted(EXECUTION, state)
                                .getBytes(UTF_8));
            }
            case "AWSStepFunctions.GetExecutionHistory" -> {
                boolean second = body.contains("nextToken");
                Store.send(
                        request,
                        200,
                        (second
                                        ? "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}]}"
                                        : "{\"nextToken\": \"n\", \"events\": [{\"id\": 3, \"type\":"
                                                + " \"ExecutionFailed\", \"executionFailedEventDetails\": {\"error\":"
                                                + " \"NoStock\", \"cause\": \"none\"}}, {\"id\": 2, \"type\":"
                                                + " \"TaskStateEntered\", \"stateEnteredEventDetails\": {\"name\":"
                                                + " \"Reserve\"}}]}")
                                .getBytes(UTF_8));
            }
            default -> Store.send(request, 500, new byte[0]);
        }
    }

    private PluginTestKit.Result run(String flow) throws Exception {
        return PluginTestKit.scenario("id: machines\nflow:\n" + flow.indent(2))
                .system("""
                    services:
                      machines:
                        protocol: aws.sfn
                        region: eu-central-1
                        endpoint: %s
                        credentials: { access_key_id: an-id, secret_access_key: a-secret }
                    """.formatted(stub.url()))
                .with(new AwsPlugin())
                .run();
    }

    @Test
    void aJobEndsWithItsOutput() throws Exception {
        PluginTestKit.Result result = run(JOB + "- { type: assert, expect: {expression: \"total == 12\"} }\n");

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(polls).hasValue(3);
        assertThat(started).contains("\"input\":\"{\\\"order\\\":7}\"");
    }

    @Test
    void aJobThatFailsTellsErrorCauseAndHistory() throws Exception {
        end = "\"status\": \"FAILED\", \"error\": \"NoStock\", \"cause\": \"{\\\"sku\\\": \\\"tea\\\"}\"";
        PluginTestKit.Result result = run(JOB);

        assertThat(result.run().exitCode()).isEqualTo(1);
        Map<String, Object> step = result.observations("order").getFirst();
        Map<?, ?> payload = (Map<?, ?>) step.get("payload");
        assertThat(payload.get("error")).isEqualTo("NoStock");
        assertThat(payload.get("cause")).isEqualTo(Map.of("sku", "tea"));
        assertThat((List<?>) payload.get("history")).hasSize(3);
        assertThat(step.get("errors"))
                .isEqualTo(
                        List.of("'%s' ended in state 'FAILED', one of its failure_states: NoStock: {\"sku\": \"tea\"}"
                                .formatted(step.get("step"))));
    }

    @Test
    void tellsOfAMachineThatIsMissing() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: start, type: sfn.start, state_machine: "arn:aws:states:eu-central-1:1:stateMachine:nowhere" }
            """);

        assertThat(result.observations("start").getFirst().get("errors"))
                .isEqualTo(List.of("the answer was StateMachineDoesNotExist: State Machine Does Not Exist"));
        Map<?, ?> facts = (Map<?, ?>) result.observations("start").getFirst().get("metadata");
        assertThat(facts.get("request_id")).isEqualTo("REQUEST-7");
        assertThat(facts.get("status_code")).isEqualTo(400);
    }

    @Nested
    class Start extends ActionTck<StartSettings, Access<SfnClient>> {

        @Override
        protected ProtocolAction<StartSettings, Access<SfnClient>> action() {
            return new StartAction(new SfnClients());
        }

        @Override
        protected Record serviceSettings() {
            return at(stub.url());
        }

        @Override
        protected Record serviceSettingsAt(Endpoint elsewhere) {
            return at(elsewhere.toString());
        }

        private static SfnService at(String url) {
            return new SfnService(
                    "eu-central-1", url, Credentials.of("an-id", "a-secret-of-the-key"), AwsService.Retries.OFF);
        }

        @Override
        protected StartSettings settings() {
            return new StartSettings(MACHINE, Map.of("order", 7), null);
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.STREAMING);
        }
    }
}
