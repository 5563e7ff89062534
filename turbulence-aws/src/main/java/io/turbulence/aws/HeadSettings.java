package io.turbulence.aws;

import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// An object whose facts are asked for.
record HeadSettings(
        @Setting(value = "The bucket.", example = "invoices")
        String bucket,

        @Setting(value = "The object's key.", example = "\"2026/{{order_id}}.json\"")
        String key,

        @Setting("Which version; without it the newest.") @Nullable
        String versionId) {}
