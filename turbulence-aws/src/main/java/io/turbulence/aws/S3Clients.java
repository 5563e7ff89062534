package io.turbulence.aws;

import software.amazon.awssdk.services.s3.S3Client;

/// Opens clients of S3.
final class S3Clients extends Clients<S3Service, S3Client> {

    S3Clients() {
        super(S3Service.class, "software.amazon.awssdk.services.s3.S3Client", "s3");
    }

    @Override
    S3Client make(S3Service service, ServiceClient.Wiring wiring) {
        return wiring.into(S3Client.builder())
                .forcePathStyle(service.pathStyle())
                .build();
    }
}
