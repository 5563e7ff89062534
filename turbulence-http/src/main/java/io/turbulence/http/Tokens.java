package io.turbulence.http;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The token of one kind of client credentials (RFC 6749 §4.4), shared by all instances of the run.
/// One of them fetches it, the others wait. Thread-safe.
final class Tokens {

    /// A token with less left is renewed.
    private static final long MARGIN = Duration.ofSeconds(10).toNanos();

    private static final DataSize LONGEST_ANSWER = DataSize.parse("1 MiB");

    /// Held while a token is fetched, so that only one is.
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable String token;
    private volatile long end;

    /// A new token that was refused like the one before it: it is not the token that is at fault.
    private volatile @Nullable String inVain;

    static Tokens of(Auth.OAuth2 credentials, ActionContext context) {
        String key = String.join(
                " ",
                "oauth2",
                credentials.tokenUrl(),
                credentials.clientId(),
                String.valueOf(credentials.scope()),
                String.valueOf(credentials.audience()));
        return context.runState(key, Tokens.class, Tokens::new);
    }

    /// Forgets a token that was refused, so that the next one who asks fetches another.
    ///
    /// @return whether asking for another is worth a try
    boolean drop(String refused) {
        lock.lock();
        try {
            if (refused.equals(inVain)) {
                return false;
            }
            if (refused.equals(token)) {
                token = null;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes note that a new token was refused as well.
    void refused(String renewed) {
        inVain = renewed;
    }

    /// The token for these credentials.
    ///
    /// @param held the connection that the step holds; used when the token is given out at the same place
    String current(Auth.OAuth2 credentials, HttpConnections factory, HttpConnection held, ActionContext context)
            throws Exception {
        String valid = valid();
        if (valid != null) {
            return valid;
        }
        Deadline deadline = context.deadline();
        if (!lock.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    "no token came from '" + credentials.tokenUrl() + "' within the " + deadline.limit()
                            + "; another instance is fetching it");
        }
        try {
            String fetched = valid();
            return fetched == null ? fetch(credentials, factory, held, context) : fetched;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String valid() {
        String known = token;
        return known != null && end - System.nanoTime() > 0 ? known : null;
    }

    private String fetch(Auth.OAuth2 credentials, HttpConnections factory, HttpConnection held, ActionContext context)
            throws Exception {
        HttpUrl url = HttpUrl.isAbsolute(credentials.tokenUrl())
                ? HttpUrl.parse(credentials.tokenUrl())
                : new HttpUrl(held.site().endpoint(), held.site().basePath() + credentials.tokenUrl());
        Call call = request(url, credentials);
        if (url.endpoint().equals(held.site().endpoint())) {
            return take(url, Account.exchange(held, call, context), context);
        }
        try (Lease<HttpConnection> lease = context.lease(factory, url.endpoint())) {
            return take(url, Account.exchange(lease.connection(), call, context), context);
        }
    }

    private static Call request(HttpUrl url, Auth.OAuth2 credentials) {
        String scope = credentials.scope();
        String audience = credentials.audience();
        String form = "grant_type=client_credentials"
                + (scope == null ? "" : "&scope=" + Percent.encodeFormField(scope))
                + (audience == null ? "" : "&audience=" + Percent.encodeFormField(audience));
        RequestBody body =
                new RequestBody.Bytes(form.getBytes(StandardCharsets.US_ASCII), "application/x-www-form-urlencoded");
        Call call = new Call("POST", url, body, LONGEST_ANSWER, false);
        call.field("Content-Type", "application/x-www-form-urlencoded");
        call.field("Accept", "application/json");
        // Encoded before they are joined, as RFC 6749 §2.3.1 has it
        call.field(
                "Authorization",
                Site.basic(
                        Percent.encodeFormField(credentials.clientId()),
                        Percent.encodeFormField(credentials.clientSecret())));
        return call;
    }

    private String take(HttpUrl url, Answer answer, ActionContext context) {
        if (answer.failure() != null) {
            throw answer.failure();
        }
        Map<?, ?> tree = answer.status() == 200 ? tree(answer.payload(), context) : Map.of();
        if (!(tree.get("access_token") instanceof String given)) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "no token came from '" + url + "': it answered " + answer.status()
                            + (answer.status() == 200 ? " without an 'access_token'" : ""));
        }
        long lifetime = tree.get("expires_in") instanceof Number seconds
                ? TimeUnit.SECONDS.toNanos(seconds.longValue()) - MARGIN
                : TimeUnit.DAYS.toNanos(365);
        end = System.nanoTime() + lifetime;
        token = given;
        return given;
    }

    private static Map<?, ?> tree(Payload payload, ActionContext context) {
        try {
            boolean map = payload instanceof Payload.Bytes;
            Object tree = map ? context.json().read(((Payload.Bytes) payload).content()) : null;
            return tree instanceof Map<?, ?> members ? members : Map.of();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }
}
