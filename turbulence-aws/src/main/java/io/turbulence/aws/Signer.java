package io.turbulence.aws;

import io.turbulence.api.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/// Where a client's credentials come from.
///
/// @param own what is closed with it, the newest first
record Signer(AwsCredentialsProvider credentials, List<SdkAutoCloseable> own) {

    static Signer of(AwsService service, SdkHttpClient http, Deadline deadline) {
        Credentials given = service.credentials() == null ? Credentials.DEFAULT : service.credentials();
        Signer base = base(given);
        return given.assumeRole() == null ? base : Role.of(base, given.assumeRole(), service, http, deadline);
    }

    private static Signer base(Credentials given) {
        if (given.from() == Credentials.Source.ANONYMOUS) {
            return new Signer(AnonymousCredentialsProvider.create(), List.of());
        }
        if (given.profile() != null) {
            ProfileCredentialsProvider profile = ProfileCredentialsProvider.create(given.profile());
            return new Signer(profile, List.of(profile));
        }
        String id = given.accessKeyId();
        String secret = given.secretAccessKey();
        if (id != null && secret != null) {
            return new Signer(fixed(id, secret, given.sessionToken()), List.of());
        }
        DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
        return new Signer(chain, List.of(chain));
    }

    private static AwsCredentialsProvider fixed(String id, String secret, @Nullable String token) {
        return StaticCredentialsProvider.create(
                token == null
                        ? AwsBasicCredentials.create(id, secret)
                        : AwsSessionCredentials.create(id, secret, token));
    }

    /// Finds credentials, from a file or another machine where they have to be asked for.
    ///
    /// @throws software.amazon.awssdk.core.exception.SdkException when there are none
    void resolve() {
        credentials.resolveCredentials();
    }

    void close() {
        own.forEach(SdkAutoCloseable::close);
    }

    /// Apart, so that its classes are needed only where a role is taken on.
    private static final class Role {

        static Signer of(
                Signer base, Credentials.AssumeRole role, AwsService service, SdkHttpClient http, Deadline deadline) {
            StsClientBuilder builder = StsClient.builder()
                    .credentialsProvider(base.credentials())
                    .region(Places.region(service))
                    .httpClient(http)
                    .overrideConfiguration(
                            configuration -> configuration.apiCallTimeout(Duration.ofMillis(deadline.timeoutMillis())));
            if (role.endpoint() != null) {
                builder.endpointOverride(URI.create(role.endpoint()));
            }
            StsClient sts = builder.build();
            StsAssumeRoleCredentialsProvider provider = StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(sts)
                    .refreshRequest(AssumeRoleRequest.builder()
                            .roleArn(role.roleArn())
                            .roleSessionName(role.sessionName())
                            .externalId(role.externalId())
                            .durationSeconds(Math.toIntExact(role.duration().toSeconds()))
                            .build())
                    .build();
            List<SdkAutoCloseable> own = new ArrayList<>();
            own.add(provider);
            own.add(sts);
            own.addAll(base.own());
            return new Signer(provider, own);
        }
    }
}
