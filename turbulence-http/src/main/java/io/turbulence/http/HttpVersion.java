package io.turbulence.http;

/// Which version of HTTP a service asks for.
enum HttpVersion {
    AUTO,
    HTTP_1_1,
    HTTP_2;

    /// @throws IllegalArgumentException when it is none
    static HttpVersion of(Object setting) {
        return switch (String.valueOf(setting)) {
            case "auto" -> AUTO;
            case "1.1", "1" -> HTTP_1_1;
            case "2", "2.0" -> HTTP_2;
            default ->
                throw new IllegalArgumentException("version was '" + setting + "' but it must be auto, 1.1 or 2");
        };
    }
}
