package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/// Asks for an object's facts. One that is not there is no success, so `wait` waits for it.
final class HeadAction implements ProtocolAction<HeadSettings, Access<S3Client>> {

    static final String TYPE = "s3.head";

    private final S3Clients clients;

    HeadAction(S3Clients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<HeadSettings> settings() {
        return HeadSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<S3Client>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<HeadSettings> step) {
        S3Objects.check(step);
    }

    @Override
    public Observation execute(HeadSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(HeadSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
            return Exchange.run(
                    S3Objects.TRANSPORT, S3Objects.name(settings.bucket(), settings.key()), context, call -> {
                        HeadObjectResponse response = access.client()
                                .headObject(HeadObjectRequest.builder()
                                        .bucket(settings.bucket())
                                        .key(settings.key())
                                        .versionId(settings.versionId())
                                        .overrideConfiguration(call.limits())
                                        .build());
                        Map<String, Object> found = facts(response);
                        Metadata.Builder facts = Facts.of(response, call);
                        facts.put("bucket", settings.bucket());
                        facts.put("key", settings.key());
                        found.forEach(facts::put);
                        Facts.put(facts, "extended_request_id", S3Objects.extendedId(response));
                        return Facts.good(S3Objects.TRANSPORT, response, facts, Payload.document(found));
                    });
        }

        /// As a payload, too, so that expectations read it by JSONPath.
        private static Map<String, Object> facts(HeadObjectResponse response) {
            Map<String, Object> found = new LinkedHashMap<>();
            put(found, "size", response.contentLength());
            put(found, "etag", S3Objects.etag(response.eTag()));
            put(found, "version_id", response.versionId());
            put(found, "content_type", response.contentType());
            put(found, "last_modified", S3Objects.time(response.lastModified()));
            put(found, "storage_class", response.storageClassAsString());
            put(found, "user_metadata", Map.copyOf(response.metadata()));
            return found;
        }

        private static void put(Map<String, Object> found, String name, @Nullable Object value) {
            if (value != null) {
                found.put(name, value);
            }
        }
    }
}
