package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/// Where a connection leads: the key under which connections are shared.
///
/// Two endpoints that mean the same place are equal: scheme and host are lower case, an IPv6 address
/// stands without brackets, and whoever makes one fills in the protocol's default port.
///
/// @param scheme what is spoken there: `http`, `https`, `grpc`, `jdbc:postgresql`
/// @param host   a host name or address, or what names the place where there is no host (a file, a
///               list of brokers)
/// @param port   0 where the protocol has none
public record Endpoint(String scheme, String host, int port) {

    public Endpoint {
        requireNonNull(scheme, "scheme");
        requireNonNull(host, "host");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port was " + port + " but it must be from 0 to 65535");
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
        host = host.toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
    }

    public static Endpoint of(String scheme, String host, int port) {
        return new Endpoint(scheme, host, port);
    }

    /// `host:port` as people write it, IPv6 in brackets; the host alone where there is no port.
    public String authority() {
        if (port == 0) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority();
    }
}
