package io.turbulence.aws;

import io.turbulence.api.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/// Where services are, from what is known without asking anybody.
final class Places {

    /// Stand-ins are in no region, yet requests are signed for one.
    private static final Region ANY = Region.US_EAST_1;

    private Places() {}

    static Endpoint endpoint(AwsService service) {
        URI uri = uri(service);
        boolean plain = "http".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : plain ? 80 : 443;
        return Endpoint.of(plain ? "http" : "https", String.valueOf(uri.getHost()), port);
    }

    private static URI uri(AwsService service) {
        String endpoint = service.endpoint();
        if (endpoint != null) {
            return URI.create(endpoint);
        }
        URI known = ServiceMetadata.of(service.api()).endpointFor(region(service));
        return URI.create("https://" + known);
    }

    /// Where roles are taken on.
    static String sts(AwsService service, Credentials.AssumeRole role) {
        String endpoint = role.endpoint();
        return endpoint != null
                ? endpoint
                : String.valueOf(ServiceMetadata.of("sts").endpointFor(region(service)));
    }

    /// The service's address at that place: its own, with this host and port.
    static @Nullable URI override(AwsService service, Endpoint at) {
        if (service.endpoint() == null) {
            return null;
        }
        URI own = URI.create(service.endpoint());
        String host = at.host().indexOf(':') >= 0 ? "[" + at.host() + "]" : at.host();
        String path = own.getRawPath() == null ? "" : own.getRawPath();
        return URI.create(at.scheme() + "://" + host + ":" + at.port() + path);
    }

    /// @throws IllegalArgumentException when it is not known, which the checks at load tell
    static Region region(AwsService service) {
        return knownRegion(service)
                .orElseThrow(() -> new IllegalArgumentException("no region is set for '" + service.api() + "'"));
    }

    static Optional<Region> knownRegion(AwsService service) {
        if (service.region() != null) {
            return Optional.of(Region.of(service.region()));
        }
        Optional<Region> found = fromEnvironment(service);
        return found.isEmpty() && service.endpoint() != null ? Optional.of(ANY) : found;
    }

    private static Optional<Region> fromEnvironment(AwsService service) {
        Credentials credentials = service.credentials();
        String profile = credentials == null ? null : credentials.profile();
        AwsRegionProvider ofProfile = profile == null
                ? new AwsProfileRegionProvider()
                : new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, profile);
        AwsRegionProviderChain chain = profile == null
                ? new AwsRegionProviderChain(new SystemSettingsRegionProvider(), ofProfile)
                : new AwsRegionProviderChain(ofProfile, new SystemSettingsRegionProvider());
        try {
            return Optional.ofNullable(chain.getRegion());
        } catch (SdkClientException e) {
            return Optional.empty();
        }
    }

    /// Why it is no endpoint; null when it is one.
    static @Nullable String flaw(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawQuery() == null ? null : "'" + endpoint + "'";
        } catch (URISyntaxException e) {
            return "'" + endpoint + "'";
        }
    }
}
