package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.Map;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;

/// Starts an execution of a state machine, and does not wait for its end.
final class StartAction implements ProtocolAction<StartSettings, Access<SfnClient>> {

    static final Transport TRANSPORT = Transport.of("sfn");

    private final SfnClients clients;

    StartAction(SfnClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "sfn.start";
    }

    @Override
    public Class<StartSettings> settings() {
        return StartSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<SfnClient>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<StartSettings> step) {
        step.constant("state_machine", String.class)
                .filter(arn -> !arn.startsWith("arn:"))
                .ifPresent(arn -> step.problems()
                        .error(
                                "state_machine",
                                "'" + arn + "'",
                                "an ARN such as 'arn:aws:states:eu-central-1:123456789012:stateMachine:orders'",
                                null));
    }

    @Override
    public Observation execute(StartSettings settings, Access<SfnClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(StartSettings settings, Access<SfnClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(TRANSPORT, "'" + settings.stateMachine() + "'", context, call -> {
                StartExecutionResponse response = access.client()
                        .startExecution(StartExecutionRequest.builder()
                                .stateMachineArn(settings.stateMachine())
                                .name(settings.executionName())
                                .input(settings.input() == null ? "{}" : input(settings.input(), context))
                                .overrideConfiguration(call.limits())
                                .build());
                Metadata.Builder facts = Facts.of(response, call);
                facts.put("state_machine", settings.stateMachine());
                facts.put("execution_arn", response.executionArn());
                Facts.put(facts, "start_date", S3Objects.time(response.startDate()));
                return Facts.good(
                        TRANSPORT, response, facts, Payload.document(Map.of("execution_arn", response.executionArn())));
            });
        }

        /// A text is JSON already, as a file or another step gave it.
        private static String input(Object input, ActionContext context) {
            return input instanceof String text ? text : context.json().writeText(input);
        }
    }
}
