package io.turbulence.aws;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Deletes objects. One that is not there counts as deleted, as S3 has it.
final class DeleteAction implements ProtocolAction<DeleteSettings, Access<S3Client>> {

    /// As many as the service takes at a time.
    private static final int BATCH = 1000;

    private static final String WHOLE = "a prefix of at least one character: an empty one means the whole bucket";

    private final S3Clients clients;

    DeleteAction(S3Clients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "s3.delete";
    }

    @Override
    public Class<DeleteSettings> settings() {
        return DeleteSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<S3Client>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<DeleteSettings> step) {
        S3Objects.check(step);
        step.constant("prefix", String.class)
                .filter(String::isEmpty)
                .ifPresent(prefix -> step.problems().error("prefix", "an empty prefix", WHOLE, null));
    }

    @Override
    public Observation execute(DeleteSettings settings, Access<S3Client> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(DeleteSettings settings, Access<S3Client> access, ActionContext context)
                throws Exception {
            String prefix = settings.prefix();
            String key = settings.key();
            if (prefix != null && prefix.isEmpty()) {
                throw new FailureException(
                        Failure.PROTOCOL,
                        "'%s': the prefix is empty, so nothing was deleted; expected %s"
                                .formatted(settings.bucket(), WHOLE));
            }
            if (key != null) {
                return Exchange.run(
                        S3Objects.TRANSPORT,
                        S3Objects.name(settings.bucket(), key),
                        context,
                        call -> one(settings, key, access.client(), call));
            }
            return Exchange.run(
                    S3Objects.TRANSPORT,
                    S3Objects.name(settings.bucket(), prefix == null ? "" : prefix),
                    context,
                    call -> prefix == null
                            ? all(settings.bucket(), settings.keys(), access.client(), call)
                            : allUnder(settings.bucket(), prefix, access.client(), call));
        }

        private static Observation one(DeleteSettings settings, String key, S3Client client, Call call) {
            DeleteObjectResponse response = client.deleteObject(DeleteObjectRequest.builder()
                    .bucket(settings.bucket())
                    .key(key)
                    .versionId(settings.versionId())
                    .overrideConfiguration(call.limits())
                    .build());
            Metadata.Builder facts = Facts.of(response, call);
            facts.put("bucket", settings.bucket());
            facts.put("key", key);
            Facts.put(facts, "version_id", response.versionId());
            Facts.put(facts, "delete_marker", response.deleteMarker());
            return Facts.good(S3Objects.TRANSPORT, response, facts, Payload.empty());
        }

        private static Observation all(String bucket, List<String> keys, S3Client client, Call call) {
            Tally tally = new Tally();
            for (int from = 0; from < keys.size(); from += BATCH) {
                tally.add(batch(bucket, keys.subList(from, Math.min(keys.size(), from + BATCH)), client, call));
            }
            return tally.observation(bucket, call);
        }

        private static Observation allUnder(String bucket, String prefix, S3Client client, Call call) {
            Tally tally = new Tally();
            while (true) {
                // What was told is gone when it is asked again
                ListObjectsV2Response page = client.listObjectsV2(ListObjectsV2Request.builder()
                        .bucket(bucket)
                        .prefix(prefix)
                        .maxKeys(BATCH)
                        .overrideConfiguration(call.limits())
                        .build());
                List<String> keys = page.contents().stream().map(S3Object::key).toList();
                if (!keys.isEmpty()) {
                    tally.add(batch(bucket, keys, client, call));
                }
                if (keys.isEmpty() || !Boolean.TRUE.equals(page.isTruncated()) || !tally.errors.isEmpty()) {
                    return tally.observation(bucket, call);
                }
            }
        }

        private static DeleteObjectsResponse batch(String bucket, List<String> keys, S3Client client, Call call) {
            return client.deleteObjects(DeleteObjectsRequest.builder()
                    .bucket(bucket)
                    .delete(Delete.builder()
                            .objects(keys.stream()
                                    .map(key ->
                                            ObjectIdentifier.builder().key(key).build())
                                    .toList())
                            .build())
                    .overrideConfiguration(call.limits())
                    .build());
        }

        /// What several requests came to.
        private static final class Tally {

            private final List<Object> errors = new ArrayList<>();
            private int deleted;

            void add(DeleteObjectsResponse response) {
                deleted += response.deleted().size();
                response.errors()
                        .forEach(error -> errors.add(Map.of(
                                "key", String.valueOf(error.key()),
                                "error_code", String.valueOf(error.code()),
                                "error_message", String.valueOf(error.message()))));
            }

            Observation observation(String bucket, Call call) {
                Metadata.Builder facts = Metadata.builder()
                        .put("status_code", 200)
                        .put("attempts", call.attempts())
                        .put("bucket", bucket)
                        .put("deleted", deleted)
                        .put("not_deleted", errors.size());
                String status = errors.isEmpty()
                        ? "200"
                        : "%d of %d objects were not deleted, the first: %s"
                                .formatted(errors.size(), errors.size() + deleted, errors.getFirst());
                return Observation.answered(
                        S3Objects.TRANSPORT,
                        errors.isEmpty(),
                        status,
                        facts.build(),
                        errors.isEmpty() ? Payload.empty() : Payload.document(List.copyOf(errors)));
            }
        }
    }
}
