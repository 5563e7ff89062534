package io.turbulence.http;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ActionContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A connection to one place, whatever version of HTTP it speaks. It is what a lease of a registry without scenarios
/// lends; steps use it through their actions.
///
/// Whether it takes one exchange at a time or many is the registry's business: a holder of a lease may call it. What
/// it is told is thread-safe as far as its lease is shared.
public abstract sealed class HttpConnection permits Http1Connection, Http2Connection {

    private static final DataSize LONGEST_BODY = DataSize.parse("64 MiB");

    HttpConnection() {}

    /// Sends a request of the service and reads its answer whole. Header fields and credentials of the service go
    /// with it; redirects are not followed and cookies not kept.
    ///
    /// @param path    below the service's `base_url`, with or without a query
    /// @param headers over those of the service
    /// @param body    null for none
    /// @return the answer; or, when there was none, why. Then give the lease back with
    ///         [io.turbulence.spi.Lease#invalidate]
    public final Observation send(
            String method, String path, Map<String, String> headers, byte @Nullable [] body, Deadline deadline) {
        HttpService service = site().service();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(service.headers());
        headers.forEach((name, value) -> {
            fields.keySet().removeIf(name::equalsIgnoreCase);
            fields.put(name, value);
        });
        HttpRequest request = new HttpRequest(
                requireNonNull(method, "method"),
                requireNonNull(path, "path"),
                Map.of(),
                fields,
                null,
                body,
                null,
                null,
                false,
                1,
                LONGEST_BODY,
                service.auth(),
                false);
        ActionContext context = new StandaloneContext(site().name(), deadline);
        try {
            Call call = Calls.of(request, site(), context);
            authorize(call, service.auth());
            return HttpAction.observation(exchange(call, context), List.of());
        } catch (FailureException e) {
            return Observation.failed(HttpAction.TRANSPORT, Outcome.Failed.of(e));
        }
    }

    /// Asks for a path of the service.
    public final Observation get(String path, Deadline deadline) {
        return send("GET", path, Map.of(), null, deadline);
    }

    private static void authorize(Call call, @Nullable Auth auth) {
        if (auth != null && auth.oauth2() != null) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "a token of 'auth.oauth2' is fetched for steps only; give 'Authorization' instead");
        }
        Authorization.addKnown(call, auth);
    }

    abstract Site site();

    /// How many may hold it at once.
    abstract int capacity();

    /// Sends a request and reads its answer whole.
    ///
    /// @throws io.turbulence.api.FailureException when there is no answer
    abstract Answer exchange(Call call, ActionContext context);

    /// Sends a request and reads the head of its answer; the body is read as it comes, and the connection
    /// is held until it is closed.
    ///
    /// @throws io.turbulence.api.FailureException when there is no answer
    abstract AnswerStream stream(Call call, ActionContext context);

    abstract boolean isAlive();

    /// Makes it ready for its next holder.
    abstract void reset() throws ConnectionSpent;

    abstract void close();
}
