package io.turbulence.aws;

import io.turbulence.api.Observation;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;

/// Runs what a step says to a service, and tells what came of it.
final class Exchange {

    private Exchange() {}

    /// @param what the subject of messages, in quotes
    static Observation run(Transport transport, String what, ActionContext context, Work work) throws Exception {
        Call call = new Call(context);
        try {
            return ScopedValue.where(Wire.CURRENT, call).call(() -> work.run(call));
        } catch (Exception e) {
            return Failures.observation(transport, e, what, call);
        }
    }

    /// What is said to the service.
    interface Work {

        Observation run(Call call) throws Exception;
    }
}
