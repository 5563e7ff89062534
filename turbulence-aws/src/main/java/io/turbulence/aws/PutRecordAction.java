package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/// Puts records into a stream.
final class PutRecordAction implements ProtocolAction<PutRecordSettings, Access<KinesisClient>> {

    private final KinesisClients clients;

    PutRecordAction(KinesisClients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "kinesis.put";
    }

    @Override
    public Class<PutRecordSettings> settings() {
        return PutRecordSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<KinesisClient>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<PutRecordSettings> step) {
        Kinesis.check(step);
        step.constant("base64", String.class).ifPresent(base64 -> Base64Text.check(base64, "base64", step.problems()));
        if (step.sketch("records").orElse(null) instanceof List<?> records) {
            for (int number = 0; number < records.size(); number++) {
                Object base64 = switch (records.get(number)) {
                    case PutRecordSettings.Entry entry -> entry.base64();
                    case Map<?, ?> keys -> keys.get("base64");
                    default -> null;
                };
                Base64Text.check(base64, "records[" + number + "].base64", step.problems());
            }
        }
    }

    @Override
    public Observation execute(PutRecordSettings settings, Access<KinesisClient> access, ActionContext context)
            throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(PutRecordSettings settings, Access<KinesisClient> access, ActionContext context)
                throws Exception {
            return Exchange.run(
                    Kinesis.TRANSPORT,
                    "'" + settings.stream() + "'",
                    context,
                    call -> settings.records().isEmpty()
                            ? one(settings, access.client(), call)
                            : several(settings, access.client(), call));
        }

        private static Observation one(PutRecordSettings settings, KinesisClient client, Call call) {
            PutRecordSettings.Entry entry = settings.first();
            PutRecordResponse response = client.putRecord(PutRecordRequest.builder()
                    .streamName(name(settings.stream()))
                    .streamARN(arn(settings.stream()))
                    .partitionKey(key(entry, call))
                    .explicitHashKey(entry.explicitHashKey())
                    .data(data(entry, call))
                    .overrideConfiguration(call.limits())
                    .build());
            Metadata.Builder facts = Facts.of(response, call);
            facts.put("stream", settings.stream());
            facts.put("shard", response.shardId());
            facts.put("sequence_number", response.sequenceNumber());
            return Facts.good(Kinesis.TRANSPORT, response, facts, Payload.empty());
        }

        private static Observation several(PutRecordSettings settings, KinesisClient client, Call call) {
            List<PutRecordsResultEntry> results = new ArrayList<>();
            List<PutRecordSettings.Entry> records = settings.records();
            for (int from = 0; from < records.size(); from += Kinesis.BATCH) {
                PutRecordsResponse response = client.putRecords(PutRecordsRequest.builder()
                        .streamName(name(settings.stream()))
                        .streamARN(arn(settings.stream()))
                        .records(records.subList(from, Math.min(records.size(), from + Kinesis.BATCH)).stream()
                                .map(each -> entry(each, call))
                                .toList())
                        .overrideConfiguration(call.limits())
                        .build());
                results.addAll(response.records());
            }
            return observation(settings, results, call);
        }

        /// The service takes some and refuses others: then the step is no success.
        private static Observation observation(
                PutRecordSettings settings, List<PutRecordsResultEntry> results, Call call) {
            List<PutRecordsResultEntry> refused =
                    results.stream().filter(each -> each.errorCode() != null).toList();
            List<Object> receipts =
                    results.stream().<Object>map(Exchanging::receipt).toList();
            Metadata.Builder facts = Metadata.builder()
                    .put("status_code", 200)
                    .put("attempts", call.attempts())
                    .put("stream", settings.stream())
                    .put("records", results.size() - refused.size())
                    .put("not_put", refused.size());
            if (!refused.isEmpty()) {
                facts.put("error_code", refused.getFirst().errorCode());
            }
            String status = refused.isEmpty()
                    ? "200"
                    : "%s: %d of %d records were not taken, the first: %s"
                            .formatted(
                                    refused.getFirst().errorCode(),
                                    refused.size(),
                                    results.size(),
                                    refused.getFirst().errorMessage());
            return Observation.answered(
                    Kinesis.TRANSPORT, refused.isEmpty(), status, facts.build(), Payload.document(receipts));
        }

        private static Map<String, Object> receipt(PutRecordsResultEntry result) {
            Map<String, Object> receipt = new LinkedHashMap<>();
            if (result.errorCode() != null) {
                receipt.put("error_code", result.errorCode());
                receipt.put("error_message", String.valueOf(result.errorMessage()));
            } else {
                receipt.put("shard", result.shardId());
                receipt.put("sequence_number", result.sequenceNumber());
            }
            return receipt;
        }

        private static PutRecordsRequestEntry entry(PutRecordSettings.Entry entry, Call call) {
            return PutRecordsRequestEntry.builder()
                    .partitionKey(key(entry, call))
                    .explicitHashKey(entry.explicitHashKey())
                    .data(data(entry, call))
                    .build();
        }

        private static String key(PutRecordSettings.Entry entry, Call call) {
            return entry.key() == null ? call.context().instanceId() : entry.key();
        }

        private static SdkBytes data(PutRecordSettings.Entry entry, Call call) {
            if (entry.base64() != null) {
                return SdkBytes.fromByteArrayUnsafe(Base64Text.decode(entry.base64(), "base64"));
            }
            byte[] bytes = entry.json() == null && entry.data() instanceof String text
                    ? text.getBytes(UTF_8)
                    : call.context().json().write(entry.json() == null ? entry.data() : entry.json());
            return SdkBytes.fromByteArrayUnsafe(bytes);
        }

        private static @Nullable String name(String stream) {
            return stream.startsWith("arn:") ? null : stream;
        }

        private static @Nullable String arn(String stream) {
            return stream.startsWith("arn:") ? stream : null;
        }
    }
}
