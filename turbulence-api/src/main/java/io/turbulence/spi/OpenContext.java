package io.turbulence.spi;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import java.util.function.Supplier;

/// What the host gives a factory that opens a connection. Valid during the call, apart from what its
/// methods return.
public interface OpenContext {

    /// The service's name in the system file.
    String service();

    /// Where to connect; not always the service's own place (a redirect).
    Endpoint endpoint();

    /// By when it must be open.
    Deadline deadline();

    /// The service's `pool` block, defaults filled in.
    PoolSettings pool();

    /// Says that a phase of opening has just ended. The host takes the time.
    void mark(Phase phase);

    Json json();

    /// A bounded inbox for a connection to which the peer pushes messages by itself.
    ///
    /// @param name for figures and messages
    Mailbox mailbox(String name);

    /// What the connections of this service have in common as long as the run lasts, of whatever kind they are: a
    /// factory keeps no state of its own. Made when first asked for; when two ask at
    /// once, both may make one, and one of them is kept.
    <T> T common(Class<T> type, Supplier<? extends T> initial);
}
