package io.turbulence.core.internal.plugin;

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
import java.util.List;

/// A plugin whose parts a test chooses.
record TestPlugin(PluginInfo info, List<ServiceType<?>> services, List<ProtocolAction<?, ?>> actions)
        implements ProtocolPlugin {

    /// A good plugin with one service and one action, both called like it.
    static TestPlugin named(String name) {
        return new TestPlugin(
                PluginInfo.of(name, "1.0", ProtocolPlugin.API_LEVEL),
                List.of(ServiceType.of(name, Service.class)),
                List.of(new Action<>(name, Step.class)));
    }

    TestPlugin withInfo(PluginInfo other) {
        return new TestPlugin(other, services, actions);
    }

    TestPlugin withServices(ServiceType<?>... others) {
        return new TestPlugin(info, List.of(others), actions);
    }

    TestPlugin withActions(ProtocolAction<?, ?>... others) {
        return new TestPlugin(info, services, List.of(others));
    }

    record Service(@Setting("Where it is.") String host) {}

    record Step(@Setting("What to say.") String text) {}

    record Action<S extends Record>(String type, Class<S> settings) implements ProtocolAction<S, String> {

        static final Connections CONNECTIONS = new Connections();

        @Override
        public ConnectionFactory<?, String> connection() {
            return CONNECTIONS;
        }

        @Override
        public Observation execute(S settings, String connection, ActionContext context) {
            return Observation.answered(Transport.of("test"), true, "OK", Metadata.empty(), Payload.empty());
        }
    }

    static final class Connections implements ConnectionFactory.Shared<Service, String> {

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service settings) {
            return Endpoint.of("test", settings.host(), 0);
        }

        @Override
        public String open(Service settings, OpenContext context) {
            return "connection";
        }

        @Override
        public void close(String connection) {}
    }
}
