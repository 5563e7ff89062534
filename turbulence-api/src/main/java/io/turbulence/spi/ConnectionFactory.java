package io.turbulence.spi;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;

/// How connections of one kind are opened and closed. How many may hold one at a time is a fact of
/// the protocol and stands in the type: [Shared], [Exclusive], [Negotiated], [Pooled], [Subscribed].
///
/// The host owns the pool around it: limits, waiting, ageing, health, figures. A factory keeps no
/// connections and no state. Its methods are called from many threads at once, never under a lock,
/// and may block; each honours the deadline it is given and interruption. A connection that was opened
/// is closed exactly once, also when the run is interrupted.
///
/// @param <S> the service's settings
/// @param <C> what an action receives
public sealed interface ConnectionFactory<S extends Record, C> {

    /// The settings record of the services that it connects to.
    Class<S> settings();

    /// Where a service with these settings is; the default port filled in.
    Endpoint endpoint(S settings);

    /// Tells this kind of connection from others of the same service in figures and messages; empty for
    /// the main one.
    default String name() {
        return "";
    }

    /// Whether a connection holds what only its instance can go on with, such as a conversation. With `scope:
    /// instance` it is then never closed because another instance needs one: that one waits.
    default boolean holdsConversation() {
        return false;
    }

    /// Checks a service when it is loaded. Nothing may be opened.
    default void prepare(Preparation<S> service) {}

    /// Many holders at once: a gRPC channel, a producer, an S3 client. The host keeps a few and spreads
    /// holders over them, those with the fewest first.
    non-sealed interface Shared<S extends Record, C> extends ConnectionFactory<S, C> {

        /// Opens a connection that is ready for use.
        ///
        /// @throws Exception what the peer did; the host classifies it
        C open(S settings, OpenContext context) throws Exception;

        /// Closes it. Called once, also for a broken one; must not hang.
        void close(C connection) throws Exception;

        /// Whether it can still be used. A false answer has it replaced while its holders finish.
        default boolean isHealthy(C connection, Deadline deadline) throws Exception {
            return true;
        }
    }

    /// One holder at a time: an HTTP/1.1 connection.
    non-sealed interface Exclusive<S extends Record, C> extends ConnectionFactory<S, C> {

        /// Opens a connection that is ready for use.
        ///
        /// @throws Exception what the peer did; the host classifies it
        C open(S settings, OpenContext context) throws Exception;

        /// Closes it. Called once, also for a broken one; must not hang.
        void close(C connection) throws Exception;

        /// Most of them open at once where the service's `pool` block does not say.
        default int defaultMax() {
            return 10;
        }

        /// Whether an idle one can be lent again. Not asked for one that was used just before.
        default boolean isAlive(C connection, Deadline deadline) throws Exception {
            return true;
        }

        /// Makes a returned one ready for its next holder. Throwing has it discarded.
        default void reset(C connection) throws Exception {}
    }

    /// How many holders it takes is known only once it is open: ALPN chose HTTP/2 or HTTP/1.1.
    non-sealed interface Negotiated<S extends Record, C> extends ConnectionFactory<S, C> {

        /// Opens a connection that is ready for use.
        ///
        /// @throws Exception what the peer did; the host classifies it
        C open(S settings, OpenContext context) throws Exception;

        /// Closes it. Called once, also for a broken one; must not hang.
        void close(C connection) throws Exception;

        /// How many may hold it at once: 1 makes it exclusive. A shared one may change its mind; the host
        /// asks before each lease.
        int capacity(C connection);

        /// Whether an idle or shared one can still be used.
        default boolean isAlive(C connection, Deadline deadline) throws Exception {
            return true;
        }

        /// Makes a returned exclusive one ready for its next holder. Throwing has it discarded.
        default void reset(C connection) throws Exception {}
    }

    /// Brings the protocol's standard pool (HikariCP). The host leases through it, so that waiting for it
    /// is pool wait like any other.
    non-sealed interface Pooled<S extends Record, C> extends ConnectionFactory<S, C> {

        /// Makes the pool with the limits of [OpenContext#pool].
        ///
        /// @throws Exception what the peer did; the host classifies it
        ConnectionPool<C> open(S settings, OpenContext context) throws Exception;
    }

    /// Messages come by themselves: one poll loop of the host for each channel, and an [Inbox] for each of
    /// thousands of waiters.
    non-sealed interface Subscribed<S extends Record> extends ConnectionFactory<S, Inbox> {

        /// Opens a subscription to one channel. It is positioned when this returns: what is published from
        /// then on is delivered.
        ///
        /// @throws Exception what the peer did; the host classifies it
        Subscription open(S settings, SubscriptionRequest request, OpenContext context) throws Exception;

        /// Whether a subscription is a connection of its own. One that hands on what other connections receive is
        /// not counted as one.
        default boolean connects() {
            return true;
        }
    }
}
