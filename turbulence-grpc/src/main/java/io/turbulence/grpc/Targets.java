package io.turbulence.grpc;

import io.turbulence.api.Endpoint;

/// Reads `host:port` as people write it, and as gRPC's own names have it: `dns:///host:port`.
final class Targets {

    private static final String DNS = "dns:";

    private Targets() {}

    /// @throws IllegalArgumentException when the text is no target
    static Endpoint endpoint(String scheme, String target, int defaultPort) {
        String authority = authority(target.strip());
        int colon = authority.lastIndexOf(':');
        boolean bracketed = authority.startsWith("[");
        boolean hasPort = colon >= 0 && (bracketed ? authority.indexOf(']') < colon : authority.indexOf(':') == colon);
        String host = hasPort ? authority.substring(0, colon) : authority;
        if (host.isEmpty() || host.indexOf('/') >= 0 || host.indexOf('@') >= 0) {
            throw new IllegalArgumentException("'" + target + "' is no target such as 'localhost:50051'");
        }
        return Endpoint.of(scheme, host, hasPort ? port(authority.substring(colon + 1), target) : defaultPort);
    }

    private static String authority(String target) {
        if (!target.startsWith(DNS)) {
            return target;
        }
        String rest = target.substring(DNS.length());
        return rest.startsWith("///") ? rest.substring(3) : rest;
    }

    private static int port(String text, String target) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below
        }
        throw new IllegalArgumentException(
                "'" + target + "' has the port '" + text + "', which is not from 1 to 65535");
    }
}
