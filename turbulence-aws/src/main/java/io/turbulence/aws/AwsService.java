package io.turbulence.aws;

import org.jspecify.annotations.Nullable;

/// What the services of AWS have in common.
sealed interface AwsService permits S3Service, SqsService, KinesisService, SfnService {

    /// As the SDK names it: `s3`, `states`.
    String api();

    @Nullable
    String region();

    /// Where it is, when not where AWS has it.
    @Nullable
    String endpoint();

    @Nullable
    Credentials credentials();

    Retries retries();

    /// What is done about an answer that says to try again.
    enum Retries {
        /// Nothing: it is told.
        OFF,
        /// The SDK's own three attempts.
        STANDARD,
        /// As standard, and all calls of the service are slowed down.
        ADAPTIVE
    }
}
