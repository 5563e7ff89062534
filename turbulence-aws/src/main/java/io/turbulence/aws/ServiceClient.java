package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PoolSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;

/// A client of the SDK with all that it needs: its HTTP client, its credentials, its timer. Thread-safe.
///
/// @param <T> the SDK's client
final class ServiceClient<T extends SdkClient> {

    /// Only the step's own time limit ends an exchange.
    private static final Duration NEVER = Duration.ofHours(1);

    private final T client;
    private final SdkHttpClient http;
    private final Signer signer;
    private final ScheduledThreadPoolExecutor timer;

    private ServiceClient(T client, SdkHttpClient http, Signer signer, ScheduledThreadPoolExecutor timer) {
        this.client = client;
        this.http = http;
        this.signer = signer;
        this.timer = timer;
    }

    /// Makes a client of a service.
    interface Maker<T> {

        T make(Wiring wiring);
    }

    /// What a client's builder is given.
    record Wiring(
            AwsService service,
            @Nullable URI endpoint,
            SdkHttpClient http,
            AwsCredentialsProvider credentials,
            ClientOverrideConfiguration configuration) {

        <B extends AwsClientBuilder<B, T> & AwsSyncClientBuilder<B, T>, T> B into(B builder) {
            builder.httpClient(http)
                    .credentialsProvider(credentials)
                    .region(Places.region(service))
                    .overrideConfiguration(configuration);
            return endpoint == null ? builder : builder.endpointOverride(endpoint);
        }
    }

    /// Opens one with so many connections at most. The place has been reached and there are credentials when this
    /// returns; nothing has been sent to the service.
    static <T extends SdkClient> ServiceClient<T> open(
            AwsService service, int connections, OpenContext context, Maker<T> maker) throws Exception {
        reach(context);
        ScheduledThreadPoolExecutor timer = timer(context.service());
        SdkHttpClient http = http(context.pool(), connections);
        Signer signer = null;
        boolean good = false;
        try {
            signer = Signer.of(service, http, context.deadline());
            check(signer, service, context.service());
            Wiring wiring = new Wiring(
                    service,
                    Places.override(service, context.endpoint()),
                    http,
                    signer.credentials(),
                    configuration(service, timer));
            ServiceClient<T> opened = new ServiceClient<>(maker.make(wiring), http, signer, timer);
            good = true;
            return opened;
        } finally {
            if (!good) {
                timer.shutdownNow();
                http.close();
                if (signer != null) {
                    signer.close();
                }
            }
        }
    }

    private static void reach(OpenContext context) throws IOException {
        Endpoint at = context.endpoint();
        if (isProxied(at)) {
            return;
        }
        InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(at.host());
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, context.deadline().timeoutMillis());
        } catch (java.net.ConnectException e) {
            throw new FailureException(
                    Failure.CONNECT, "could not connect to '%s': %s".formatted(at.authority(), e.getMessage()), e);
        }
    }

    private static boolean isProxied(Endpoint at) {
        String upper = at.scheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
        if (System.getenv(upper) != null || System.getenv(upper.toLowerCase(java.util.Locale.ROOT)) != null) {
            return true;
        }
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> proxies = selector == null ? List.of() : selector.select(URI.create(at.toString()));
        return proxies.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
    }

    /// Nothing is said about the service's own place: it was not asked.
    private static void check(Signer signer, AwsService service, String name) {
        try {
            signer.resolve();
        } catch (SdkException e) {
            Credentials given = service.credentials();
            String message = given != null && given.assumeRole() != null
                    ? "'%s': the role '%s' was not given by STS at '%s': %s"
                            .formatted(
                                    name,
                                    given.assumeRole().roleArn(),
                                    Places.sts(service, given.assumeRole()),
                                    Failures.sentence(e))
                    : "'%s': there are no credentials: %s. Set 'credentials' on the service, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                            .formatted(name, Failures.sentence(e));
            throw new FailureException(Failure.PROTOCOL, message, e);
        }
    }

    private static SdkHttpClient http(PoolSettings pool, int connections) {
        return new WatchedHttpClient(Apache5HttpClient.builder()
                .maxConnections(connections)
                .connectionTimeout(pool.connectTimeout())
                .connectionMaxIdleTime(pool.idleTimeout())
                .connectionTimeToLive(pool.maxLifetime())
                .socketTimeout(NEVER)
                .build());
    }

    private static ScheduledThreadPoolExecutor timer(String service) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .name("turbulence-aws-" + service + "-timer")
                        .factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ClientOverrideConfiguration configuration(AwsService service, ScheduledThreadPoolExecutor timer) {
        ClientOverrideConfiguration.Builder configuration = ClientOverrideConfiguration.builder()
                .scheduledExecutorService(timer)
                .retryStrategy(retries(service.retries()));
        if (service.endpoint() != null) {
            // A stand-in has one name
            configuration.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true);
        }
        return configuration.build();
    }

    private static RetryStrategy retries(AwsService.Retries retries) {
        return switch (retries) {
            case OFF -> AwsRetryStrategy.doNotRetry();
            case STANDARD -> AwsRetryStrategy.standardRetryStrategy();
            case ADAPTIVE -> AwsRetryStrategy.adaptiveRetryStrategy();
        };
    }

    T client() {
        return client;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    void close() {
        client.close();
        http.close();
        signer.close();
        timer.shutdownNow();
    }
}
