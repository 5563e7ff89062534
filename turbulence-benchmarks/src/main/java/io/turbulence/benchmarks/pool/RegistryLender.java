package io.turbulence.benchmarks.pool;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Observation;
import io.turbulence.core.ConnectionRegistry;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;

/// Turbulence's registry as a program uses it: with limits, ageing, checks, leaks and figures.
final class RegistryLender implements Lender {

    private final Connections connections = new Connections();
    private final ConnectionRegistry registry;
    private final Deadline deadline = Deadline.after(Duration.ofDays(1), "day");

    RegistryLender() throws InterruptedException {
        this.registry = ConnectionRegistry.builder()
                .plugin(new Plugin(connections))
                .connect("none", new Service("none"))
                .open();
    }

    @Override
    public Object lend() throws InterruptedException {
        return registry.lease("none", connections, deadline);
    }

    @Override
    public void giveBack(Object lent) {
        ((Lease<?>) lent).close();
    }

    @Override
    public void close() {
        registry.close();
    }

    /// A service without a network.
    record Service(@Setting("Nowhere.") String host) {}

    /// A step that does nothing.
    record Step() {}

    private record Plugin(Connections connections) implements ProtocolPlugin {

        @Override
        public PluginInfo info() {
            return PluginInfo.of("none", "1", API_LEVEL);
        }

        @Override
        public List<ServiceType<?>> services() {
            return List.of(ServiceType.of("none", Service.class));
        }

        @Override
        public List<ProtocolAction<?, ?>> actions() {
            return List.of(new Action(connections));
        }
    }

    private record Action(Connections connections) implements ProtocolAction<Step, Object> {

        @Override
        public String type() {
            return "none";
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
        public Observation execute(Step settings, Object connection, ActionContext context) {
            throw new UnsupportedOperationException("only connections are measured");
        }
    }

    private static final class Connections implements ConnectionFactory.Exclusive<Service, Object> {

        private static final Endpoint NOWHERE = Endpoint.of("none", "none", 1);

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service settings) {
            return NOWHERE;
        }

        @Override
        public Object open(Service settings, OpenContext context) {
            return new Object();
        }

        @Override
        public void close(Object connection) {}
    }
}
