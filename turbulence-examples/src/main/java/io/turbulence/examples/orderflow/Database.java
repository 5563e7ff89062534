package io.turbulence.examples.orderflow;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;

/// A database of its own as a program: `Database --port 5432 --kind postgresql`, or `h2:tcp`, for machines that the
/// PostgreSQL
/// of the example is not made for. Its data is gone when it ends.
public final class Database {

    private Database() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Options options = Options.of(arguments);
        int port = options.number("port");
        Closeable database = options.text("kind").equals("h2:tcp") ? h2(port) : postgresql(port);
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

    private static Closeable postgresql(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "100")
                .start();
    }

    /// A database in this program's memory, reached over the network. The connection that is opened here makes it what
    /// the
    /// example expects and keeps it.
    private static Closeable h2(int port) throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        Connection keeper = DriverManager.getConnection(
                "jdbc:h2:mem:postgres;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "postgres", "postgres");
        Server server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-key", "postgres", "mem:postgres")
                .start();
        return () -> {
            server.stop();
            try {
                keeper.close();
            } catch (SQLException e) {
                throw new IOException(e);
            }
        };
    }
}
