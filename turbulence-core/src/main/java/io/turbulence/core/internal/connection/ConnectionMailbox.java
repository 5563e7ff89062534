package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.Matcher;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a peer pushes over one connection. A message that was taken is gone.
final class ConnectionMailbox implements Mailbox {

    private final String name;
    private final MessageStore store;
    private final TimedInbox view;
    private final Consumer<ConnectionMailbox> closed;

    /// @param closed told when it is closed; maybe more than once
    ConnectionMailbox(String name, LongSupplier clock, Consumer<ConnectionMailbox> closed) {
        this.name = name;
        this.closed = closed;
        this.store = new MessageStore("'" + name + "'", clock, MessageStore.Bounds.MAILBOX, true);
        this.view = store.view();
    }

    @Override
    public void deliver(Frame frame) {
        store.arrive(frame);
    }

    @Override
    public void fail(Outcome.Failed failure) {
        store.fail(failure);
    }

    @Override
    public void reopen() {
        store.reopen();
        view.restart();
    }

    @Override
    public @Nullable Frame take(Matcher matcher, Deadline deadline) throws InterruptedException {
        return view.take(matcher, deadline);
    }

    @Override
    public Arrivals arrivals(Matcher matcher) {
        return view.arrivals(matcher);
    }

    @Override
    public void close() {
        store.close(new Outcome.Failed(Failure.CLOSED, "'" + name + "' was closed", null));
        closed.accept(this);
    }

    MessageStore.Counts counts() {
        return store.counts();
    }
}
