package io.turbulence.http;

import io.turbulence.api.DataSize;
import io.turbulence.spi.SecretWords;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One request as it will be sent, whatever the version. Not thread-safe.
final class Call {

    private final String method;
    private final HttpUrl url;
    private final RequestBody body;
    private final DataSize maxBody;
    private final boolean discard;
    private String[] fields = new String[24];
    private int fieldsEnd;
    private boolean hostGiven;
    private boolean authorized;
    private @Nullable String token;
    private int cookieField = -1;
    private boolean cookieGiven;
    private boolean closes;
    private boolean waitsForContinue;

    Call(String method, HttpUrl url, RequestBody body, DataSize maxBody, boolean discard) {
        this.method = method;
        this.url = url;
        this.body = body;
        this.maxBody = maxBody;
        this.discard = discard;
    }

    String method() {
        return method;
    }

    HttpUrl url() {
        return url;
    }

    String target() {
        return url.target();
    }

    RequestBody body() {
        return body;
    }

    /// The longest body of an answer that is kept.
    DataSize maxBody() {
        return maxBody;
    }

    /// Whether the answer's body is counted but not kept.
    boolean discard() {
        return discard;
    }

    /// Adds a field. What the framing of a version needs (`Content-Length`, …) is not given here.
    void field(String name, String value) {
        if (fieldsEnd == fields.length) {
            fields = Arrays.copyOf(fields, fieldsEnd * 2);
        }
        fields[fieldsEnd] = name;
        fields[fieldsEnd + 1] = value;
        fieldsEnd += 2;
        note(name, value);
    }

    private void note(String name, String value) {
        switch (name.length()) {
            case 4 -> hostGiven |= name.equalsIgnoreCase("host");
            case 6 -> {
                cookieGiven |= name.equalsIgnoreCase("cookie");
                waitsForContinue |=
                        name.equalsIgnoreCase("expect") && value.equalsIgnoreCase("100-continue") && body.length() != 0;
            }
            case 13 -> authorized |= name.equalsIgnoreCase("authorization");
            case 10 -> closes |= name.equalsIgnoreCase("connection") && value.equalsIgnoreCase("close");
            default -> {}
        }
    }

    /// Adds the cookies that are kept for this URL, where the user gave none.
    void cookies(String value) {
        if (!cookieGiven && !value.isEmpty()) {
            cookieField = fieldsEnd;
            field("Cookie", value);
        }
    }

    /// The request that follows from a redirect (RFC 9110 §15.4).
    ///
    /// @param toGet     whether it asks for the new place instead of sending there what was sent here
    /// @param elsewhere whether it leads to another host, which must not learn our credentials
    Call redirected(HttpUrl next, boolean toGet, boolean elsewhere) {
        String nextMethod = toGet && !method.equals("HEAD") ? "GET" : method;
        Call call = new Call(nextMethod, next, toGet ? RequestBody.NONE : body, maxBody, discard);
        for (int i = 0; i < fieldsEnd; i += 2) {
            boolean dropped =
                    i == cookieField || (toGet && describesBody(fields[i])) || (elsewhere && isPrivate(fields[i]));
            if (!dropped) {
                call.field(fields[i], fields[i + 1]);
            }
        }
        return call;
    }

    private static boolean describesBody(String name) {
        return name.regionMatches(true, 0, "content-", 0, 8) || name.equalsIgnoreCase("expect");
    }

    private static boolean isPrivate(String name) {
        return name.equalsIgnoreCase("host") || SecretWords.areIn(name);
    }

    /// Whether the user gave an `Authorization`.
    boolean authorized() {
        return authorized;
    }

    /// Adds a token that was fetched.
    void token(String fetched) {
        token = fetched;
        field("Authorization", "Bearer " + fetched);
    }

    /// The token that was fetched for it; null where there is none.
    @Nullable
    String token() {
        return token;
    }

    /// How many fields there are.
    int fieldCount() {
        return fieldsEnd / 2;
    }

    String fieldName(int index) {
        return fields[index * 2];
    }

    String fieldValue(int index) {
        return fields[index * 2 + 1];
    }

    boolean hostGiven() {
        return hostGiven;
    }

    /// Whether the request itself ends the connection.
    boolean closes() {
        return closes;
    }

    /// Whether the body goes only once the peer asks for it.
    boolean waitsForContinue() {
        return waitsForContinue;
    }

    /// Whether sending it twice does no more than sending it once (RFC 9110 §9.2.2).
    boolean idempotent() {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /// Whether the method expects a body, so that an empty one is announced.
    boolean announcesEmptyBody() {
        return switch (method) {
            case "POST", "PUT", "PATCH" -> true;
            default -> false;
        };
    }
}
