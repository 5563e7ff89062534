package io.turbulence.aws;

import io.turbulence.api.DataSize;
import java.util.List;
import java.util.Map;

/// Settings of steps, as tests need them.
final class Objects {

    private Objects() {}

    static PutSettings put(String bucket, String key, String text) {
        return new PutSettings(
                bucket,
                key,
                text,
                null,
                List.of(),
                null,
                null,
                null,
                Map.of(),
                PutSettings.Checksum.CRC32,
                false,
                null);
    }

    static GetSettings get(String bucket, String key) {
        return get(bucket, key, GetSettings.As.AUTO, false);
    }

    static GetSettings get(String bucket, String key, GetSettings.As as, boolean stream) {
        return new GetSettings(bucket, key, null, null, as, stream, true, ",", null, DataSize.parse("64 MiB"), true);
    }

    static ListSettings list(String bucket, int pageSize) {
        return new ListSettings(bucket, null, null, null, 0, pageSize);
    }
}
