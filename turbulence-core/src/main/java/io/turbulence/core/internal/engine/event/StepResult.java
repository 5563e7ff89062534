package io.turbulence.core.internal.engine.event;

import io.turbulence.core.internal.observation.Exchange;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one execution of a step came to.
///
/// @param path      its place with iterations and calls: `flow[3].do[0]#17`
/// @param ok        by the contract's rule: answered with success, all extracted, all expectations hold
/// @param extracted what it extracted, in order; values of secret names are masked by the recorder
/// @param exchange  null when it was skipped
/// @param errors    full sentences; empty when ok
/// @param secrets   values of this instance that must never be written
/// @param told      what `now()` told it, in order
/// @param span      what its span is made of: [Trace#spanId]
/// @param parent    the same of the step that contains it; [Trace#ROOT] where none does
/// @param account   what its plugin told of its exchanges, line by line; empty unless that was asked for
public record StepResult(
        InstanceInfo instance,
        StepInfo step,
        String path,
        Instant startedAt,
        boolean skipped,
        boolean ok,
        Map<String, @Nullable Object> extracted,
        @Nullable Exchange exchange,
        List<String> errors,
        Collection<String> secrets,
        List<Instant> told,
        long span,
        long parent,
        List<String> account) {

    /// Of a step that did not ask for the time, in no other.
    public StepResult(
            InstanceInfo instance,
            StepInfo step,
            String path,
            Instant startedAt,
            boolean skipped,
            boolean ok,
            Map<String, @Nullable Object> extracted,
            @Nullable Exchange exchange,
            List<String> errors,
            Collection<String> secrets) {
        this(
                instance,
                step,
                path,
                startedAt,
                skipped,
                ok,
                extracted,
                exchange,
                errors,
                secrets,
                List.of(),
                Trace.span(path),
                Trace.ROOT,
                List.of());
    }
}
