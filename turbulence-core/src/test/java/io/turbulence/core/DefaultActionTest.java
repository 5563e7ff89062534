package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which action a wait means that names none, with plugins of which several have a default action.
class DefaultActionTest {

    private static final String BOTH = "services: { api: { protocol: fake }, board: { protocol: other } }\n";

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin().on("/a", ok(Map.of("n", 1)));

    @Test
    void isThatOfTheOnlyKindOfServiceThatTheSystemHas() {
        new ScenarioRun(folder, fake, new Other())
                .scenario("id: s\nflow: [ { type: wait, path: /a, until: { jsonpath: $.n, equals: 1 } } ]\n")
                .run()
                .assertPassed();
    }

    @Test
    void isTheOneThatHasTheKeysOfTheStep() {
        new ScenarioRun(folder, fake, new Other())
                .system(BOTH)
                .scenario("""
                    id: s
                    flow:
                      - { type: wait, path: /a, until: { jsonpath: $.n, equals: 1 } }
                      - { type: wait, poll: { topic: news }, until: { jsonpath: $.topic, equals: news } }
                    """)
                .run()
                .assertPassed();
    }

    @Test
    void mustBeSaidWhereSeveralFit() {
        assertThatThrownBy(new ScenarioRun(folder, fake, new Other())
                        .system(BOTH)
                        .scenario("id: s\nflow: [ { type: wait, until: \"true\" } ]\n")::run)
                .hasMessageContaining("no 'poll'; expected the action to repeat, as {type: …}. Or name the 'service'.");
    }

    /// Another protocol with a default action.
    private static final class Other implements ProtocolPlugin {

        record Service(
                @Setting(value = "A name.", defaultValue = "board")
                String name) {}

        record Step(@Setting("What it is about.") String topic) {}

        @Override
        public PluginInfo info() {
            return PluginInfo.of("other", "1.0", API_LEVEL);
        }

        @Override
        public List<ServiceType<?>> services() {
            return List.of(ServiceType.of("other", Service.class).defaultAction("other"));
        }

        @Override
        public List<ProtocolAction<?, ?>> actions() {
            return List.of(new Ask());
        }

        private static final class Ask implements ProtocolAction<Step, Object> {

            private final Connections connections = new Connections();

            @Override
            public String type() {
                return "other";
            }

            @Override
            public Class<Step> settings() {
                return Step.class;
            }

            @Override
            public ConnectionFactory<?, Object> connection() {
                return connections;
            }

            @Override
            public Observation execute(Step step, Object connection, ActionContext context) {
                return Observation.answered(
                        Transport.of("other"),
                        true,
                        "fine",
                        Metadata.empty(),
                        Payload.document(Map.of("topic", step.topic())));
            }
        }

        private static final class Connections implements ConnectionFactory.Exclusive<Service, Object> {

            @Override
            public Class<Service> settings() {
                return Service.class;
            }

            @Override
            public Endpoint endpoint(Service service) {
                return Endpoint.of("other", "other", 1);
            }

            @Override
            public Object open(Service service, OpenContext context) {
                return new Object();
            }

            @Override
            public void close(Object connection) {}
        }
    }
}
