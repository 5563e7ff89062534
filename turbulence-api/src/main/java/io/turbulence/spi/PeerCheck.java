package io.turbulence.spi;

import io.turbulence.api.Deadline;

/// Checks a loaded step with the help of its peer, over a connection that the host leases from the step's service.
///
/// Called at most once in a run, on the run's own thread, when what the system launches is ready and all services are
/// open, before the first step of any kind. It is not called where nothing is run. What is wrong goes to the
/// [Problems] of the [Preparation] that it was made for: an error has the run end there, as one that is found at load.
///
/// @param <C> as of the [ProtocolAction]
@FunctionalInterface
public interface PeerCheck<C> {

    /// Asks the peer, and reports what is wrong.
    ///
    /// @param connection not closed here
    /// @param deadline   by when it must be done
    /// @throws Exception when the peer cannot be asked. That is no error of the step: the host says that it was not
    ///                   checked, and the step meets the peer as it is then
    void check(C connection, Deadline deadline) throws Exception;
}
