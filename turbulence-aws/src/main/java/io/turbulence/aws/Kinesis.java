package io.turbulence.aws;

import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.Preparation;
import software.amazon.awssdk.services.kinesis.model.Record;

/// What the actions of Kinesis have in common.
final class Kinesis {

    static final Transport TRANSPORT = Transport.of("kinesis");

    /// As many records as the service takes at a time.
    static final int BATCH = 500;

    private static final String NAME = "[a-zA-Z0-9_.-]{1,128}";

    private Kinesis() {}

    static Frame frame(String stream, String shard, Record message) {
        byte[] data = message.data().asByteArrayUnsafe();
        Metadata.Builder facts = Metadata.builder()
                .put("status_code", 200)
                .put("stream", stream)
                .put("shard", shard)
                .put("sequence_number", message.sequenceNumber())
                .put("key", message.partitionKey());
        if (message.approximateArrivalTimestamp() != null) {
            facts.put("timestamp", message.approximateArrivalTimestamp().toEpochMilli());
        }
        return Frame.of(facts.put("size", data.length).build(), Payload.bytes(data, null));
    }

    static void check(Preparation<?> step) {
        step.constant("stream", String.class)
                .filter(stream -> !stream.matches(NAME) && !stream.startsWith("arn:"))
                .ifPresent(stream -> step.problems()
                        .error(
                                "stream",
                                "'" + stream + "'",
                                "a stream's name or ARN: up to 128 letters, digits, dots, hyphens and underscores",
                                null));
    }
}
