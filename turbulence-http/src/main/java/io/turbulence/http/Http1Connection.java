package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection that speaks HTTP/1.1 (RFC 9112), for one exchange at a time.
///
/// When the peer turns out to have closed it while it lay idle, it connects anew in its place and sends
/// the request again, once, if that is safe. After an answer that leaves it in doubt where the next one
/// would begin it is spent, and says so in [#reset].
final class Http1Connection extends HttpConnection {

    private static final int BUFFER = 8 * 1024;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int KEPT_HEAD = 2 * 1024;
    private static final int MOST_INTERIM_ANSWERS = 32;
    /// A body that is not longer goes in one write with its head.
    private static final int JOINED = 8 * 1024;

    private static final long UNCHECKED_IDLE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nHost: ");
    private static final byte[] VERSION = ascii(" HTTP/1.1");
    private static final byte[] NEXT = ascii("\r\n");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] CHUNKED = ascii("\r\nTransfer-Encoding: chunked");
    private static final byte[] END = ascii("\r\n\r\n");

    private final Site site;
    private final Dialer dialer;
    private final Runnable abort = this::abort;
    private final HeadBytes out = new HeadBytes();
    private final Http1Body body = new Http1Body(this);
    private volatile Wire wire;
    private volatile boolean closed;

    private byte[] in = new byte[BUFFER];
    private int at;
    private int end;
    private long received;
    private long sent;
    private byte[] lastHeadBytes = new byte[0];
    private @Nullable Head lastHead;

    private boolean sentWhole;
    private boolean resent;
    private boolean used;
    private boolean spent;
    private long idleSince;
    private long longestIdle = Long.MAX_VALUE;

    Http1Connection(Site site, Dialer dialer, Wire wire) {
        this.site = site;
        this.dialer = dialer;
        this.wire = wire;
    }

    @Override
    Site site() {
        return site;
    }

    @Override
    int capacity() {
        return 1;
    }

    @Override
    boolean isAlive() {
        return !spent && !outdated() && wire.quiet();
    }

    @Override
    void reset() throws ConnectionSpent {
        if (spent) {
            throw new ConnectionSpent("the last answer of '" + site.authority() + "' ended the connection");
        }
    }

    @Override
    void close() {
        closed = true;
        wire.close();
    }

    private void abort() {
        wire.abort();
    }

    @Override
    Answer exchange(Call call, ActionContext context) {
        Head head = ask(call, context);
        Answer answer = readBody(call, head, context);
        boolean kept = wire.end() && answer.failure() == null;
        settle(kept && sentWhole && body.reusable() && head.keepAlive() && !call.closes(), head);
        return answer;
    }

    @Override
    AnswerStream stream(Call call, ActionContext context) {
        Head head = ask(call, context);
        body.start(head, call.method(), context);
        return new Streamed(call, head, context);
    }

    /// Sends the request and reads the head of its answer; a second time where that is safe.
    private Head ask(Call call, ActionContext context) {
        context.onCancel(abort);
        if (spent || (used && isStale())) {
            reopen(context);
        }
        boolean maybeClosed = used;
        resent = false;
        try {
            return attempt(call, context);
        } catch (FailureException e) {
            if (!maybeClosed || received > 0 || e.failure() != Failure.CLOSED || !call.idempotent()) {
                throw e;
            }
            reopen(context);
            resent = true;
            return attempt(call, context);
        }
    }

    private boolean outdated() {
        return used && System.nanoTime() - idleSince > longestIdle;
    }

    private boolean isStale() {
        return outdated() || (System.nanoTime() - idleSince > UNCHECKED_IDLE && !wire.quiet());
    }

    private void reopen(ActionContext context) {
        wire.close();
        refuseClosed();
        wire = dialer.dial(site, context.deadline(), context::mark);
        if (closed) {
            wire.close();
            refuseClosed();
        }
        used = false;
        spent = false;
        at = 0;
        end = 0;
        longestIdle = Long.MAX_VALUE;
    }

    /// Nobody would close what is opened now.
    private void refuseClosed() {
        if (closed) {
            throw new FailureException(
                    Failure.CLOSED, "the connection to '" + site.authority() + "' was closed by the pool that lent it");
        }
    }

    private Head attempt(Call call, ActionContext context) {
        spent = true;
        received = 0;
        sent = 0;
        wire.begin(context.deadline());
        try {
            sentWhole = send(call, context);
            context.mark(Phase.SENT);
            return readFinalHead(context);
        } catch (IOException e) {
            throw failure(e, context, "");
        }
    }

    private void settle(boolean reusable, Head head) {
        used = true;
        // What came after the answer was not asked for: nobody knows what it belongs to
        spent = !reusable || at < end;
        idleSince = System.nanoTime();
        // One second less, so that the request is not on its way when the peer closes
        longestIdle = head.idleSeconds() < 0
                ? Long.MAX_VALUE
                : TimeUnit.SECONDS.toNanos(Math.max(0, head.idleSeconds() - 1)) + TimeUnit.MILLISECONDS.toNanos(500);
        if (in.length > BUFFER) {
            in = new byte[BUFFER];
            at = 0;
            end = 0;
        }
    }

    // Sending

    /// @return whether the request went whole; the peer may answer before it has read it
    private boolean send(Call call, ActionContext context) throws IOException {
        writeHead(call);
        RequestBody content = call.body();
        long length = content.length();
        if (length > 0 && length <= JOINED && content instanceof RequestBody.Bytes bytes && !call.waitsForContinue()) {
            out.ascii(bytes.content());
            flushHead();
            return true;
        }
        flushHead();
        if (length == 0) {
            return true;
        }
        if (call.waitsForContinue() && !continueComes(context)) {
            return false;
        }
        return sendBody(content);
    }

    private void flushHead() throws IOException {
        wire.write(out.array(), 0, out.length());
        sent += out.length();
    }

    private boolean sendBody(RequestBody content) throws IOException {
        try {
            if (content.length() >= 0) {
                content.writeTo(this::writeCounted);
            } else {
                content.writeTo(this::writeChunk);
                writeCounted(ascii("0\r\n\r\n"), 0, 5);
            }
            return true;
        } catch (SourceUnreadable e) {
            throw e;
        } catch (IOException e) {
            if (wire.late() || wire.cancelled(e)) {
                throw e;
            }
            // The peer closed while we wrote: its answer, 413 for one, may be there to be read
            return false;
        }
    }

    private void writeCounted(byte[] from, int offset, int length) throws IOException {
        wire.write(from, offset, length);
        sent += length;
    }

    private void writeChunk(byte[] from, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        byte[] size = ascii(Integer.toHexString(length) + "\r\n");
        writeCounted(size, 0, size.length);
        writeCounted(from, offset, length);
        writeCounted(NEXT, 0, NEXT.length);
    }

    private void writeHead(Call call) {
        out.clear();
        out.text(call.method()).one(' ').text(site.sendsWholeUrl() ? call.url().toString() : call.target());
        if (call.hostGiven()) {
            out.ascii(VERSION);
        } else {
            out.ascii(VERSION_AND_HOST).text(site.hostField());
        }
        for (int i = 0; i < call.fieldCount(); i++) {
            out.ascii(NEXT).text(call.fieldName(i)).ascii(COLON).text(call.fieldValue(i));
        }
        String proxyAuthorization = site.proxyAuthorization();
        if (proxyAuthorization != null && site.sendsWholeUrl()) {
            out.ascii(NEXT).text("Proxy-Authorization: ").text(proxyAuthorization);
        }
        long length = call.body().length();
        if (length > 0 || (length == 0 && call.announcesEmptyBody())) {
            out.ascii(LENGTH).number(length);
        } else if (length < 0) {
            out.ascii(CHUNKED);
        }
        out.ascii(END);
    }

    /// Waits a moment for the peer to ask for the body; one that knows nothing of it gets the body anyway.
    ///
    /// @return false when a final answer came instead
    private boolean continueComes(ActionContext context) throws IOException {
        long until = System.nanoTime()
                + Math.min(TimeUnit.SECONDS.toNanos(1), context.deadline().remainingNanos());
        while (at == end && System.nanoTime() < until) {
            if (wire.readable()) {
                fill(context);
            } else {
                pause();
            }
        }
        if (at == end) {
            return true;
        }
        int stop = awaitHeadEnd(context);
        Head head = HeadParser.parse(in, at, stop);
        if (head.status() != 100) {
            return false;
        }
        at = stop;
        return true;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    // Receiving

    private Head readFinalHead(ActionContext context) throws IOException {
        for (int interim = 0; interim < MOST_INTERIM_ANSWERS; interim++) {
            int stop = awaitHeadEnd(context);
            Head head = parse(stop);
            at = stop;
            if (head.status() >= 200) {
                return head;
            }
            if (head.status() == 101) {
                throw new Malformed("it switched to another protocol, which was not asked for");
            }
        }
        throw new Malformed("more than " + MOST_INTERIM_ANSWERS + " interim answers came before the answer");
    }

    /// Many answers of one connection have the very same head within a second: it is parsed once.
    private Head parse(int stop) throws Malformed {
        Head last = lastHead;
        if (last != null && Arrays.equals(in, at, stop, lastHeadBytes, 0, lastHeadBytes.length)) {
            return last;
        }
        Head head = HeadParser.parse(in, at, stop);
        if (stop - at <= KEPT_HEAD) {
            lastHeadBytes = Arrays.copyOfRange(in, at, stop);
            lastHead = head;
        }
        return head;
    }

    /// Reads until the buffer holds a whole head from `at` on.
    ///
    /// @return just after its empty line
    private int awaitHeadEnd(ActionContext context) throws IOException {
        int scanned = 0;
        while (true) {
            for (int i = at + scanned; i < end; i++) {
                if (in[i] == '\n' && i > at && endsHead(i)) {
                    return i + 1;
                }
            }
            scanned = end - at;
            if (scanned > LONGEST_HEAD) {
                throw new FailureException(
                        Failure.TOO_LARGE,
                        "'" + site.authority() + "' sent a head longer than " + LONGEST_HEAD / 1024
                                + " KiB; no answer needs that many header fields");
            }
            if (fill(context) < 0) {
                throw new EOFException();
            }
        }
    }

    private boolean endsHead(int feed) {
        return in[feed - 1] == '\n' || (feed - 2 >= at && in[feed - 1] == '\r' && in[feed - 2] == '\n');
    }

    /// Reads what is there, at least one byte, behind `end`.
    ///
    /// @return -1 at the end of the stream
    int fill(ActionContext context) throws IOException {
        if (at == end) {
            at = 0;
            end = 0;
        } else if (end == in.length) {
            makeRoom();
        }
        int count = wire.read(in, end, in.length - end);
        if (count > 0) {
            if (received == 0) {
                context.mark(Phase.FIRST_BYTE);
            }
            end += count;
            received += count;
        }
        return count;
    }

    private void makeRoom() {
        if (at > in.length / 2) {
            System.arraycopy(in, at, in, 0, end - at);
        } else {
            byte[] larger = new byte[in.length * 2];
            System.arraycopy(in, at, larger, 0, end - at);
            in = larger;
        }
        end -= at;
        at = 0;
    }

    /// Takes what the buffer holds; where it holds nothing, reads past it.
    ///
    /// @return -1 at the end of the stream
    int take(byte[] into, int offset, int length) throws IOException {
        if (at < end) {
            int count = Math.min(length, end - at);
            System.arraycopy(in, at, into, offset, count);
            at += count;
            return count;
        }
        int count = wire.read(into, offset, length);
        if (count > 0) {
            received += count;
        }
        return count;
    }

    /// One byte; -1 at the end of the stream.
    int takeOne(ActionContext context) throws IOException {
        if (at == end && fill(context) < 0) {
            return -1;
        }
        return in[at++] & 0xff;
    }

    /// The fields after the last chunk, with the empty line that ends them.
    Headers takeTrailers(ActionContext context) throws IOException {
        while (end - at < 2) {
            if (fill(context) < 0) {
                throw new EOFException();
            }
        }
        if (in[at] == '\r' && in[at + 1] == '\n') {
            at += 2;
            return Headers.empty();
        }
        if (in[at] == '\n') {
            at++;
            return Headers.empty();
        }
        int stop = awaitHeadEnd(context);
        Headers trailers = HeadParser.trailers(in, at, stop);
        at = stop;
        return trailers;
    }

    private Answer readBody(Call call, Head head, ActionContext context) {
        body.start(head, call.method(), context);
        BodyCollector collector = new BodyCollector(call, head, site);
        @Nullable FailureException broken = null;
        try {
            collector.collect(body);
        } catch (IOException e) {
            broken = failure(e, context, body.progress());
        } catch (FailureException e) {
            broken = e;
        }
        Payload payload = broken == null ? collector.payload() : Payload.empty();
        return new Answer(head, payload, collector.count(), body.trailers(), received, sent, resent, broken);
    }

    /// The answer of which the body is read as it comes. While it waits, only its own deadlines hold.
    private final class Streamed implements AnswerStream {

        private final Call call;
        private final Head head;
        private final ActionContext context;
        private boolean ended;
        private volatile boolean closed;

        private Streamed(Call call, Head head, ActionContext context) {
            this.call = call;
            this.head = head;
            this.context = context;
        }

        @Override
        public Head head() {
            return head;
        }

        @Override
        public AnswerBody body() {
            return body;
        }

        @Override
        public int read(byte[] into, int offset, int most, Deadline deadline) throws IOException {
            wire.end();
            wire.waitUntil(deadline);
            try {
                int count = body.read(into, offset, most);
                ended = count < 0;
                return count;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                throw failure(e, context, body.progress());
            } finally {
                wire.waitUntil(null);
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (ended) {
                settle(wire.end() && sentWhole && body.reusable() && head.keepAlive() && !call.closes(), head);
            } else {
                wire.abort();
            }
        }
    }

    // Failing

    /// What an exception means to the user.
    ///
    /// @param progress how much of the body had arrived; empty while there was no head
    private FailureException failure(IOException e, ActionContext context, String progress) {
        String subject = "'" + site.authority() + "'";
        String so = progress.isEmpty() ? received + " bytes of the answer had arrived" : progress;
        if (wire.late()) {
            String when = "within the " + context.deadline().limit();
            return new FailureException(Failure.TIMEOUT, subject + " gave no complete answer " + when + "; " + so, e);
        }
        if (wire.cancelled(e) || Thread.currentThread().isInterrupted()) {
            return new FailureException(Failure.CANCELLED, "the request to " + subject + " was cancelled; " + so, e);
        }
        return switch (e) {
            case Malformed m ->
                new FailureException(Failure.PROTOCOL, subject + " sent no valid HTTP/1.1: " + m.getMessage(), m);
            case SourceUnreadable s -> new FailureException(Failure.PROTOCOL, String.valueOf(s.getMessage()), s);
            case SSLException s ->
                new FailureException(
                        s.getCause() instanceof IOException ? Failure.CLOSED : Failure.TLS,
                        subject + " broke TLS: " + s.getMessage() + "; " + so,
                        s);
            case EOFException eof ->
                new FailureException(
                        Failure.CLOSED, subject + " closed the connection before its answer was complete; " + so, eof);
            default ->
                new FailureException(
                        Failure.CLOSED,
                        subject + " broke the connection before its answer was complete (" + e.getMessage() + "); "
                                + so,
                        e);
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
