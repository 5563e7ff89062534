package com.example.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.example.redis.RedisPlugin.Call;
import com.example.redis.RedisPlugin.Connections;
import com.example.redis.RedisPlugin.Redis;
import com.example.redis.RedisPlugin.Resp;
import com.example.redis.RedisPlugin.Server;
import io.turbulence.api.Deadline;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.ExclusiveConnectionTck;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.testkit.FakeOpenContext;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Runs the kits against a Redis server of this test's own; skipped where there is none.
class RedisTest {

    private static final Set<Capability> CAPABILITIES =
            Capability.allBut(Capability.HANDSHAKE, Capability.STREAMING, Capability.RECONNECTING);

    private static Process process;
    private static Server server;

    @Nested
    class Plugin extends PluginContractTck {
        @Override
        protected ProtocolPlugin plugin() {
            return new RedisPlugin();
        }
    }

    @Nested
    class Connection extends ExclusiveConnectionTck<Server, Resp> {
        @Override
        protected Connections factory() {
            return new Connections();
        }

        @Override
        protected Server settings() {
            return server;
        }

        @Override
        protected void exchange(Resp redis) throws IOException {
            redis.send(List.of("INCR", "exchanges"));
            redis.receive(Deadline.after(Duration.ofSeconds(10), "10 s"));
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Action extends ActionTck<Call, Resp> {
        @Override
        protected Redis action() {
            return new Redis();
        }

        @Override
        protected Server serviceSettings() {
            return server;
        }

        @Override
        protected Call settings() {
            return new Call("ECHO", List.of("what a plugin says"));
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Replies {

        @Test
        void readsEveryKind() throws Exception {
            Connections connections = new Connections();
            Resp redis = connections.open(server, FakeOpenContext.to(connections.endpoint(server)));
            assertEquals("OK", call(redis, "SET", "greeting", "hallö\r\nwelt"));
            assertEquals("hallö\r\nwelt", call(redis, "GET", "greeting"));
            assertEquals(null, call(redis, "GET", "nothing"));
            assertEquals(2L, call(redis, "RPUSH", "list", "a", "b"));
            assertEquals(List.of("a", "b"), call(redis, "LRANGE", "list", "0", "-1"));
            assertEquals(
                    new RedisPlugin.ErrorReply("WRONGTYPE Operation against a key holding the wrong kind of value"),
                    call(redis, "INCR", "list"));
            connections.close(redis);
        }

        private static Object call(Resp redis, String... words) throws IOException {
            redis.send(List.of(words));
            return redis.receive(Deadline.after(Duration.ofSeconds(10), "10 s"));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(new File("/usr/bin/redis-server").canExecute(), "redis-server is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = new ProcessBuilder(
                        "/usr/bin/redis-server", "--bind", "127.0.0.1", "--port", "" + port, "--save", "", "--appendonly", "no")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        server = new Server("127.0.0.1", port);
        awaitReady(port);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
    }

    private static void awaitReady(int port) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                if (attempt == 200 || !process.isAlive()) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
