package io.turbulence.aws;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// Where state machines are.
record SfnService(
        @Setting(
                value = "The region. Without it the environment's, or the profile's.",
                example = "eu-central-1",
                templates = LOAD)
        @Nullable
        String region,

        @Setting(
                value = "Where it is, when not where AWS has it: a stand-in, a VPC's endpoint.",
                example = "http://localhost:8083",
                templates = LOAD)
        @Nullable
        String endpoint,

        @Setting(value = "Who signs the requests. Without it the SDK's own chain.", templates = LOAD) @Nullable
        Credentials credentials,

        @Setting(
                value = "What is done about answers that say to try again: `off` tells them as they are.",
                defaultValue = "off",
                templates = LOAD)
        Retries retries)
        implements AwsService {

    @Override
    public String api() {
        return "states";
    }
}
