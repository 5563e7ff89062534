package io.turbulence.spi;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.util.List;
import java.util.Optional;

/// One kind of step: one exchange with a peer over a connection that the host lends.
///
/// Called by thousands of virtual threads at once: an action keeps no state of its own. For each
/// attempt of a step the host renders the settings, leases a connection within the step's deadline,
/// calls [#execute] on the instance's own thread, and gives the connection back afterwards, whatever
/// happened.
///
/// @param <S> the step's settings, bound from YAML
/// @param <C> what it speaks through; for a [ConnectionFactory.Subscribed] factory an [Inbox]
public interface ProtocolAction<S extends Record, C> {

    /// The step's `type`: `grpc`, `kafka.produce`. Unique among all plugins.
    String type();

    Class<S> settings();

    /// How its connections are made.
    ConnectionFactory<?, C> connection();

    /// How the connections of a step with these settings are made, where it depends on them: another of
    /// the plugin's factories for the same kind of service, such as one of producers that each run one
    /// transaction at a time.
    default ConnectionFactory<?, C> connection(S settings) {
        return connection();
    }

    /// Makes one exchange.
    ///
    /// What the peer does, good or bad, is returned. Thrown exceptions are turned into a failed outcome
    /// by [#classify], and the connection is then discarded when it is exclusive. Must end soon after the
    /// deadline, and when interrupted; what blocks without listening to interrupts is ended by a hook
    /// given to [ActionContext#onCancel].
    ///
    /// @param connection held for this call alone unless its factory is shared; never closed here
    Observation execute(S settings, C connection, ActionContext context) throws Exception;

    /// Where the connection leads, when this step's settings may lead elsewhere than its service.
    default Endpoint endpoint(S settings, Endpoint ofService) {
        return ofService;
    }

    /// The outcome that an exception thrown by [#execute] stands for.
    default Outcome.Failed classify(Exception thrown) {
        return Outcome.Failed.of(thrown);
    }

    /// Checks a step when it is loaded, before anything is sent: an unknown method, a wrong statement.
    /// Called once for each step, on one thread; nothing may be opened over the network.
    default void prepare(Preparation<S> step) {}

    /// What of a step only its peer can say, such as which methods a server has. Asked for when the step is loaded, and
    /// only when [#prepare] found nothing wrong; carried out before the first instance starts. Empty when there is
    /// nothing to ask, so that nothing is opened for it. Not for actions over a subscription.
    default Optional<PeerCheck<C>> peerCheck(Preparation<S> step) {
        return Optional.empty();
    }

    /// What must be open and positioned before the first instance starts, for this step. Called once,
    /// with settings that hold load-time values only; step-time templates are null or empty in it.
    default List<SubscriptionRequest> subscriptions(Preparation<S> step) {
        return List.of();
    }
}
