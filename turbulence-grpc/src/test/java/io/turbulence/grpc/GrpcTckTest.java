package io.turbulence.grpc;

import io.turbulence.api.Observation;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.SharedConnectionTck;
import io.turbulence.testkit.FakeActionContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The kits against gRPC's own server.
class GrpcTckTest {

    private static final Schemas SCHEMAS = new Schemas();
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static GrpcRequest unary() {
        return Services.call("grpc.testing.TestService/UnaryCall", Map.of("response_size", 100));
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new GrpcPlugin();
        }
    }

    @Nested
    class Connection extends SharedConnectionTck<GrpcService, GrpcChannel> {

        private final Channels channels = new Channels(SCHEMAS);

        @Override
        protected ConnectionFactory.Shared<GrpcService, GrpcChannel> factory() {
            return channels;
        }

        @Override
        protected GrpcService settings() {
            return server.service();
        }

        @Override
        protected void exchange(GrpcChannel connection) throws Exception {
            try (FakeActionContext context = FakeActionContext.of(settings()).deadline(Duration.ofSeconds(60))) {
                Observation observation = new GrpcAction(channels, SCHEMAS).execute(unary(), connection, context);
                if (!observation.outcome().success()) {
                    throw new IOException(observation.outcome().toString());
                }
            }
        }
    }

    @Nested
    class Action extends ActionTck<GrpcRequest, GrpcChannel> {

        private final Channels channels = new Channels(SCHEMAS);

        @Override
        protected ProtocolAction<GrpcRequest, GrpcChannel> action() {
            return new GrpcAction(channels, SCHEMAS);
        }

        @Override
        protected Record serviceSettings() {
            return server.service();
        }

        @Override
        protected GrpcRequest settings() {
            return unary();
        }

        @Override
        protected GrpcRequest streamingSettings() {
            Map<String, Object> part = Map.of("size", 50, "interval_us", 1000);
            return Services.call(
                    "grpc.testing.TestService/StreamingOutputCall",
                    Map.of("response_parameters", List.of(part, part, part, part)));
        }
    }
}
