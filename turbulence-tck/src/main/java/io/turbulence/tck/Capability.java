package io.turbulence.tck;

import java.util.EnumSet;
import java.util.Set;

/// What a connection or an action may be able to do. One that lacks a capability is not let off: the
/// kit asserts that it then fails, or keeps still, in the way that is said here.
public enum Capability {
    /// Connects over TCP to its endpoint, so that a proxy can stand in between. Without it the endpoint
    /// has no port.
    NETWORK,
    /// Opening waits for an answer of the peer. Without it opening succeeds as soon as the peer accepts.
    HANDSHAKE,
    /// Finds out that an idle connection is broken. Without it a broken one is called good.
    HEALTH,
    /// Marks phases. Without it none are marked.
    PHASES,
    /// Answers with a stream where the settings ask for one. Without it no payload is a stream.
    STREAMING,
    /// A connection that was cut mends itself. Without it the next exchange on it fails.
    RECONNECTING,
    /// Messages of one subscription come in the order in which they were published. Without it they come
    /// in any order, but all of them.
    ORDER;

    /// All of them.
    public static Set<Capability> all() {
        return EnumSet.allOf(Capability.class);
    }

    /// All but these.
    public static Set<Capability> allBut(Capability first, Capability... others) {
        return EnumSet.complementOf(EnumSet.of(first, others));
    }
}
