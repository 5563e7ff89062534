package io.turbulence.spi;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// What the host gives an action for one attempt of one step. Used on the instance's own thread
/// unless a method says otherwise; valid until `execute` returns, or until the stream that it returned
/// is closed.
public interface ActionContext {

    String runId();

    /// The instance's unique id.
    String instanceId();

    /// The instance's number, from 0.
    long instance();

    /// The step's name.
    String step();

    /// The service's name in the system file.
    String service();

    /// Unique in this run and instance; to be sent with every call unless the user set one or switched it
    /// off.
    String correlationId();

    /// A W3C `traceparent` to be sent with the call. The trace is the instance's, the parent in it this step: the
    /// same for all its attempts and messages.
    String traceparent();

    /// The exchange of this instance that most likely caused what this step waits for, and once a message was taken
    /// from the inbox that it was lent, what caused the newest of these. Empty when there was none.
    default Optional<Cause> cause() {
        return Optional.empty();
    }

    /// By when `execute` must be done.
    Deadline deadline();

    /// Leases a connection to a second endpoint of the same service within the deadline, as after a
    /// redirect. The caller closes it.
    ///
    /// @throws Exception when none could be had; the host classifies it
    <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) throws Exception;

    /// The inbox of a channel that [ProtocolAction#subscriptions] asked for.
    ///
    /// @throws InterruptedException when the instance is cancelled while the channel opens
    Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) throws InterruptedException;

    /// Something that this instance keeps from step to step for this service, such as its cookies. Made
    /// when first asked for; closed with the instance when it is [AutoCloseable].
    <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial);

    /// Something that all instances of the run share for this service, such as a token. Made once: others
    /// wait for the first. Closed with the run when it is [AutoCloseable]. Thread-safe if it is.
    <T> T runState(String key, Class<T> type, Supplier<? extends T> initial);

    /// Adds a hook that ends a blocking call from another thread when the instance is cancelled. Hooks run
    /// before the instance's thread is interrupted, newest first; they must not block.
    void onCancel(Runnable hook);

    /// Says that a phase has just ended. The host takes the time.
    void mark(Phase phase);

    Json json();

    /// Whether the user asked for a full account of every exchange; then [#tell] is worth calling.
    boolean verbose();

    /// A line of that account, as text a person can read. It is printed with the step's other lines once the step has
    /// ended. What was sent begins with `> `, what came with `< `; after a `< ` alone comes the payload, which is not
    /// printed again then. A command that does the same stands on a line of its own. Secrets that are known by their
    /// value are masked by the host; what is secret by the name of a field, the plugin masks.
    void tell(String line);

    /// An earlier exchange.
    ///
    /// @param step   its step
    /// @param sentAt when its request was handed to the network
    record Cause(String step, Instant sentAt) {}
}
