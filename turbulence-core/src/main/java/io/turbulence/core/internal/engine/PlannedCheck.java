package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.HeldLease;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.LeaseException;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.core.internal.plugin.PatientCall;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What a step wants to know of its peer before the first instance starts.
public record PlannedCheck<C>(ProtocolAction<?, C> action, LoadedAction loaded, String service, PeerCheck<C> check) {

    /// Asks the peer; what is wrong with the step becomes a problem of it.
    ///
    /// @param patience for the answer; a plugin that has not given up when as much time has passed again is left behind
    /// @return why the peer could not be asked; empty when it was
    public Optional<String> carryOut(InstanceConnections connections, Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.after(patience, "limit of " + Durations.text(patience));
        try {
            return PatientCall.within(
                    patience.multipliedBy(2), "turbulence-peer-check", () -> asked(connections, deadline));
        } catch (TimeoutException e) {
            return Optional.of(PluginScope.defect(
                    "the peer check of action '%s' of plugin '%s' had not come back after %s, though its deadline was %s: %s"
                            .formatted(
                                    loaded.type(),
                                    loaded.plugin().name(),
                                    Durations.text(patience.multipliedBy(2)),
                                    Durations.text(patience),
                                    PatientCall.place(e))));
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<String> asked(InstanceConnections connections, Deadline deadline) throws InterruptedException {
        PluginScope scope = loaded.scope();
        try (HeldLease<C> lease = connections.lease(service, factory(scope), deadline)) {
            return ask(lease.connection(), scope, deadline);
        } catch (LeaseException e) {
            return Optional.of(e.outcome().message());
        }
    }

    private ConnectionFactory<?, C> factory(PluginScope scope) {
        ClassLoader before = scope.enter();
        try {
            return action.connection();
        } finally {
            scope.exit(before);
        }
    }

    private Optional<String> ask(C connection, PluginScope scope, Deadline deadline) throws InterruptedException {
        ClassLoader before = scope.enter();
        try {
            check.check(connection, deadline);
            return Optional.empty();
        } catch (InterruptedException e) {
            throw e;
        } catch (LinkageError e) {
            throw scope.misfit("action '" + loaded.type() + "'", e);
        } catch (Error e) {
            throw scope.failed("action '" + loaded.type() + "'", "its peer check", e);
        } catch (Exception e) {
            return Optional.of(why(e));
        } finally {
            scope.exit(before);
        }
    }

    private String why(Exception thrown) {
        Outcome.@Nullable Failed outcome = action.classify(thrown);
        return outcome == null ? String.valueOf(thrown) : outcome.message();
    }
}
