package io.turbulence.aws;

import io.turbulence.spi.Setting;

/// An execution whose state is asked for.
record DescribeSettings(
        @Setting(value = "The execution, as `sfn.start` told it.", example = "\"{{execution_arn}}\"")
        String executionArn,

        @Setting("Whether the payload has the execution's history, too, once it has ended.")
        boolean history,

        @Setting(
                value = "How many events of the history are told, the newest first.",
                defaultValue = "100",
                range = "1..25000")
        int maxEvents) {}
