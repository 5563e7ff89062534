package io.turbulence.http;

import io.turbulence.api.Endpoint;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;

/// One request and its answer.
final class HttpAction implements ProtocolAction<HttpRequest, HttpConnection> {

    static final String TYPE = "http";
    static final Transport TRANSPORT = Transport.of("http");

    private final HttpConnections connections;

    HttpAction(HttpConnections connections) {
        this.connections = connections;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<HttpRequest> settings() {
        return HttpRequest.class;
    }

    @Override
    public ConnectionFactory<?, HttpConnection> connection() {
        return connections;
    }

    @Override
    public void prepare(Preparation<HttpRequest> step) {
        RequestChecks.check(step);
    }

    @Override
    public Endpoint endpoint(HttpRequest settings, Endpoint ofService) {
        String path = settings.path();
        return path != null && HttpUrl.isAbsolute(path) ? HttpUrl.parse(path).endpoint() : ofService;
    }

    @Override
    public Observation execute(HttpRequest settings, HttpConnection connection, ActionContext context) {
        Call call = Calls.of(settings, connection.site(), context);
        try {
            return observation(connection.exchange(call, context));
        } catch (FailureException e) {
            return Observation.failed(TRANSPORT, Outcome.Failed.of(e));
        }
    }

    private static Observation observation(Answer answer) {
        int status = answer.status();
        Metadata metadata = answer.metadata().build();
        FailureException failure = answer.failure();
        if (failure != null) {
            Outcome.Failed failed = Outcome.Failed.of(failure);
            return new Observation(TRANSPORT, failed, metadata, Payload.empty());
        }
        return Observation.answered(TRANSPORT, status < 400, Integer.toString(status), metadata, answer.payload());
    }
}
