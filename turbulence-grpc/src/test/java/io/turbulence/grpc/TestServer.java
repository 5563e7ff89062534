package io.turbulence.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.testing.integration.TestServiceImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A real server on a port of its own: gRPC's interoperability service, others besides, and reflection.
final class TestServer implements AutoCloseable {

    private final Server server;
    private final ScheduledExecutorService threads;
    private final AtomicInteger connections;

    private TestServer(Server server, ScheduledExecutorService threads, AtomicInteger connections) {
        this.server = server;
        this.threads = threads;
        this.connections = connections;
    }

    /// The interoperability service and reflection.
    static TestServer start() throws Exception {
        return with(builder -> {});
    }

    /// The same, changed.
    static TestServer with(Consumer<NettyServerBuilder> change) throws Exception {
        return with(change, ProtoReflectionServiceV1.newInstance());
    }

    static TestServer with(Consumer<NettyServerBuilder> change, BindableService... others) throws Exception {
        return at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), change, others);
    }

    static TestServer at(InetSocketAddress address, Consumer<NettyServerBuilder> change, BindableService... others)
            throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        AtomicInteger connections = new AtomicInteger();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(threads)
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public io.grpc.Attributes transportReady(io.grpc.Attributes attributes) {
                        connections.incrementAndGet();
                        return attributes;
                    }
                })
                .addService(interop(threads));
        for (BindableService other : others) {
            builder.addService(other);
        }
        change.accept(builder);
        return new TestServer(builder.build().start(), threads, connections);
    }

    private static ServerServiceDefinition interop(ScheduledExecutorService threads) {
        List<ServerInterceptor> interceptors = new ArrayList<>(TestServiceImpl.interceptors());
        return ServerInterceptors.intercept(new TestServiceImpl(threads), interceptors);
    }

    int port() {
        return server.getPort();
    }

    /// How many connections it saw.
    int connections() {
        return connections.get();
    }

    GrpcService service() {
        return Services.at("127.0.0.1:" + port());
    }

    /// For a system file.
    String system() {
        return "services: { api: { protocol: grpc, target: \"127.0.0.1:%d\" } }".formatted(port());
    }

    Server server() {
        return server;
    }

    @Override
    public void close() throws Exception {
        server.shutdownNow();
        server.awaitTermination(10, TimeUnit.SECONDS);
        threads.shutdownNow();
    }
}
