package io.turbulence.http;

import com.sun.net.httpserver.HttpServer;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.NegotiatedConnectionTck;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.testkit.FakeActionContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The kits against HTTP/1.1.
class HttpTckTest {

    private static final Set<Capability> CAPABILITIES =
            Capability.allBut(Capability.HANDSHAKE, Capability.STREAMING, Capability.RECONNECTING);

    private static HttpServer server;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = "a body of some length".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        threads.close();
    }

    private static HttpService service() {
        return HttpService.of("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new HttpPlugin();
        }

        @Override
        protected Set<String> notSecret() {
            return Set.of("OAuth2.tokenUrl");
        }
    }

    @Nested
    class Connection extends NegotiatedConnectionTck<HttpService, HttpConnection> {

        @Override
        protected ConnectionFactory.Negotiated<HttpService, HttpConnection> factory() {
            return new HttpConnections();
        }

        @Override
        protected HttpService settings() {
            return service();
        }

        @Override
        protected void exchange(HttpConnection connection) throws Exception {
            Observation observation = new HttpAction(new HttpConnections())
                    .execute(Requests.get("/"), connection, FakeActionContext.of(service()));
            if (observation.outcome() instanceof Outcome.Failed failed) {
                throw new IOException(failed.message(), failed.cause());
            }
        }

        @Override
        protected Set<Capability> capabilities() {
            // A request that a reused connection did not take is sent again over a new one
            return Capability.allBut(Capability.HANDSHAKE, Capability.STREAMING);
        }
    }

    @Nested
    class Action extends ActionTck<HttpRequest, HttpConnection> {

        @Override
        protected ProtocolAction<HttpRequest, HttpConnection> action() {
            return new HttpAction(new HttpConnections());
        }

        @Override
        protected Record serviceSettings() {
            return service();
        }

        @Override
        protected HttpRequest settings() {
            return Requests.get("/");
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }
}
