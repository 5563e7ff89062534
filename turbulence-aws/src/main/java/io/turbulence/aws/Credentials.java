package io.turbulence.aws;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who signs the requests.
@OneOf({"from", "profile", "access_key_id"})
record Credentials(
        @Setting(
                value = "`default`: the SDK's own chain (environment, profile, container, machine). `anonymous`:"
                        + " nothing is signed.",
                whenScalar = true,
                example = "anonymous",
                templates = LOAD)
        @Nullable
        Source from,

        @Setting(
                value = "A profile of `~/.aws/config` and `~/.aws/credentials`.",
                example = "staging",
                templates = LOAD)
        @Nullable
        String profile,

        @Setting(value = "The id of an access key.", example = "\"{{env.AWS_ACCESS_KEY_ID}}\"", templates = LOAD)
        @Nullable
        String accessKeyId,

        @Setting(value = "The access key's secret.", secret = true, templates = LOAD) @Nullable
        String secretAccessKey,

        @Setting(value = "The session's token, with keys that are for a while.", secret = true, templates = LOAD)
        @Nullable
        String sessionToken,

        @Setting(value = "A role that is taken on with these credentials.", templates = LOAD) @Nullable
        AssumeRole assumeRole) {

    /// Where they come from when they are not given here.
    enum Source {
        DEFAULT,
        ANONYMOUS
    }

    /// A role that is taken on.
    record AssumeRole(
            @Setting(
                    value = "The role.",
                    whenScalar = true,
                    example = "arn:aws:iam::123456789012:role/tester",
                    templates = LOAD)
            String roleArn,

            @Setting(value = "The session's name.", defaultValue = "turbulence", templates = LOAD)
            String sessionName,

            @Setting(value = "What the role's owner asks for.", templates = LOAD) @Nullable
            String externalId,

            @Setting(
                    value = "How long they are good for; they are renewed before.",
                    defaultValue = "1h",
                    range = "900..43200",
                    templates = LOAD)
            Duration duration,

            @Setting(value = "Where STS is, when not where AWS has it.", templates = LOAD) @Nullable
            String endpoint) {}

    static final Credentials DEFAULT = new Credentials(Source.DEFAULT, null, null, null, null, null);

    static final Credentials ANONYMOUS = new Credentials(Source.ANONYMOUS, null, null, null, null, null);

    static Credentials of(String accessKeyId, String secretAccessKey) {
        return new Credentials(null, null, accessKeyId, secretAccessKey, null, null);
    }
}
