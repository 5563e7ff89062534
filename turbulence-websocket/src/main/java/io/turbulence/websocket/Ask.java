package io.turbulence.websocket;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a handshake asks for.
///
/// @param headers      in the order in which they are sent
/// @param subprotocols the best first
record Ask(Address address, List<Header> headers, List<String> subprotocols) {

    /// What the protocol itself sends.
    private static final Set<String> OURS = Set.of(
            "upgrade",
            "connection",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-extensions",
            "sec-websocket-accept",
            "content-length",
            "transfer-encoding");

    record Header(String name, String value) {}

    /// @throws FailureException when a header cannot be sent
    static Ask of(Address address, Map<String, @Nullable Object> headers, List<String> subprotocols) {
        List<Header> all = new ArrayList<>(headers.size());
        headers.forEach((name, value) -> {
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            for (Object each : values) {
                all.add(header(name, String.valueOf(each)));
            }
        });
        return new Ask(address, all, subprotocols);
    }

    /// The same with one more header unless it is there.
    Ask withDefault(String name, String value) {
        if (headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name))) {
            return this;
        }
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Ask(address, more, subprotocols);
    }

    static boolean isOurs(String header) {
        return OURS.contains(header.toLowerCase(Locale.ROOT));
    }

    private static Header header(String name, String value) {
        boolean bad = isOurs(name)
                || name.isEmpty()
                || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')
                || !value.chars().allMatch(c -> (c >= ' ' && c != 127) || c == '\t');
        if (bad) {
            throw new FailureException(
                    Failure.PROTOCOL, "the header '" + name + "' cannot be sent with a WebSocket's handshake");
        }
        return new Header(name, value);
    }
}
