package io.turbulence.examples.pipeline;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The SDK's clients for what stands in for AWS here.
final class Clients {

    static final String UPLOADS = "uploads";
    static final String RESULTS = "results";

    private Clients() {}

    static SqsClient queues(String url) {
        return SqsClient.builder()
                .endpointOverride(URI.create(url))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(Apache5HttpClient.create())
                .build();
    }

    static S3Client objects(String url) {
        return S3Client.builder()
                .endpointOverride(URI.create(url))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .forcePathStyle(true)
                .httpClient(Apache5HttpClient.create())
                .build();
    }
}
