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
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        return endpoint(settings.path(), ofService);
    }

    /// Where a path leads that may be a whole URL.
    static Endpoint endpoint(@Nullable String path, Endpoint ofService) {
        return path != null && HttpUrl.isAbsolute(path) ? HttpUrl.parse(path).endpoint() : ofService;
    }

    @Override
    public Observation execute(HttpRequest settings, HttpConnection connection, ActionContext context)
            throws Exception {
        try {
            Call call = call(settings, connection, context);
            Observation observation = ask(call, settings, connection, context);
            if (!isUnauthorized(observation) || !Authorization.isRenewed(call, settings.auth(), context)) {
                return observation;
            }
            Call again = call(settings, connection, context);
            Observation second = ask(again, settings, connection, context);
            if (isUnauthorized(second)) {
                Authorization.refusedAgain(again, settings.auth(), context);
            }
            return second;
        } catch (FailureException e) {
            return Observation.failed(TRANSPORT, Outcome.Failed.of(e));
        }
    }

    private Call call(HttpRequest settings, HttpConnection connection, ActionContext context) throws Exception {
        Call call = Calls.of(settings, connection.site(), context);
        Authorization.add(call, settings.auth(), connections, connection, context);
        return call;
    }

    private Observation ask(Call call, HttpRequest settings, HttpConnection connection, ActionContext context)
            throws Exception {
        boolean simple =
                !settings.followRedirects() && !connection.site().service().cookies();
        return simple
                ? observation(Account.exchange(connection, call, context), List.of())
                : new Journey(settings, connections, context).from(call, connection);
    }

    /// Whether the place that was asked wants other credentials; where a redirect led is another matter.
    private static boolean isUnauthorized(Observation observation) {
        return observation.outcome() instanceof Outcome.Completed completed
                && completed.status().equals("401")
                && !observation.metadata().has("redirects");
    }

    /// @param redirects the URLs that were asked after the first
    static Observation observation(Answer answer, List<String> redirects) {
        int status = answer.status();
        Metadata.Builder facts = answer.metadata();
        if (!redirects.isEmpty()) {
            facts.put("url", redirects.getLast()).put("redirects", redirects);
        }
        FailureException failure = answer.failure();
        if (failure != null) {
            return new Observation(TRANSPORT, Outcome.Failed.of(failure), facts.build(), Payload.empty());
        }
        return Observation.answered(TRANSPORT, status < 400, Integer.toString(status), facts.build(), answer.payload());
    }
}
