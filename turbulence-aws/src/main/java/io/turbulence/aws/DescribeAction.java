package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionRequest;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.GetExecutionHistoryRequest;
import software.amazon.awssdk.services.sfn.model.GetExecutionHistoryResponse;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// Asks for the state of an execution: what a `job` polls.
final class DescribeAction implements ProtocolAction<DescribeSettings, Access<SfnClient>> {

    static final String TYPE = "sfn.describe";

    /// As many events as the service tells at a time.
    private static final int PAGE = 1000;

    private final SfnClients clients;

    DescribeAction(SfnClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<DescribeSettings> settings() {
        return DescribeSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<SfnClient>> connection() {
        return clients;
    }

    @Override
    public Observation execute(DescribeSettings settings, Access<SfnClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(DescribeSettings settings, Access<SfnClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(StartAction.TRANSPORT, "'" + settings.executionArn() + "'", context, call -> {
                DescribeExecutionResponse response = access.client()
                        .describeExecution(DescribeExecutionRequest.builder()
                                .executionArn(settings.executionArn())
                                .overrideConfiguration(call.limits())
                                .build());
                Map<String, @Nullable Object> state = state(response, context);
                if (settings.history() && response.status() != ExecutionStatus.RUNNING) {
                    state.put("history", history(settings, access.client(), call));
                }
                Metadata.Builder facts = Facts.of(response, call);
                facts.put("execution_arn", response.executionArn());
                facts.put("status", response.statusAsString());
                Facts.put(facts, "error", response.error());
                Facts.put(facts, "cause", response.cause());
                Facts.put(facts, "message", why(response));
                return Facts.good(StartAction.TRANSPORT, response, facts, Payload.document(state));
            });
        }

        /// Why it failed, for people.
        private static @Nullable String why(DescribeExecutionResponse response) {
            if (response.error() == null || response.cause() == null) {
                return response.error() == null ? response.cause() : response.error();
            }
            return response.error() + ": " + response.cause();
        }

        private static Map<String, @Nullable Object> state(DescribeExecutionResponse response, ActionContext context) {
            Map<String, @Nullable Object> state = new LinkedHashMap<>();
            state.put("status", response.statusAsString());
            put(state, "name", response.name());
            put(state, "state_machine", response.stateMachineArn());
            put(state, "start_date", S3Objects.time(response.startDate()));
            put(state, "stop_date", S3Objects.time(response.stopDate()));
            put(state, "input", tree(response.input(), context));
            put(state, "output", tree(response.output(), context));
            put(state, "error", response.error());
            put(state, "cause", tree(response.cause(), context));
            return state;
        }

        private static List<Object> history(DescribeSettings settings, SfnClient client, Call call) {
            List<Object> events = new ArrayList<>();
            String token = null;
            do {
                GetExecutionHistoryResponse page = client.getExecutionHistory(GetExecutionHistoryRequest.builder()
                        .executionArn(settings.executionArn())
                        .reverseOrder(true)
                        .maxResults(Math.min(PAGE, settings.maxEvents() - events.size()))
                        .nextToken(token)
                        .overrideConfiguration(call.limits())
                        .build());
                page.events().forEach(event -> events.add(event(event)));
                token = page.nextToken();
            } while (token != null && events.size() < settings.maxEvents());
            return List.copyOf(events);
        }

        private static Map<String, @Nullable Object> event(HistoryEvent event) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("id", event.id());
            told.put("type", event.typeAsString());
            put(told, "timestamp", S3Objects.time(event.timestamp()));
            if (event.stateEnteredEventDetails() != null) {
                put(told, "state", event.stateEnteredEventDetails().name());
            }
            if (event.stateExitedEventDetails() != null) {
                put(told, "state", event.stateExitedEventDetails().name());
            }
            if (event.taskFailedEventDetails() != null) {
                put(told, "error", event.taskFailedEventDetails().error());
                put(told, "cause", event.taskFailedEventDetails().cause());
            }
            if (event.executionFailedEventDetails() != null) {
                put(told, "error", event.executionFailedEventDetails().error());
                put(told, "cause", event.executionFailedEventDetails().cause());
            }
            return told;
        }

        /// What it says is JSON where the state machine made it, and may be any text where a task did.
        private static @Nullable Object tree(@Nullable String text, ActionContext context) {
            if (text == null) {
                return null;
            }
            try {
                return context.json().read(text);
            } catch (IllegalArgumentException e) {
                return text;
            }
        }

        private static void put(Map<String, @Nullable Object> into, String name, @Nullable Object value) {
            if (value != null) {
                into.put(name, value);
            }
        }
    }
}
