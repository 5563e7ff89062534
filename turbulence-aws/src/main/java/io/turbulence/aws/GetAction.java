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
import java.math.BigInteger;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Reads an object.
final class GetAction implements ProtocolAction<GetSettings, Access<S3Client>> {

    private static final String RANGE = "(bytes=)?(\\d+-\\d*|-\\d+)";

    private final S3Clients clients;

    GetAction(S3Clients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "s3.get";
    }

    @Override
    public Class<GetSettings> settings() {
        return GetSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<S3Client>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<GetSettings> step) {
        S3Objects.check(step);
        step.constant("range", String.class)
                .filter(range -> !range.matches(RANGE))
                .ifPresent(
                        range -> step.problems().error("range", "'" + range + "'", "'0-99', '100-' or '-100'", null));
        step.constant("range", String.class)
                .filter(range -> range.matches(RANGE) && isBackwards(range))
                .ifPresent(range -> step.problems()
                        .error(
                                "range",
                                "'" + range + "', which ends before it begins",
                                "'0-99', '100-' or '-100'",
                                null));
        step.constant("as", GetSettings.As.class)
                .filter(as -> as != GetSettings.As.CSV && as != GetSettings.As.JSONL && as != GetSettings.As.AUTO)
                .filter(as -> step.constant("stream", Boolean.class).orElse(false))
                .ifPresent(as -> step.problems()
                        .error(
                                "stream",
                                "a stream",
                                "'as: csv' or 'as: jsonl' beside it",
                                "other content has no rows"));
    }

    private static boolean isBackwards(String range) {
        String[] ends = range.replace("bytes=", "").split("-", 2);
        return !ends[0].isEmpty()
                && !ends[1].isEmpty()
                && new BigInteger(ends[1]).compareTo(new BigInteger(ends[0])) < 0;
    }

    @Override
    public Observation execute(GetSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(GetSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
            String name = S3Objects.name(settings.bucket(), settings.key());
            return Exchange.run(S3Objects.TRANSPORT, name, context, call -> {
                ObjectContent content = access.client().getObject(request(settings, call), ObjectContent.unread());
                call.begin(content.stream());
                Download download = new Download(name, content, settings.verify());
                boolean kept = false;
                try {
                    Metadata.Builder facts = facts(settings, content.response(), download, call);
                    ObjectReader reader = new ObjectReader(settings, content.response(), download, context);
                    if (reader.isStream()) {
                        kept = true;
                        return Facts.good(S3Objects.TRANSPORT, content.response(), facts, reader.stream());
                    }
                    download.limit(context.deadline(), access.timer());
                    Payload payload = reader.whole();
                    return Facts.good(S3Objects.TRANSPORT, content.response(), facts, payload);
                } finally {
                    if (!kept) {
                        download.close();
                    }
                }
            });
        }

        private static GetObjectRequest request(GetSettings settings, Call call) {
            String range = settings.range();
            if (range != null && !range.matches(RANGE)) {
                throw new FailureException(
                        Failure.PROTOCOL, "'%s' is no range such as '0-99', '100-' or '-100'".formatted(range));
            }
            GetObjectRequest.Builder request = GetObjectRequest.builder()
                    .bucket(settings.bucket())
                    .key(settings.key())
                    .versionId(settings.versionId())
                    .range(range == null || range.startsWith("bytes=") ? range : "bytes=" + range)
                    .overrideConfiguration(call.limits());
            if (settings.verify() && range == null) {
                request.checksumMode(ChecksumMode.ENABLED);
            }
            return request.build();
        }

        private static Metadata.Builder facts(
                GetSettings settings, GetObjectResponse response, Download download, Call call) {
            Metadata.Builder facts = Facts.of(response, call);
            facts.put("bucket", settings.bucket());
            facts.put("key", settings.key());
            Facts.put(facts, "size", response.contentLength());
            Facts.put(facts, "range", response.contentRange());
            Facts.put(facts, "etag", S3Objects.etag(response.eTag()));
            Facts.put(facts, "version_id", response.versionId());
            Facts.put(facts, "content_type", response.contentType());
            Facts.put(facts, "content_encoding", response.contentEncoding());
            Facts.put(facts, "last_modified", S3Objects.time(response.lastModified()));
            facts.put("user_metadata", Map.copyOf(response.metadata()));
            Facts.put(facts, "verified_by", download.verification());
            Facts.put(facts, "extended_request_id", S3Objects.extendedId(response));
            return facts;
        }
    }
}
