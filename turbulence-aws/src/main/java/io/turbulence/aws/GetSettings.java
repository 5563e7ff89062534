package io.turbulence.aws;

import io.turbulence.api.DataSize;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An object to be read.
@OneOf({"as", "to"})
@OneOf({"stream", "to"})
record GetSettings(
        @Setting(value = "The bucket.", example = "invoices")
        String bucket,

        @Setting(value = "The object's key.", example = "\"2026/{{order_id}}.json\"")
        String key,

        @Setting("Which version; without it the newest.") @Nullable
        String versionId,

        @Setting(
                value = "Which bytes: `first-last`, `first-`, or `-n` for the last n; both ends included, from 0.",
                example = "0-99")
        @Nullable
        String range,

        @Setting(
                value = "How the content is read: by the object's content type and its key's ending (`auto`), as given"
                        + " here, or not kept at all, only verified (`none`).",
                defaultValue = "auto")
        As as,

        @Setting("Whether the rows of `csv` and the lines of `jsonl` come one by one, however many they are.")
        boolean stream,

        @Setting(value = "Whether the first row of `csv` names the columns.", defaultValue = "true")
        boolean header,

        @Setting(value = "What stands between the fields of `csv`.", defaultValue = "\",\"", range = "1..1")
        String delimiter,

        @Setting(value = "A file that the content is written to.", example = "target/invoice.pdf") @Nullable
        Path to,

        @Setting(
                value = "The largest content that is kept in memory. A larger one fails with `TOO_LARGE`.",
                defaultValue = "64 MiB")
        DataSize maxSize,

        @Setting(
                value = "Whether the content is compared with the checksum, else with the ETag where it is an MD5.",
                defaultValue = "true")
        boolean verify) {

    /// How content is read.
    enum As {
        AUTO,
        JSON,
        TEXT,
        CSV,
        JSONL,
        BYTES,
        NONE
    }
}
