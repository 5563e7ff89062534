package io.turbulence.aws;

import io.turbulence.api.Transport;
import io.turbulence.spi.Preparation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Response;

/// What the actions of S3 have in common.
final class S3Objects {

    static final Transport TRANSPORT = Transport.of("s3");

    private S3Objects() {}

    /// The subject of messages.
    static String name(String bucket, String key) {
        return "'" + bucket + "/" + key + "'";
    }

    static void check(Preparation<?> step) {
        step.constant("bucket", String.class)
                .filter(bucket -> !bucket.startsWith("arn:") && !bucket.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}"))
                .ifPresent(bucket -> step.problems()
                        .error(
                                "bucket",
                                "'" + bucket + "'",
                                "3 to 63 lower case letters, digits, dots and hyphens",
                                null));
        step.constant("key", String.class)
                .filter(String::isEmpty)
                .ifPresent(key -> step.problems().error("key", "an empty key", "1 to 1024 bytes", null));
    }

    /// Without the quotes that HTTP puts around it.
    static @Nullable String etag(@Nullable String etag) {
        return etag == null ? null : etag.replace("\"", "");
    }

    static @Nullable String extendedId(S3Response response) {
        return Facts.known(response.responseMetadata().extendedRequestId());
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
