package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;

/// What every answer of AWS tells.
final class Facts {

    private Facts() {}

    static Metadata.Builder of(AwsResponse response, Call call) {
        Metadata.Builder facts =
                Metadata.builder().put("status_code", response.sdkHttpResponse().statusCode());
        put(facts, "request_id", known(response.responseMetadata().requestId()));
        return facts.put("attempts", call.attempts());
    }

    /// The SDK's word for an id that an answer does not have is no id.
    static @Nullable String known(@Nullable String id) {
        return "UNKNOWN".equals(id) ? null : id;
    }

    static void put(Metadata.Builder facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    static Observation good(Transport transport, AwsResponse response, Metadata.Builder facts, Payload payload) {
        return Observation.answered(
                transport, true, String.valueOf(response.sdkHttpResponse().statusCode()), facts.build(), payload);
    }
}
