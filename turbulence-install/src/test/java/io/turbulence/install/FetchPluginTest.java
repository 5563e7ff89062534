package io.turbulence.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches from a repository that wants a password, which only the user's settings know.
class FetchPluginTest {

    @TempDir
    Path folder;

    private HttpServer server;
    private String url;

    @BeforeEach
    void start() throws IOException {
        Path repository = Files.createDirectories(folder.resolve("repository"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", SimpleFileServer.createFileHandler(repository.toAbsolutePath()))
                .setAuthenticator(new BasicAuthenticator("repository") {
                    @Override
                    public boolean checkCredentials(String user, String password) {
                        return user.equals("somebody") && password.equals("let me in");
                    }
                });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        publish("com.acme", "turbulence-echo", "1.0", """
            <dependencies>
              <dependency><groupId>com.acme</groupId><artifactId>wire</artifactId><version>2.1</version></dependency>
              <dependency><groupId>org.other</groupId><artifactId>wire</artifactId><version>2.1</version></dependency>
              <dependency><groupId>io.turbulence</groupId><artifactId>turbulence-api</artifactId><version>9</version></dependency>
              <dependency><groupId>com.acme</groupId><artifactId>given</artifactId><version>1</version><scope>provided</scope></dependency>
              <dependency><groupId>com.acme</groupId><artifactId>kit</artifactId><version>1</version><scope>test</scope></dependency>
            </dependencies>
            """);
        publish("com.acme", "wire", "2.1", "");
        publish("org.other", "wire", "2.1", "");
        publish("com.acme", "lame", "1.0", """
            <dependencies>
              <dependency><groupId>com.acme</groupId><artifactId>gone</artifactId><version>3</version></dependency>
            </dependencies>
            """);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private record Result(int exitCode, String out, String err) {}

    @Test
    void copiesThePluginAndWhatItNeedsAtRunTime() throws IOException {
        Result result = fetch("com.acme:turbulence-echo:1.0", "let me in");

        assertThat(result)
                .isEqualTo(new Result(0, "turbulence-echo-1.0.jar\nwire-2.1.jar\norg.other.wire-2.1.jar\n", ""));
        assertThat(names(folder.resolve("fetched")))
                .containsExactly("org.other.wire-2.1.jar", "turbulence-echo-1.0.jar", "wire-2.1.jar");
    }

    @Test
    void keepsWhatItFetchedInTheLocalRepositoryOfTheSettings() throws IOException {
        fetch("com.acme:turbulence-echo:1.0", "let me in");

        assertThat(folder.resolve("local/com/acme/wire/2.1/wire-2.1.jar")).exists();
    }

    @Test
    void saysWhereItLookedForWhatIsNotThere() throws IOException {
        Result result = fetch("com.acme:turbulence-echo:1.1", "let me in");

        assertThat(result)
                .isEqualTo(new Result(
                        1,
                        "",
                        "'com.acme:turbulence-echo:1.1' was not found whole: Could not find artifact"
                                + " com.acme:turbulence-echo:jar:1.1 in ours (" + url + "). Looked in 'ours' (" + url
                                + "). Check the coordinates, and the repositories and credentials in Maven's"
                                + " settings.xml.\n"));
    }

    @Test
    void namesTheLibraryThatIsMissing() throws IOException {
        Result result = fetch("com.acme:lame:1.0", "let me in");

        assertThat(result.exitCode()).isOne();
        assertThat(result.err())
                .startsWith("'com.acme:lame:1.0' was not found whole: Could not find artifact com.acme:gone:jar:3 in"
                        + " ours (" + url + "). ");
    }

    @Test
    void saysThatTheCredentialsAreWrong() throws IOException {
        Result result = fetch("com.acme:turbulence-echo:1.0", "wrong");

        assertThat(result.exitCode()).isOne();
        assertThat(result.err())
                .startsWith("'com.acme:turbulence-echo:1.0' was not found whole: Could not transfer artifact"
                        + " com.acme:turbulence-echo:pom:1.0 from/to ours (" + url + "): status code: 401, ");
    }

    @Test
    void refusesWhatAreNoCoordinates() throws IOException {
        Result result = fetch("echo", "let me in");

        assertThat(result.exitCode()).isOne();
        assertThat(result.err()).startsWith("'echo' could not be fetched: Bad artifact coordinates echo");
    }

    private Result fetch(String coordinates, String password) throws IOException {
        Path settings = Files.writeString(
                folder.resolve("settings.xml"), """
                    <settings>
                      <localRepository>%s</localRepository>
                      <servers><server><id>ours</id><username>somebody</username><password>%s</password></server></servers>
                      <mirrors><mirror><id>ours</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>
                    </settings>
                    """.formatted(folder.resolve("local"), password, url));
        Path into = Files.createDirectories(folder.resolve("fetched"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = FetchPlugin.run(
                new String[] {coordinates, into.toString(), settings.toString()},
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        return new Result(exitCode, lines(out), lines(err));
    }

    private static String lines(ByteArrayOutputStream out) {
        return out.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    private void publish(String group, String artifact, String version, String dependencies) throws IOException {
        Path place = Files.createDirectories(
                folder.resolve("repository").resolve(group.replace('.', '/')).resolve(artifact + "/" + version));
        Files.writeString(place.resolve(artifact + "-" + version + ".pom"), """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>%s</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
              %s
            </project>
            """.formatted(
                        group, artifact, version, dependencies));
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(place.resolve(artifact + "-" + version + ".jar")))) {
            jar.finish();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
