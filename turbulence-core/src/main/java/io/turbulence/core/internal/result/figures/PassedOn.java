package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepResult;
import org.jspecify.annotations.Nullable;

/// Passes on what it hears; whoever listens on the way overrides what it wants to hear.
public abstract class PassedOn implements RunListener {

    private final RunListener next;

    public PassedOn(RunListener next) {
        this.next = next;
    }

    @Override
    public void waitingFor(@Nullable String what) {
        next.waitingFor(what);
    }

    @Override
    public void instanceStarted(InstanceInfo instance) {
        next.instanceStarted(instance);
    }

    @Override
    public void stepFinished(StepResult result) {
        next.stepFinished(result);
    }

    @Override
    public void assertionChecked(AssertionResult result) {
        next.assertionChecked(result);
    }

    @Override
    public void instanceFinished(InstanceResult result) {
        next.instanceFinished(result);
    }

    @Override
    public void arrived(String scenario, boolean warmUp, long lateNanos) {
        next.arrived(scenario, warmUp, lateNanos);
    }

    @Override
    public void arrivalDropped(String scenario, boolean warmUp) {
        next.arrivalDropped(scenario, warmUp);
    }

    @Override
    public void allStarted() {
        next.allStarted();
    }

    @Override
    public void roundStarted(int index) {
        next.roundStarted(index);
    }
}
