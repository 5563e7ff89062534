package io.turbulence.api;

/// The kind of an exchange, as it is written in results: `http`, `grpc`, `kafka`.
///
/// @param name lower case, stable across releases of the plugin
public record Transport(String name) {

    public Transport {
        if (name.isBlank()) {
            throw new IllegalArgumentException("transport name was '" + name + "' but it must not be blank");
        }
    }

    public static Transport of(String name) {
        return new Transport(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
