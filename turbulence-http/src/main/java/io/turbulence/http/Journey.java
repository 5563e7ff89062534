package io.turbulence.http;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Observation;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Lease;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step's request with what it leads to: redirects, here or to other hosts, and cookies on the way.
/// Used once.
final class Journey {

    private final HttpRequest settings;
    private final HttpConnections factory;
    private final ActionContext context;
    private final List<String> redirects = new ArrayList<>();

    Journey(HttpRequest settings, HttpConnections factory, ActionContext context) {
        this.settings = settings;
        this.factory = factory;
        this.context = context;
    }

    Observation from(Call first, HttpConnection connection) throws Exception {
        Cookies cookies = connection.site().service().cookies()
                ? context.instanceState("cookies", Cookies.class, Cookies::new)
                : null;
        Call call = first;
        Answer answer = ask(call, connection, cookies);
        HttpUrl next = next(call, answer);
        while (next != null) {
            call = call.redirected(
                    next,
                    asksAnew(call, answer),
                    !next.endpoint().equals(call.url().endpoint()));
            if (next.endpoint().equals(connection.site().endpoint())) {
                answer = ask(call, connection, cookies);
            } else {
                try (Lease<HttpConnection> lease = context.lease(factory, next.endpoint())) {
                    answer = ask(call, lease.connection(), cookies);
                }
            }
            next = next(call, answer);
        }
        return HttpAction.observation(answer, List.copyOf(redirects));
    }

    private Answer ask(Call call, HttpConnection connection, @Nullable Cookies cookies) {
        if (cookies == null) {
            return Account.exchange(connection, call, context);
        }
        call.cookies(cookies.header(call.url()));
        Answer answer = Account.exchange(connection, call, context);
        cookies.store(call.url(), answer.head().headers());
        return answer;
    }

    /// Where the answer sends us; null where it does not.
    private @Nullable HttpUrl next(Call call, Answer answer) {
        String location = answer.head().field("location");
        boolean redirect = switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
        if (!settings.followRedirects() || !redirect || location == null || answer.failure() != null) {
            return null;
        }
        HttpUrl next = resolve(call.url(), location);
        if (redirects.size() == settings.maxRedirects()) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "'" + call.url().endpoint().authority() + "' redirects to '" + next + "' after " + redirects.size()
                            + " redirects; raise max_redirects if this is no loop");
        }
        redirects.add(next.toString());
        return next;
    }

    private static HttpUrl resolve(HttpUrl from, String location) {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "'" + from.endpoint().authority() + "' redirects to a place that cannot be asked: "
                            + e.getMessage(),
                    e);
        }
    }

    /// Whether the new place is asked with GET, as browsers do after a form was posted.
    private static boolean asksAnew(Call call, Answer answer) {
        return switch (answer.status()) {
            case 303 -> true;
            case 301, 302 -> call.method().equals("POST");
            default -> false;
        };
    }
}
