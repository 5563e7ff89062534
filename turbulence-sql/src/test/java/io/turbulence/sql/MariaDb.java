package io.turbulence.sql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A MariaDB server of the tests' own, from Debian's package.
final class MariaDb implements AutoCloseable {

    private final Process server;
    private final int port;

    private MariaDb(Process server, int port) {
        this.server = server;
        this.port = port;
    }

    static MariaDb start(Path folder) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/mariadbd")),
                "MariaDB is not installed: apt-get install --no-install-recommends mariadb-server");
        Path data = Files.createDirectories(folder.resolve("data"));
        String user = "--user=" + System.getProperty("user.name");
        run(List.of(
                "/usr/bin/mariadb-install-db",
                "--no-defaults",
                user,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--datadir=" + data));
        int port = FreePort.choose();
        Process server = new ProcessBuilder(
                        "/usr/sbin/mariadbd",
                        "--no-defaults",
                        user,
                        "--datadir=" + data,
                        "--socket=" + folder.resolve("s"),
                        "--pid-file=" + folder.resolve("pid"),
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--character-set-server=utf8mb4",
                        "--innodb-flush-log-at-trx-commit=0")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        MariaDb started = new MariaDb(server, port);
        started.awaitReady();
        return started;
    }

    Database database() {
        return new Database(
                "jdbc:mariadb://127.0.0.1:" + port + "/kit?createDatabaseIfNotExist=true",
                "root",
                null,
                Map.of(),
                null);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command.getFirst() + " failed");
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (attempt == 300 || !server.isAlive()) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }
}
