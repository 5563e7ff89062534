package io.turbulence.aws;

import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// Objects to be listed, one by one, from all pages.
record ListSettings(
        @Setting(value = "The bucket.", example = "invoices")
        String bucket,

        @Setting(value = "Only keys that begin so.", example = "2026/") @Nullable
        String prefix,

        @Setting(
                value = "Keys that are the same up to this after the prefix are told once, as `prefix`.",
                example = "/")
        @Nullable
        String delimiter,

        @Setting("Only keys after this one.") @Nullable String startAfter,

        @Setting(value = "How many at most; 0 is all.", defaultValue = "0", range = "0..")
        long max,

        @Setting(value = "How many the service tells at a time.", defaultValue = "1000", range = "1..1000")
        int pageSize) {}
