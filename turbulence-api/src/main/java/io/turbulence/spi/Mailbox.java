package io.turbulence.spi;

import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;

/// An inbox that a connection's reader fills. Bounded: what does not fit drops the oldest and is
/// counted. Thread-safe.
public interface Mailbox extends Inbox, AutoCloseable {

    /// Puts a message in and wakes who waits for it. Never blocks.
    void deliver(Frame frame);

    /// Ends all waiting, now and later, with this failure, once what was delivered before is taken.
    void fail(Outcome.Failed failure);

    /// Takes messages again after [#fail], for a connection that was made anew in its place. What was delivered
    /// before and is not taken yet is dropped.
    void reopen();

    @Override
    void close();
}
