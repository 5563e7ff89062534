package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FaultProxy;
import io.turbulence.testkit.LocalServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong between us and a server: each its failure and its message.
class FailuresTest {

    private static final String UNARY = """
        method: grpc.testing.TestService/UnaryCall
        message: { response_size: 10 }
        """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static TestServer server;
    private static TestServer encrypted;
    private static TestServer suspicious;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.in(folder);
        server = TestServer.start();
        encrypted = TestServer.with(builder ->
                builder.useTransportSecurity(certificates.serverCert.toFile(), certificates.serverKey.toFile()));
        suspicious = TestServer.with(builder -> builder.sslContext(Tls.askingForCertificates(certificates)));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        encrypted.close();
        suspicious.close();
    }

    private static String system(String host, int port, String more) {
        return "services: { api: { protocol: grpc, target: \"%s:%d\"%s } }".formatted(host, port, more);
    }

    private static void assertFails(Map<String, Object> step, String failure, String message) {
        assertThat(step).containsEntry("ok", false).containsEntry("failure", failure);
        assertThat((List<?>) step.get("errors")).first().asString().contains(message);
    }

    @Test
    void aClosedPort() throws Exception {
        try (ClosedPort port = ClosedPort.reserve()) {
            assertFails(
                    Steps.run(system(port.host(), port.port(), ""), UNARY),
                    "CONNECT",
                    "'127.0.0.1:%d' could not be reached: Connection refused".formatted(port.port()));
        }
    }

    @Test
    void aHostThatNobodyKnows() throws Exception {
        assertFails(
                Steps.run(system("no-such-host.invalid", 1, ""), UNARY),
                "RESOLVE",
                "'no-such-host.invalid:1' could not be resolved to an address");
    }

    /// The channel is given up while it is about to look the name up again.
    @Test
    void aHostThatNobodyKnowsIsNoReasonToPanic() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getLevel().equals(Level.SEVERE)) {
                    logged.add(line.getMessage() + " " + line.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.grpc");
        logger.addHandler(handler);
        try {
            GrpcService service = Services.at("no-such-host.invalid:1");
            for (int i = 0; i < 4; i++) {
                Channels channels = new Channels(new Schemas());
                assertThatThrownBy(() -> channels.open(
                                service,
                                service.endpoint(),
                                Deadline.after(Duration.ofSeconds(20), "limit of the test")))
                        .hasMessageContaining("could not be resolved to an address");
            }
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged).isEmpty();
    }

    @Test
    void aServerThatSaysNothing() throws Exception {
        try (LocalServer silent = LocalServer.silent()) {
            assertFails(
                    Steps.run(system(silent.host(), silent.port(), ", pool: { connect_timeout: 300ms }"), UNARY),
                    "TIMEOUT",
                    "'127.0.0.1:%d' did not answer within the connect_timeout of 300 ms".formatted(silent.port()));
        }
    }

    @Test
    void aServerThatAnswersTooLate() throws Exception {
        assertFails(
                Steps.run(server.system(), """
                    method: grpc.testing.TestService/StreamingOutputCall
                    message: { response_parameters: [ { size: 1, interval_us: 60000000 } ] }
                    timeout: 2s
                    """),
                "TIMEOUT",
                "'grpc.testing.TestService/StreamingOutputCall' of '127.0.0.1:%d' had not answered when the timeout of"
                                .formatted(server.port())
                        + " 2 s of 'call' passed");
    }

    @Test
    void aServerThatSpeaksTlsCalledWithout() throws Exception {
        assertFails(
                Steps.run(encrypted.system(), UNARY),
                "TLS",
                "'127.0.0.1:%d' speaks TLS and was called without".formatted(encrypted.port()));
    }

    @Test
    void aServerThatSpeaksNoTlsCalledWithIt() throws Exception {
        assertFails(
                Steps.run(system("localhost", server.port(), ", tls: true"), UNARY),
                "TLS",
                "'localhost:%d' could not be spoken to with TLS".formatted(server.port()));
    }

    @Test
    void aCertificateThatNobodyTrusts() throws Exception {
        assertFails(
                Steps.run(system("localhost", encrypted.port(), ", tls: true"), UNARY),
                "TLS",
                "TLS with 'localhost:%d' failed: PKIX path building failed".formatted(encrypted.port()));
    }

    @Test
    void aCertificateForAnotherName() throws Exception {
        assertFails(
                Steps.run(system("127.0.0.1", encrypted.port(), ", tls: { ca: \"" + certificates.ca + "\" }"), UNARY),
                "TLS",
                "TLS with '127.0.0.1:%d' failed: ".formatted(encrypted.port()));
    }

    @Test
    void aServerThatAsksForACertificateGetsNone() throws Exception {
        assertFails(
                Steps.run(system("localhost", suspicious.port(), ", tls: { ca: \"" + certificates.ca + "\" }"), UNARY),
                "TLS",
                "TLS with 'localhost:%d' failed: ".formatted(suspicious.port()));
    }

    @Test
    void nothingIsWrongWithTheRightCertificates() throws Exception {
        String tls = ", tls: { ca: \"%s\", cert: \"%s\", key: \"%s\" }"
                .formatted(certificates.ca, certificates.clientCert, certificates.clientKey);
        assertThat(Steps.run(system("localhost", suspicious.port(), tls), UNARY))
                .containsEntry("ok", true);
        assertThat(Steps.run(system("127.0.0.1", suspicious.port(), tls + ", authority: localhost"), UNARY))
                .containsEntry("ok", true);
        assertThat(Steps.run(system("127.0.0.1", encrypted.port(), ", tls: { insecure_skip_verify: true }"), UNARY))
                .containsEntry("ok", true);
    }

    @Test
    void aMessageThatIsTooLarge() throws Exception {
        assertFails(
                Steps.run(
                        system("127.0.0.1", server.port(), ", max_inbound_message_size: 1 KiB"),
                        UNARY.replace("10", "2000")),
                "TOO_LARGE",
                "gRPC message exceeds maximum size 1024: 2006. Raise max_inbound_message_size");
    }

    @Test
    void aDeadlineThatPassesIsAStatus() throws Exception {
        Map<String, Object> step = Steps.run(server.system(), """
            method: grpc.testing.TestService/StreamingOutputCall
            message: { response_parameters: [ { size: 1, interval_us: 5000000 } ] }
            deadline: 50ms
            """);
        assertThat(step).containsEntry("ok", false).containsEntry("failure", null);
        assertThat(Steps.metadata(step)).containsEntry("status", "DEADLINE_EXCEEDED");
    }

    @Test
    void aServerThatGoesAwayInMidStream() throws Exception {
        TestProtos protos = new TestProtos("kinds.proto");
        TestServer leaving = TestServer.with(
                builder ->
                        builder.maxConnectionAge(2, TimeUnit.SECONDS).maxConnectionAgeGrace(500, TimeUnit.MILLISECONDS),
                protos.service("kinds.Kinds"));
        try (leaving) {
            Map<String, Object> step = Steps.run(
                    system("127.0.0.1", leaving.port(), ", proto: \"" + TestProtos.file("kinds.proto") + "\""),
                    "method: kinds.Kinds/Forever");
            assertFails(step, "CLOSED", "'127.0.0.1:%d' closed the connection".formatted(leaving.port()));
            assertThat((int) Steps.metadata(step).get("messages")).isPositive();
        }
    }

    @Test
    void aConnectionThatIsCutInMidStream() throws Exception {
        TestProtos protos = new TestProtos("kinds.proto");
        try (TestServer counting = TestServer.with(builder -> {}, protos.service("kinds.Kinds"));
                FaultProxy proxy = FaultProxy.to("127.0.0.1", counting.port())) {
            proxy.cutAfter(FaultProxy.Way.TO_CLIENT, 100_000);
            assertFails(
                    Steps.run(
                            system(proxy.host(), proxy.port(), ", proto: \"" + TestProtos.file("kinds.proto") + "\""),
                            "method: kinds.Kinds/Forever"),
                    "CLOSED",
                    "'127.0.0.1:%d' closed the connection before the call was done".formatted(proxy.port()));
        }
    }

    @Test
    void aServerThatSpeaksHttpOne() throws Exception {
        try (LocalServer other = LocalServer.start(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().readAllBytes();
        })) {
            assertFails(
                    Steps.run(system(other.host(), other.port(), ""), UNARY),
                    "PROTOCOL",
                    "'127.0.0.1:%d' does not follow gRPC: ".formatted(other.port()));
        }
    }

    /// The server was away when it would have been asked before the run.
    @Test
    void aServerThatCameBackWithoutReflection() throws Exception {
        try (TestServer mute = TestServer.with(builder -> {}, new io.grpc.BindableService[0])) {
            assertThat(unasked(mute, "grpc.testing.TestService/UnaryCall"))
                    .isEqualTo("'127.0.0.1:%d' does not describe its methods: it offers no server reflection. Give the"
                                    .formatted(mute.port())
                            + " service 'proto' or 'descriptor_set'");
        }
    }

    @Test
    void aServerThatCameBackWithoutTheMethod() throws Exception {
        assertThat(unasked(server, "grpc.testing.TestService/UnaryCal"))
                .startsWith("the unknown method 'grpc.testing.TestService/UnaryCal'; expected a method of"
                        + " 'grpc.testing.TestService': ");
        assertThat(unasked(server, "testing.TestService/UnaryCall"))
                .isEqualTo("the unknown service 'testing.TestService'; expected one of"
                        + " grpc.reflection.v1.ServerReflection, grpc.testing.TestService. Did you mean"
                        + " 'grpc.testing.TestService'?");
    }

    private static String unasked(TestServer at, String method) throws Exception {
        Channels channels = new Channels(new Schemas());
        GrpcService service = at.service();
        GrpcChannel channel =
                channels.open(service, service.endpoint(), Deadline.after(Duration.ofSeconds(10), "limit of the test"));
        try (FakeActionContext context = FakeActionContext.of(service)) {
            Outcome outcome = new GrpcAction(channels, new Schemas())
                    .execute(Services.call(method, Map.of()), channel, context)
                    .outcome();
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL));
            return ((Outcome.Failed) outcome).message();
        } finally {
            channels.close(channel);
        }
    }
}
