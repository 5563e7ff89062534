package io.turbulence.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/// Servers' sides of TLS.
final class Tls {

    private Tls() {}

    static SslContext askingForCertificates(Certificates certificates) {
        try {
            return GrpcSslContexts.configure(
                            SslContextBuilder.forServer(
                                    certificates.serverCert.toFile(), certificates.serverKey.toFile()),
                            SslProvider.JDK)
                    .trustManager(certificates.ca.toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
