package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/// Stores an object.
final class PutAction implements ProtocolAction<PutSettings, Access<S3Client>> {

    private final S3Clients clients;

    PutAction(S3Clients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "s3.put";
    }

    @Override
    public Class<PutSettings> settings() {
        return PutSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<S3Client>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<PutSettings> step) {
        S3Objects.check(step);
        step.constant("base64", String.class).ifPresent(base64 -> Base64Text.check(base64, "base64", step.problems()));
        step.constant("file", Path.class)
                .filter(file -> !Files.isReadable(file))
                .ifPresent(file -> step.problems().error("file", "'" + file + "' cannot be read", "a file", null));
    }

    @Override
    public Observation execute(PutSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(PutSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
            ObjectBody body = ObjectBody.of(settings, context.json());
            return Exchange.run(
                    S3Objects.TRANSPORT, S3Objects.name(settings.bucket(), settings.key()), context, call -> {
                        PutObjectResponse response =
                                access.client().putObject(request(settings, body, call), body.content());
                        Metadata.Builder facts = Facts.of(response, call);
                        facts.put("bucket", settings.bucket());
                        facts.put("key", settings.key());
                        facts.put("size", body.size());
                        Facts.put(facts, "etag", S3Objects.etag(response.eTag()));
                        Facts.put(facts, "version_id", response.versionId());
                        Facts.put(facts, "extended_request_id", S3Objects.extendedId(response));
                        return Facts.good(S3Objects.TRANSPORT, response, facts, Payload.empty());
                    });
        }

        private static PutObjectRequest request(PutSettings settings, ObjectBody body, Call call) {
            PutObjectRequest.Builder request = PutObjectRequest.builder()
                    .bucket(settings.bucket())
                    .key(settings.key())
                    .contentType(settings.contentType() == null ? body.type() : settings.contentType())
                    .metadata(settings.metadata())
                    .storageClass(settings.storageClass())
                    .overrideConfiguration(call.limits());
            if (settings.checksum() != PutSettings.Checksum.NONE) {
                request.checksumAlgorithm(
                        ChecksumAlgorithm.fromValue(settings.checksum().name()));
            }
            if (settings.ifNoneMatch()) {
                request.ifNoneMatch("*");
            }
            return request.build();
        }
    }
}
