package io.turbulence.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.turbulence.spi.ObservedRun;

/// What all that is sent of a run has in common.
final class RunResource {

    private RunResource() {}

    static Resource of(ObservedRun run) {
        AttributesBuilder attributes = Attributes.builder()
                .put("service.version", run.version())
                .put("turbulence.run.id", run.runId())
                .put("turbulence.run.seed", run.seed());
        run.profile().ifPresent(profile -> attributes.put("turbulence.run.profile", profile));
        run.shard().ifPresent(shard -> attributes.put("turbulence.run.shard", shard));
        return Resource.create(attributes.build());
    }
}
