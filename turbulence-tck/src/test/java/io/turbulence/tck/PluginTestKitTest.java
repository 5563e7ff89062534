package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.echo.EchoPlugin;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.LocalServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PluginTestKitTest {

    private static final String SYSTEM =
            "name: parrot\nservices: { parrot: { protocol: echo, host: 127.0.0.1, port: \"{{env.PORT}}\" } }\n";

    @Test
    void runsAScenarioThroughTheWholeEngine() throws Exception {
        try (LocalServer server =
                LocalServer.start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()))) {
            // region run
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: talk
                flow:
                  - { name: say, type: echo, text: "hello {{instance}}", expect: { jsonpath: "$", contains: hello } }
                """)
                    .system(SYSTEM)
                    .variable("PORT", Integer.toString(server.port()))
                    .with(new EchoPlugin())
                    .instances(3, 1)
                    .run();
            assertThat(result.run().ok()).isTrue();
            assertThat(result.observations("say"))
                    .extracting(step -> step.get("payload"))
                    .containsExactly("hello 0", "hello 1", "hello 2");
            // endregion
            assertThat(server.accepted())
                    .as("connections, shared by all instances")
                    .isEqualTo(1);
        }
    }

    @Test
    void tellsAFailureOfThePeerAsData() throws Exception {
        try (ClosedPort port = ClosedPort.reserve()) {
            PluginTestKit.Result result = PluginTestKit.scenario(
                            "id: talk\nflow: [ { name: say, type: echo, text: hello } ]\n")
                    .system(SYSTEM)
                    .variable("PORT", Integer.toString(port.port()))
                    .with(new EchoPlugin())
                    .run();
            assertThat(result.run().ok()).isFalse();
            assertThat(result.observations("say"))
                    .extracting(step -> step.get("failure"))
                    .containsExactly("CONNECT");
        }
    }

    @Test
    void throwsForAScenarioThatIsWrong() {
        PluginTestKit kit = PluginTestKit.scenario("id: talk\nflow: [ { name: say, type: ecco, text: hello } ]\n")
                .system(SYSTEM)
                .variable("PORT", "1")
                .with(new EchoPlugin());
        assertThatThrownBy(kit::run).hasMessageContaining("'ecco'").hasMessageContaining("echo");
    }
}
