package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ActionContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One HTTP/2 client for one place, shared by as many instances as the peer allows streams.
///
/// When the peer says goodbye, as servers do after so many requests, it connects anew in its place:
/// running exchanges end on the old connection, and what the peer had not begun is repeated once.
final class Http2Connection extends HttpConnection {

    private final Site site;
    private final Dialer dialer;
    /// Held while connecting anew, so that one does and the others wait.
    private final ReentrantLock opening = new ReentrantLock();

    private volatile Http2Session session;
    private volatile boolean closed;

    Http2Connection(Site site, Dialer dialer, Http2Session session) {
        this.site = site;
        this.dialer = dialer;
        this.session = session;
    }

    @Override
    Site site() {
        return site;
    }

    @Override
    int capacity() {
        return Math.max(1, session.mostStreams());
    }

    @Override
    Answer exchange(Call call, ActionContext context) {
        Http2Stream first = new Http2Stream(live(context), call, context, false);
        try {
            return first.exchange();
        } catch (FailureException e) {
            if (!first.repeatable()) {
                throw e;
            }
        }
        return new Http2Stream(live(context), call, context, true).exchange();
    }

    @Override
    AnswerStream stream(Call call, ActionContext context) {
        Http2Stream first = new Http2Stream(live(context), call, context, false);
        try {
            return first.stream();
        } catch (FailureException e) {
            if (!first.repeatable()) {
                throw e;
            }
        }
        return new Http2Stream(live(context), call, context, true).stream();
    }

    private Http2Session live(ActionContext context) {
        Http2Session current = session;
        return current.usable() ? current : reopened(context);
    }

    private Http2Session reopened(ActionContext context) {
        Deadline deadline = context.deadline();
        try {
            if (!opening.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + site.authority() + "' was not connected to anew within the " + deadline.limit());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(Failure.CANCELLED, "connecting to '" + site.authority() + "' was cancelled", e);
        }
        try {
            if (!session.usable() && !closed) {
                session = Http2Session.open(site, dialer.dial(site, deadline, context::mark), deadline);
            }
            return session;
        } finally {
            opening.unlock();
        }
    }

    @Override
    boolean isAlive() {
        return session.usable();
    }

    @Override
    void reset() {}

    @Override
    void close() {
        closed = true;
        session.close();
    }
}
