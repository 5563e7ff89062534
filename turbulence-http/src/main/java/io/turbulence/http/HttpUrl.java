package io.turbulence.http;

import io.turbulence.api.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// An absolute URL of the schemes `http` and `https`, taken apart.
///
/// @param target path and query as they are sent: encoded, beginning with `/`, without the fragment
record HttpUrl(Endpoint endpoint, String target) {

    /// Whether the text is a URL of its own and no path.
    static boolean isAbsolute(String text) {
        return text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
    }

    /// @throws IllegalArgumentException when it is no such URL; the message says why
    static HttpUrl parse(String text) {
        if (!isAbsolute(text)) {
            throw wrong(text, "it does not begin with http:// or https://");
        }
        int hostBegin = text.indexOf("://") + 3;
        int hostEnd = hostBegin;
        while (hostEnd < text.length() && "/?#".indexOf(text.charAt(hostEnd)) < 0) {
            hostEnd++;
        }
        String scheme = text.substring(0, hostBegin - 3).toLowerCase(Locale.ROOT);
        String authority = text.substring(hostBegin, hostEnd);
        if (authority.indexOf('@') >= 0) {
            throw wrong(
                    text.substring(0, hostBegin) + "…@" + authority.substring(authority.indexOf('@') + 1),
                    "it holds credentials; use 'auth'");
        }
        return new HttpUrl(endpoint(scheme, authority, text), target(text, hostEnd));
    }

    /// The URL that a `Location` of an answer from here means (RFC 3986 §5).
    HttpUrl resolve(String reference) {
        String clean = Percent.encodeReference(reference.strip());
        try {
            URI resolved = new URI(toString()).resolve(new URI(clean));
            return parse(resolved.toString());
        } catch (URISyntaxException e) {
            throw wrong(reference, "it is malformed");
        }
    }

    /// The path without the query.
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// The value of a `Host` field: the port only where it is not the scheme's own.
    static String hostField(Endpoint endpoint) {
        boolean ownPort = endpoint.port() == defaultPort(endpoint.scheme());
        String authority = endpoint.authority();
        return ownPort ? authority.substring(0, authority.lastIndexOf(':')) : authority;
    }

    static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    @Override
    public String toString() {
        return endpoint.scheme() + "://" + hostField(endpoint) + target;
    }

    private static Endpoint endpoint(String scheme, String authority, String text) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        String port = hasPort ? authority.substring(colon + 1) : "";
        if (!isHost(host)) {
            throw wrong(text, host.isEmpty() ? "it has no host" : "'" + host + "' is no host name");
        }
        return Endpoint.of(scheme, host, port.isEmpty() ? defaultPort(scheme) : port(port, text));
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return host.endsWith("]") && host.length() > 4;
        }
        return !host.isEmpty() && host.chars().allMatch(c -> c > ' ' && c != 0x7f && "\"<>\\^`{|}%:[]".indexOf(c) < 0);
    }

    private static int port(String port, String text) {
        boolean digits = port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(port) : 0;
        if (number < 1 || number > 65_535) {
            throw wrong(text, "port '" + port + "' is not a number from 1 to 65535");
        }
        return number;
    }

    private static String target(String text, int begin) {
        String rest = text.substring(begin);
        return Percent.encodeTarget(rest.startsWith("/") ? rest : "/" + rest);
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not a usable URL: " + why);
    }
}
