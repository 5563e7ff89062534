package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The objects of a bucket, a page at a time. Of the instance's thread, apart from its closing.
final class ObjectPages implements PayloadStream {

    private final ListSettings settings;
    private final S3Client client;
    private final Call call;
    private final Queue<Frame> page = new ArrayDeque<>();
    private ListObjectsV2Response newest;
    private int pages = 1;
    private long told;
    private volatile boolean closed;
    private @Nullable Observation broken;

    private ObjectPages(ListSettings settings, S3Client client, Call call, ListObjectsV2Response first) {
        this.settings = settings;
        this.client = client;
        this.call = call;
        this.newest = first;
        take(first);
    }

    static ObjectPages first(ListSettings settings, S3Client client, Call call) {
        ListObjectsV2Response first = client.listObjectsV2(request(settings)
                .startAfter(settings.startAfter())
                .overrideConfiguration(call.limits())
                .build());
        return new ObjectPages(settings, client, call, first);
    }

    private static ListObjectsV2Request.Builder request(ListSettings settings) {
        return ListObjectsV2Request.builder()
                .bucket(settings.bucket())
                .prefix(settings.prefix())
                .delimiter(settings.delimiter())
                .maxKeys(settings.pageSize());
    }

    ListObjectsV2Response newest() {
        return newest;
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        while (page.isEmpty()) {
            if (closed || broken != null || isWhole() || !Boolean.TRUE.equals(newest.isTruncated())) {
                return null;
            }
            if (deadline.expired()) {
                throw new TimeoutException("no page within the " + deadline.limit());
            }
            turn(deadline);
        }
        if (closed || isWhole()) {
            return null;
        }
        told++;
        return page.remove();
    }

    private boolean isWhole() {
        return settings.max() > 0 && told >= settings.max();
    }

    private void turn(Deadline deadline) throws Exception {
        ListObjectsV2Request request = request(settings)
                .continuationToken(newest.nextContinuationToken())
                .overrideConfiguration(limit -> limit.apiCallTimeout(Duration.ofMillis(deadline.timeoutMillis())))
                .build();
        try {
            newest = ScopedValue.where(Wire.CURRENT, call).call(() -> client.listObjectsV2(request));
        } catch (ApiCallTimeoutException e) {
            throw new TimeoutException("no page within the " + deadline.limit());
        } catch (Exception e) {
            broken = Failures.observation(S3Objects.TRANSPORT, e, "'" + settings.bucket() + "'", call);
            return;
        }
        pages++;
        take(newest);
    }

    private void take(ListObjectsV2Response response) {
        for (CommonPrefix prefix : response.commonPrefixes()) {
            page.add(Frame.of(Payload.document(Map.of("prefix", prefix.prefix()))));
        }
        for (S3Object each : response.contents()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("key", each.key());
            object.put("size", each.size());
            object.put("etag", String.valueOf(S3Objects.etag(each.eTag())));
            object.put("last_modified", String.valueOf(each.lastModified()));
            page.add(Frame.of(Payload.document(object)));
        }
    }

    @Override
    public Ending ending() {
        Metadata.Builder facts = broken == null ? Metadata.builder() : broken.metadata().toBuilder();
        return new Ending(
                broken == null ? null : broken.outcome(),
                facts.put("objects", told)
                        .put("pages", pages)
                        .put("attempts", call.attempts())
                        .build());
    }

    @Override
    public void close() {
        closed = true;
    }
}
