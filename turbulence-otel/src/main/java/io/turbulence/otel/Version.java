package io.turbulence.otel;

/// The version of this module, as its jar's manifest tells it.
final class Version {

    static final String TEXT = read();

    private Version() {}

    private static String read() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
