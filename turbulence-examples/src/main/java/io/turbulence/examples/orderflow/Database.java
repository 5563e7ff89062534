package io.turbulence.examples.orderflow;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A PostgreSQL of its own as a program: `Database --port 5432`. Its data is gone when it ends.
public final class Database {

    private Database() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        EmbeddedPostgres database = EmbeddedPostgres.builder()
                .setPort(Options.of(arguments).number("port"))
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "100")
                .start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                database.close();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        "database-close"));
        System.out.println("The database is ready");
        Thread.currentThread().join();
    }
}
