package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Preparation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkClient;

/// Opens the client of a service that all instances share.
///
/// @param <S> the service's settings
/// @param <T> the SDK's client
abstract class Clients<S extends Record & AwsService, T extends SdkClient>
        implements ConnectionFactory.Pooled<S, Access<T>> {

    private final Class<S> settings;
    private final String client;
    private final String artifact;

    /// Each step asks where its service is, which may mean to read a profile's file.
    private final Map<S, Endpoint> places = new ConcurrentHashMap<>();

    /// @param client   the name of the SDK's class, which is asked for by name because it may not be there
    /// @param artifact where that class is
    Clients(Class<S> settings, String client, String artifact) {
        this.settings = settings;
        this.client = client;
        this.artifact = artifact;
    }

    abstract T make(S service, ServiceClient.Wiring wiring);

    @Override
    public Class<S> settings() {
        return settings;
    }

    @Override
    public Endpoint endpoint(S service) {
        Endpoint known = places.get(service);
        return known != null ? known : places.computeIfAbsent(service, Places::endpoint);
    }

    @Override
    public void prepare(Preparation<S> service) {
        ServiceChecks.check(service, client, artifact);
    }

    @Override
    public ConnectionPool<Access<T>> open(S service, OpenContext context) throws Exception {
        return AwsPool.open(service, context, wiring -> make(service, wiring));
    }
}
