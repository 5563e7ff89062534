package io.turbulence.aws;

import io.turbulence.api.Observation;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import java.util.List;

/// Waits for the instance's own records among all of a stream.
final class AwaitRecordAction implements ProtocolAction<AwaitRecordSettings, Inbox> {

    private final Streams streams;

    AwaitRecordAction(Streams streams) {
        this.streams = streams;
    }

    @Override
    public String type() {
        return "kinesis.await";
    }

    @Override
    public Class<AwaitRecordSettings> settings() {
        return AwaitRecordSettings.class;
    }

    @Override
    public ConnectionFactory<?, Inbox> connection() {
        return streams;
    }

    @Override
    public void prepare(Preparation<AwaitRecordSettings> step) {
        Kinesis.check(step);
        Awaited.check(step, "stream", "record");
    }

    @Override
    public List<SubscriptionRequest> subscriptions(Preparation<AwaitRecordSettings> step) {
        boolean earliest = step.constant("from", AwaitRecordSettings.From.class)
                .filter(from -> from == AwaitRecordSettings.From.EARLIEST)
                .isPresent();
        return step.constant("stream", String.class)
                .map(SubscriptionRequest::of)
                .map(request -> earliest ? request.with(Streams.EARLIEST, true) : request)
                .map(List::of)
                .orElseGet(List::of);
    }

    @Override
    public Observation execute(AwaitRecordSettings settings, Inbox inbox, ActionContext context) throws Exception {
        return new Awaited(
                        Kinesis.TRANSPORT,
                        "'" + settings.stream() + "'",
                        "record",
                        settings.match(),
                        settings.count(),
                        settings.absentFor())
                .in(inbox, context, frame -> {});
    }
}
