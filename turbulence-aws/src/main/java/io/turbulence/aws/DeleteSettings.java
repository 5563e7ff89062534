package io.turbulence.aws;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Objects to be deleted. One that is not there is fine.
@OneOf(
        value = {"key", "keys", "prefix"},
        required = true)
record DeleteSettings(
        @Setting(value = "The bucket.", example = "invoices")
        String bucket,

        @Setting(value = "The object's key.", example = "\"2026/{{order_id}}.json\"") @Nullable
        String key,

        @Setting("Which version of `key`; without it the newest.") @Nullable
        String versionId,

        @Setting(value = "Several keys.", example = "[a.json, b.json]")
        List<String> keys,

        @Setting(value = "All objects whose keys begin so.", example = "\"runs/{{run_id}}/\"") @Nullable
        String prefix) {

    DeleteSettings {
        keys = keys == null ? List.of() : keys;
    }
}
