package io.turbulence.aws;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One record, or several, to be put into a stream.
@OneOf(
        value = {"data", "json", "base64", "records"},
        required = true)
record PutRecordSettings(
        @Setting(value = "The stream, by name or ARN.", example = "clicks")
        String stream,

        @Setting(
                value = "The partition key: records with the same one come in order. Without it the instance's id.",
                example = "\"{{order_id}}\"")
        @Nullable
        String key,

        @Setting(value = "The record as text; a mapping or a list is sent as JSON.", example = "hello") @Nullable
        Object data,

        @Setting(value = "The record as JSON.", example = "{order_id: o-1}") @Nullable
        Object json,

        @Setting(value = "The record as bytes in base64.", example = "AAEC") @Nullable
        String base64,

        @Setting("The hash that decides the shard, instead of the key's.") @Nullable
        String explicitHashKey,

        @Setting("Several records, 500 in one request; the keys of each are as those of one.")
        List<Entry> records) {

    /// One of several records.
    @OneOf(
            value = {"data", "json", "base64"},
            required = true)
    record Entry(
            @Setting("The partition key.") @Nullable String key,

            @Setting("The record as text; a mapping or a list is sent as JSON.") @Nullable
            Object data,

            @Setting("The record as JSON.") @Nullable Object json,

            @Setting("The record as bytes in base64.") @Nullable
            String base64,

            @Setting("The hash that decides the shard, instead of the key's.") @Nullable
            String explicitHashKey) {}

    PutRecordSettings {
        records = records == null ? List.of() : records;
    }

    Entry first() {
        return new Entry(key, data, json, base64, explicitHashKey);
    }
}
