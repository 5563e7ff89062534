package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Preparation;
import javax.net.ssl.SSLSocket;

/// Opens connections of HTTP. The peer and the service's `version` decide which one it is, and so how
/// many may hold it.
final class HttpConnections implements ConnectionFactory.Negotiated<HttpService, HttpConnection> {

    private final Dialer dialer = new Dialer();

    @Override
    public Class<HttpService> settings() {
        return HttpService.class;
    }

    @Override
    public Endpoint endpoint(HttpService settings) {
        return HttpUrl.parse(settings.baseUrl()).endpoint();
    }

    @Override
    public void prepare(Preparation<HttpService> service) {
        ServiceChecks.check(service);
    }

    @Override
    public HttpConnection open(HttpService settings, OpenContext context) {
        Site site = new Site(settings, context.service(), context.endpoint());
        Wire wire = dialer.dial(site, context.deadline(), context::mark);
        return speaksHttp2(site, wire)
                ? new Http2Connection(site, dialer, Http2Session.open(site, wire, context.deadline()))
                : new Http1Connection(site, dialer, wire);
    }

    /// Over TLS what was agreed upon; else only who asks for version 2 knows that the peer speaks it.
    private static boolean speaksHttp2(Site site, Wire wire) {
        SSLSocket tls = wire.tls();
        return tls == null ? site.version() == HttpVersion.HTTP_2 : "h2".equals(tls.getApplicationProtocol());
    }

    @Override
    public void close(HttpConnection connection) {
        connection.close();
    }

    @Override
    public int capacity(HttpConnection connection) {
        return connection.capacity();
    }

    @Override
    public boolean isAlive(HttpConnection connection, Deadline deadline) {
        return connection.isAlive();
    }

    @Override
    public void reset(HttpConnection connection) throws ConnectionSpent {
        connection.reset();
    }
}
