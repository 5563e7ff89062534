package io.turbulence.sql;

import io.turbulence.testkit.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;

/// A PostgreSQL server of the tests' own. One for a test class; closing it ends the server.
final class Postgres implements AutoCloseable {

    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static Postgres start() throws IOException {
        return start(100);
    }

    static Postgres start(int maxConnections) throws IOException {
        return new Postgres(builder(maxConnections).setPort(FreePort.choose()).start());
    }

    private static EmbeddedPostgres.Builder builder(int maxConnections) {
        return EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .setServerConfig("deadlock_timeout", "200ms")
                .setServerConfig("superuser_reserved_connections", "0")
                .setServerConfig("reserved_connections", "0")
                .setServerConfig("max_connections", String.valueOf(maxConnections));
    }

    /// Starts where another was, with its data.
    static Postgres startAgain(int port, java.io.File data) throws IOException {
        return new Postgres(builder(100)
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start());
    }

    static Postgres startIn(java.io.File data) throws IOException {
        return startAgain(FreePort.choose(), data);
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return urlAt("127.0.0.1", port());
    }

    static String urlAt(String host, int port) {
        return "jdbc:postgresql://%s:%d/postgres".formatted(host, port);
    }

    Database database() {
        return databaseAt("127.0.0.1", port());
    }

    static Database databaseAt(String host, int port) {
        return new Database(urlAt(host, port), "postgres", "not-a-real-password", Map.of(), null);
    }

    /// A system file with this server as `db`.
    String system(String pool) {
        return "services: { db: { protocol: sql, url: \"%s\", username: postgres, pool: %s } }".formatted(url(), pool);
    }

    EmbeddedPostgres server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
