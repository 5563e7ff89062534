package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// gRPC's interoperability tests as scenario files, against the service of grpc-interop-testing.
class InteropTest {

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty_unary",
                "large_unary",
                "client_streaming",
                "server_streaming",
                "ping_pong",
                "empty_stream",
                "custom_metadata",
                "status_code_and_message",
                "special_status_message",
                "unimplemented_method",
                "unimplemented_service",
                "cancel_after_begin",
                "cancel_after_first_response",
                "timeout_on_sleeping_server"
            })
    void passes(String name) throws Exception {
        PluginTestKit kit =
                PluginTestKit.scenario(scenario(name)).system(server.system()).with(new GrpcPlugin());
        for (int size : new int[] {8, 1828, 27182, 45904, 271828}) {
            kit.variable("BYTES_" + size, bytes(size));
        }
        PluginTestKit.Result result = kit.run();
        assertThat(result.observations())
                .isNotEmpty()
                .allSatisfy(step ->
                        assertThat(step).as("step %s", step.get("errors")).containsEntry("ok", true));
        assertThat(result.run().exitCode()).isZero();
    }

    private static String bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String scenario(String name) throws Exception {
        try (InputStream file = InteropTest.class.getResourceAsStream("/interop/" + name + ".yaml")) {
            assertThat(file).as(name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
