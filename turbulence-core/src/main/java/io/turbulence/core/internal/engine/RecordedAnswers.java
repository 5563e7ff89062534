package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.observation.Exchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an instance was answered in an earlier run, given to it again in the place of the system. Thread-safe.
public interface RecordedAnswers {

    /// What a step was answered.
    ///
    /// @param extracted what the step found in it
    /// @param submitted whether a job's submission went well, so that the answer is its last poll's
    record Answer(Exchange exchange, Map<String, @Nullable Object> extracted, boolean submitted) {}

    /// The instance's id in that run.
    String instanceId();

    String correlationId();

    /// @param path where the step stands now, which may be elsewhere than it stood then
    /// @return null when there is none
    @Nullable
    Answer answer(InstanceInfo.Phase phase, String step, String path);
}
