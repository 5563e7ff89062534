package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One exchange on a shared connection. The connection's reader puts in what arrives; the instance's
/// thread takes it out, and so lets the peer send more.
final class Http2Stream extends AnswerBody {

    private final Http2Session session;
    private final Call call;
    private final ActionContext context;
    private final boolean again;

    /// Guards what the reader and the instance share, which is everything below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private int pieceAt;
    private @Nullable Head head;
    private Headers trailers = Headers.empty();
    private boolean ended;
    private @Nullable FailureException failure;
    private boolean unprocessed;
    private long received;
    private long bodyReceived;
    private int consumed;
    private @Nullable Deadline patience;

    /// By when all must be done, on the monotonic clock.
    private final long limit;
    /// By when it must be woken, on the monotonic clock; 0 while it does not wait.
    private volatile long waitsUntil;

    private boolean overdue;

    /// Guarded by the session's lock.
    long sendWindow;

    // Of the instance's thread, set by the session
    int id;
    boolean counted;
    boolean allSent;
    long sent;

    /// @param again whether the same call was sent before
    Http2Stream(Http2Session session, Call call, ActionContext context, boolean again) {
        this.session = session;
        this.call = call;
        this.context = context;
        this.again = again;
        this.limit = System.nanoTime() + context.deadline().remainingNanos();
    }

    /// By when all must be done, on the monotonic clock.
    long limit() {
        return limit;
    }

    Deadline deadline() {
        return context.deadline();
    }

    Call call() {
        return call;
    }

    /// Whether the peer certainly did nothing with the request, or nothing that repeating it would harm.
    boolean repeatable() {
        lock.lock();
        try {
            FailureException why = failure;
            return unprocessed
                    || (why != null && why.failure() == Failure.CLOSED && received == 0 && call.idempotent());
        } finally {
            lock.unlock();
        }
    }

    // The instance's side

    Answer exchange() {
        context.onCancel(this::cancel);
        try {
            session.send(this);
            context.mark(Phase.SENT);
            Head answered = awaitHead();
            context.mark(Phase.FIRST_BYTE);
            BodyCollector collector = new BodyCollector(call, answered, session.site());
            FailureException broken = collect(collector);
            Payload payload = broken == null ? collector.payload() : Payload.empty();
            return new Answer(answered, payload, collector.count(), trailers(), received(), sent, again, broken);
        } finally {
            session.forget(this, finished());
        }
    }

    /// Asks, and leaves the body to be read as it comes. Failing, it is over.
    AnswerStream stream() {
        context.onCancel(this::cancel);
        boolean answered = false;
        try {
            session.send(this);
            context.mark(Phase.SENT);
            Streamed stream = new Streamed(awaitHead());
            context.mark(Phase.FIRST_BYTE);
            answered = true;
            return stream;
        } finally {
            if (!answered) {
                session.forget(this, finished());
            }
        }
    }

    private final class Streamed implements AnswerStream {

        private final Head answered;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Streamed(Head answered) {
            this.answered = answered;
        }

        @Override
        public Head head() {
            return answered;
        }

        @Override
        public AnswerBody body() {
            return Http2Stream.this;
        }

        @Override
        public int read(byte[] into, int offset, int most, Deadline deadline) throws IOException {
            patience = deadline;
            try {
                return Http2Stream.this.read(into, offset, most);
            } finally {
                patience = null;
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                fail(cancelled(), false);
                session.forget(Http2Stream.this, finished());
            }
        }
    }

    private @Nullable FailureException collect(BodyCollector collector) {
        try {
            collector.collect(this);
            if (!atEnd()) {
                skipToEnd();
            }
            return null;
        } catch (FailureException e) {
            return e;
        } catch (IOException e) {
            return new FailureException(
                    Failure.PROTOCOL, "'" + session.site().authority() + "' sent a broken body: " + e.getMessage(), e);
        }
    }

