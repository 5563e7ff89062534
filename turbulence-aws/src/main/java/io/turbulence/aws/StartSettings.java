package io.turbulence.aws;

import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// An execution of a state machine to be started.
record StartSettings(
        @Setting(
                value = "The state machine's ARN; of a version or an alias, too.",
                example = "arn:aws:states:eu-central-1:123456789012:stateMachine:orders")
        String stateMachine,

        @Setting(value = "What it begins with, as JSON.", example = "{order_id: o-1}") @Nullable
        Object input,

        @Setting(
                value = "The execution's name, unique for 90 days. Without it the service makes one.",
                example = "\"order-{{order_id}}\"")
        @Nullable
        String executionName) {}
