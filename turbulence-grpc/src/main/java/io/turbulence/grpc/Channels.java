package io.turbulence.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Opens and closes channels.
final class Channels implements ConnectionFactory.Shared<GrpcService, GrpcChannel> {

    private final Schemas schemas;
    private final CallMetadata callMetadata = new CallMetadata();
    private final EventLoops eventLoops = new EventLoops();
    private final Map<GrpcService.Tls, SslContext> sslContexts = new ConcurrentHashMap<>();

    Channels(Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public Class<GrpcService> settings() {
        return GrpcService.class;
    }

    @Override
    public Endpoint endpoint(GrpcService settings) {
        return settings.endpoint();
    }

    @Override
    public void prepare(Preparation<GrpcService> service) {
        new ServiceChecks(service, schemas).check();
    }

    @Override
    public GrpcChannel open(GrpcService settings, OpenContext context) throws Exception {
        GrpcChannel channel = open(settings, context.endpoint(), context.deadline());
        context.mark(Phase.CONNECTED);
        if (settings.encrypted()) {
            context.mark(Phase.SECURED);
        }
        return channel;
    }

    GrpcChannel open(GrpcService settings, Endpoint endpoint, Deadline deadline) throws InterruptedException {
        Schema schema = schemas.of(settings);
        Metadata metadata = callMetadata.of(settings.metadata());
        EventLoops.Running loops = eventLoops.join();
        ManagedChannel managed = null;
        boolean open = false;
        try {
            managed = managed(settings, endpoint, loops);
            GrpcChannel channel = new GrpcChannel(managed, loops, endpoint, settings, metadata, schema);
            channel.connect(deadline);
            schema.reachedBy(channel);
            open = true;
            return channel;
        } finally {
            if (!open) {
                giveUp(managed);
            }
        }
    }

    private void giveUp(@Nullable ManagedChannel managed) throws InterruptedException {
        try {
            if (managed != null) {
                GrpcChannel.end(managed);
            }
        } finally {
            eventLoops.leave();
        }
    }

    @Override
    public void close(GrpcChannel channel) throws Exception {
        try {
            channel.close();
        } finally {
            eventLoops.leave();
        }
    }

    @Override
    public boolean isHealthy(GrpcChannel channel, Deadline deadline) throws Exception {
        return channel.isHealthy(deadline);
    }

    private ManagedChannel managed(GrpcService settings, Endpoint endpoint, EventLoops.Running loops) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + endpoint.authority())
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .offloadExecutor(task -> Thread.ofPlatform()
                        .daemon()
                        .name("turbulence-grpc-resolve " + endpoint.host())
                        .start(task))
                .proxyDetector(address -> null)
                .disableServiceConfigLookUp()
                .userAgent("turbulence/" + Version.TEXT)
                .maxInboundMessageSize((int) Math.min(
                        Integer.MAX_VALUE, settings.maxInboundMessageSize().bytes()))
                .defaultLoadBalancingPolicy(
                        switch (settings.loadBalancing()) {
                            case PICK_FIRST -> "pick_first";
                            case ROUND_ROBIN -> "round_robin";
                        });
        if (settings.authority() != null) {
            builder.overrideAuthority(settings.authority());
        }
        GrpcService.Tls tls = settings.tls();
        if (tls != null && tls.enabled()) {
            builder.sslContext(sslContexts.computeIfAbsent(tls, Channels::sslContext));
        } else {
            builder.usePlaintext();
        }
        keepalive(settings.keepalive(), builder);
        return builder.eventLoopGroup(loops.group()).build();
    }

    private static void keepalive(GrpcService.@Nullable Keepalive keepalive, NettyChannelBuilder builder) {
        if (keepalive != null) {
            builder.keepAliveTime(keepalive.time().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(keepalive.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveWithoutCalls(keepalive.withoutCalls());
        }
    }

    /// The JDK's own TLS: it is there on every platform, and follows the JDK's settings.
    private static SslContext sslContext(GrpcService.Tls tls) {
        try {
            SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
            if (tls.insecureSkipVerify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else if (tls.ca() != null) {
                builder.trustManager(tls.ca().toFile());
            }
            if (tls.cert() != null && tls.key() != null) {
                builder.keyManager(tls.cert().toFile(), tls.key().toFile());
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new FailureException(Failure.TLS, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
