package io.turbulence.aws;

import io.turbulence.spi.Setting;

/// A message to be deleted.
record DeleteMessageSettings(
        @Setting(value = "The queue, by name or URL.", example = "orders")
        String queue,

        @Setting(
                value = "The handle that it was received with: `metadata.receipt_handle` of `sqs.receive`.",
                example = "\"{{handle}}\"")
        String receiptHandle) {}