    private Head awaitHead() {
        lock.lock();
        try {
            while (head == null) {
                await(context.deadline());
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(byte[] into, int offset, int most) throws SocketTimeoutException {
        int taken;
        lock.lock();
        try {
            while (pieces.isEmpty()) {
                if (failure != null) {
                    // Of what came after it pieces are missing, be the end among them
                    throw failure;
                }
                if (ended) {
                    return -1;
                }
                Deadline shorter = patience;
                if (shorter != null && shorter.expired()) {
                    throw new SocketTimeoutException("nothing came within the " + shorter.limit());
                }
                await(shorter == null ? context.deadline() : shorter);
            }
            taken = take(into, offset, most);
        } finally {
            lock.unlock();
        }
        consumed += taken;
        if (consumed >= Http2Session.STREAM_WINDOW / 2) {
            session.grant(id, consumed);
            consumed = 0;
        }
        return taken;
    }

    private int take(byte[] into, int offset, int most) {
        byte[] first = pieces.getFirst();
        int count = Math.min(most, first.length - pieceAt);
        System.arraycopy(first, pieceAt, into, offset, count);
        pieceAt += count;
        if (pieceAt == first.length) {
            pieces.removeFirst();
            pieceAt = 0;
        }
        return count;
    }

    /// Waits for the reader. Holds the lock.
    @SuppressWarnings("WaitNotInLoop") // Who calls it loops
    private void await(Deadline deadline) {
        if (failure != null) {
            throw failure;
        }
        long until = patience == null ? limit : System.nanoTime() + deadline.remainingNanos();
        // A timer of its own, almost never needed, would cost more than the rest of the wait
        waitsUntil = until | 1;
        try {
            changed.await();
            if (overdue && failure == null && patience == null) {
                failure = late();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = cancelled();
        } finally {
            waitsUntil = 0;
            overdue = false;
        }
        if (failure != null && (head == null || pieces.isEmpty())) {
            throw failure;
        }
    }

    /// Wakes the instance when it waits in vain.
    void cutIfLate(long now) {
        long until = waitsUntil;
        if (until == 0 || now - until < 0) {
            return;
        }
        lock.lock();
        try {
            if (waitsUntil == until) {
                overdue = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private FailureException late() {
        return new FailureException(
                Failure.TIMEOUT,
                subject() + " gave no complete answer within the "
                        + context.deadline().limit() + "; " + progress());
    }

    private FailureException cancelled() {
        return new FailureException(Failure.CANCELLED, "the request to " + subject() + " was cancelled; " + progress());
    }

    private String subject() {
        return "'" + session.site().authority() + "'";
    }

    void cancel() {
        fail(cancelled(), false);
    }

    private long received() {
        lock.lock();
        try {
            return received;
        } finally {
            lock.unlock();
        }
    }

    private boolean atEnd() {
        lock.lock();
        try {
            return ended && pieces.isEmpty() && failure == null;
        } finally {
            lock.unlock();
        }
    }

    private boolean finished() {
        lock.lock();
        try {
            return (ended && allSent) || unprocessed;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing more is to be sent, because the answer is here or will not come.
    boolean over() {
        lock.lock();
        try {
            return ended || failure != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    long announced() {
        lock.lock();
        try {
            Head known = head;
            if (known == null || known.bodiless(call.method()) || (ended && pieces.isEmpty())) {
                return 0;
            }
            return known.contentLength();
        } finally {
            lock.unlock();
        }
    }

    @Override
    Headers trailers() {
        lock.lock();
        try {
            return trailers;
        } finally {
            lock.unlock();
        }
    }

    @Override
    String progress() {
        Head known = head;
        if (known == null) {
            return received + " bytes of the answer had arrived";
        }
        return known.contentLength() >= 0
                ? bodyReceived + " of " + known.contentLength() + " bytes of the body had arrived"
                : bodyReceived + " bytes of the body had arrived";
    }

    // The reader's side

    /// Tells the instance what came.
    void wake() {
        if (waitsUntil == 0) {
            // Whoever begins to wait looks first
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes a block of fields: an interim answer, the answer's head, or its trailers.
    void fields(Headers fields, int status, long contentLength, int size, boolean end) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            received += size;
            if (head != null) {
                trailers = fields;
            } else if (status >= 200) {
                head = new Head(status, "", "2", fields, contentLength, false, true, -1);
            }
            if (end) {
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    void data(byte[] piece, boolean end) {
        lock.lock();
        try {
            // What comes after the end belongs to no answer
            if (ended) {
                return;
            }
            received += piece.length;
            bodyReceived += piece.length;
            if (head == null && failure == null) {
                failure = new FailureException(
                        Failure.PROTOCOL, subject() + " sent no valid HTTP/2: a body came before its head");
            }
            if (piece.length > 0 && failure == null) {
                pieces.addLast(piece);
            }
            if (end) {
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        ended = true;
        Head known = head;
        if (failure != null) {
            return;
        }
        if (known == null) {
            failure = new FailureException(
                    Failure.PROTOCOL, subject() + " sent no valid HTTP/2: a stream ended without an answer");
        } else if (known.contentLength() >= 0
                && known.contentLength() != bodyReceived
                && !known.bodiless(call.method())) {
            failure = new FailureException(
                    Failure.PROTOCOL,
                    subject() + " sent no valid HTTP/2: the content-length is " + known.contentLength() + " but "
                            + bodyReceived + " bytes came");
            pieces.clear();
            ended = false;
        }
    }

    /// Ends the exchange without an answer.
    ///
    /// @param untouched whether the peer certainly did nothing with the request
    void fail(FailureException why, boolean untouched) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = why;
                unprocessed = untouched;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
