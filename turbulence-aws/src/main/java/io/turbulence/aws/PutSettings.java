package io.turbulence.aws;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object to be stored.
@OneOf({"body", "json", "jsonl", "file", "base64"})
record PutSettings(
        @Setting(value = "The bucket.", example = "invoices")
        String bucket,

        @Setting(value = "The object's key.", example = "\"2026/{{order_id}}.json\"")
        String key,

        @Setting(value = "The content as text; a mapping or a list is stored as JSON.", example = "hello") @Nullable
        Object body,

        @Setting(value = "The content as JSON.", example = "{order_id: o-1, total: 12}") @Nullable
        Object json,

        @Setting(value = "The content as JSON lines.", example = "[{id: 1}, {id: 2}]")
        List<Object> jsonl,

        @Setting(value = "A file with the content; it is sent as it is read.", example = "invoice.pdf") @Nullable
        Path file,

        @Setting(value = "The content as bytes in base64.", example = "AAEC") @Nullable
        String base64,

        @Setting(
                value = "What the content is. Without it `json` and the key's ending say.",
                example = "application/pdf")
        @Nullable
        String contentType,

        @Setting(value = "The object's own metadata.", example = "{source: test}")
        Map<String, String> metadata,

        @Setting(value = "How the content's checksum is taken, which the service verifies.", defaultValue = "crc32")
        Checksum checksum,

        @Setting("Whether it is stored only where there is no object with this key.")
        boolean ifNoneMatch,

        @Setting(value = "How it is kept.", example = "STANDARD_IA") @Nullable
        String storageClass) {

    /// How a checksum is taken.
    enum Checksum {
        CRC32,
        CRC32C,
        SHA1,
        SHA256,
        NONE
    }

    PutSettings {
        jsonl = jsonl == null ? List.of() : jsonl;
        metadata = metadata == null ? Map.of() : metadata;
    }
}
