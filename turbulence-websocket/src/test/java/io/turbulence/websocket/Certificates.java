package io.turbulence.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An authority of our own with a certificate for `localhost` and one for a client, made by the JDK's
/// keytool.
final class Certificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    final Path ca;
    final Path serverCert;
    final Path serverKey;
    final Path clientCert;
    final Path clientKey;
    private final KeyStore store;

    private Certificates(Path folder) throws Exception {
        Path file = folder.resolve("all.p12");
        generate(file, "ca", "CN=Test Authority", "-ext", "bc:c");
        generate(file, "server", "CN=localhost", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1");
        generate(file, "client", "CN=client", "-signer", "ca");
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        ca = write(
                folder.resolve("ca.pem"),
                "CERTIFICATE",
                store.getCertificate("ca").getEncoded());
        serverCert = chain(folder.resolve("server.pem"), "server");
        serverKey = key(folder.resolve("server.key"), "server");
        clientCert = chain(folder.resolve("client.pem"), "client");
        clientKey = key(folder.resolve("client.key"), "client");
    }

    static Certificates in(Path folder) throws Exception {
        return new Certificates(folder);
    }

    private static void generate(Path file, String alias, String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD),
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                name));
        command.addAll(Arrays.asList(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    private Path chain(Path file, String alias) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Certificate certificate : store.getCertificateChain(alias)) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return Files.writeString(file, text);
    }

    private Path key(Path file, String alias) throws Exception {
        return write(file, "PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded());
    }

    private static Path write(Path file, String kind, byte[] der) throws IOException {
        return Files.writeString(file, pem(kind, der));
    }

    private static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /// What a server with this certificate needs; clients must have one of the authority's when that is said.
    javax.net.ssl.SSLContext server() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", store.getKey("server", PASSWORD), PASSWORD, store.getCertificateChain("server"));
        javax.net.ssl.KeyManagerFactory managers =
                javax.net.ssl.KeyManagerFactory.getInstance(javax.net.ssl.KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
