package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.jspecify.annotations.Nullable;

/*
 * One thread reads: it decodes frames and hands what they hold to the streams. One thread writes: it
 * sends what lies ready, all of it at once, and meanwhile the next lies ready. So under load many
 * requests share one record of TLS and one call of the system, and the peer, who gets them together,
 * answers them together. Whoever has something to send lays it ready, under the one lock of a session,
 * because the compression of header fields and the order of new streams depend on what was sent
 * before. Nobody holds that lock while waiting for the peer, the reader may take it too.
 */
/// One connection that speaks HTTP/2 (RFC 9113), from preface to end. Thread-safe.
final class Http2Session implements DeadlineWatch.Watched {

    /// What a peer may send on one stream before somebody reads it.
    static final int STREAM_WINDOW = 1024 * 1024;

    private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;
    private static final int FIRST_WINDOW = 65_535;
    private static final int FRAME_HEAD = 9;
    private static final int LONGEST_FRAME = 16_384;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int JOINED = 8 * 1024;
    private static final int MOST_READY = 64 * 1024;
    private static final long SHORTEST_WRITE = TimeUnit.SECONDS.toNanos(1);
    private static final long FAREWELL = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 32;

    private static final AtomicReferenceFieldUpdater<Http2Session, @Nullable FailureException> DEAD =
            AtomicReferenceFieldUpdater.newUpdater(Http2Session.class, FailureException.class, "dead");

    private final Site site;
    private final Wire wire;
    private final Map<Integer, Http2Stream> streams = new ConcurrentHashMap<>();
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CountDownLatch written = new CountDownLatch(1);
    private volatile int mostStreams = 100;
    private volatile boolean draining;
    private volatile @Nullable FailureException dead;

    /// Guards what is to be sent and what the peer lets us send, the windows of the streams included:
    /// everything up to the reader's own.
    private final ReentrantLock lock = new ReentrantLock();

    /// That the peer, or the writer, takes more.
    private final Condition roomMade = lock.newCondition();

    private final Condition madeReady = lock.newCondition();
    private final HeadEncoder encoder = new HeadEncoder();
    private final HeadBytes block = new HeadBytes();
    private HeadBytes ready = new HeadBytes(MOST_READY);
    private HeadBytes leaving = new HeadBytes(MOST_READY);
    /// By when what is ready must have left, on the monotonic clock, where that is not at once.
    private long readyLimit = System.nanoTime();

    /// Whether somebody writes what is leaving.
    private boolean writing;

    private boolean writerWaits;
    private int nextId = 1;
    private long connectionWindow = FIRST_WINDOW;
    private long firstWindow = FIRST_WINDOW;
    private int open;
    private int longestFrame = LONGEST_FRAME;

    // The reader's own
    private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.UTF_8);
    private byte[] in = new byte[FRAME_HEAD + LONGEST_FRAME];
    private int at;
    private int next;
    private int end;
    private int ungranted;
    /// The streams that something came for and that do not know it yet.
    private final List<Http2Stream> touched = new ArrayList<>();

    private Http2Session(Site site, Wire wire) {
        this.site = site;
        this.wire = wire;
    }

    /// Begins to speak; waits until the peer does.
    ///
    /// @throws FailureException when it does not, in time and in HTTP/2
    static Http2Session open(Site site, Wire wire, Deadline deadline) {
        Http2Session session = new Http2Session(site, wire);
        session.begin(deadline);
        return session;
    }

    private void begin(Deadline deadline) {
        decoder.setMaxListSize(LONGEST_HEAD);
        wire.begin(deadline);
        try {
            preface();
            wire.write(ready.array(), 0, ready.length());
            ready.clear();
            wire.watch().add(this);
            Thread.ofVirtual().name("turbulence-http-h2 " + site.authority()).start(this::read);
            Thread.ofVirtual()
                    .name("turbulence-http-h2-writer " + site.authority())
                    .start(this::write);
            if (!settled.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
                throw timeout(deadline);
            }
        } catch (IOException e) {
            wire.close();
            throw wire.late() ? timeout(deadline) : broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            wire.close();
            throw new FailureException(Failure.CANCELLED, "connecting to '" + site.authority() + "' was cancelled", e);
        }
        FailureException early = dead;
        if (early != null || !wire.end()) {
            throw wire.late() || early == null ? timeout(deadline) : early;
        }
    }

    private void preface() {
        ready.ascii(PREFACE);
        frame(SETTINGS, 0, 0, 18);
        // No pushes, the window of a stream, the longest head
        setting(2, 0);
        setting(4, STREAM_WINDOW);
        setting(6, LONGEST_HEAD);
        frame(WINDOW_UPDATE, 0, 0, 4);
        ready.int32(CONNECTION_WINDOW - FIRST_WINDOW);
    }

    private FailureException timeout(Deadline deadline) {
        wire.close();
        return new FailureException(
                Failure.TIMEOUT, "'" + site.authority() + "' did not begin HTTP/2 within the " + deadline.limit());
    }

    private void setting(int key, int value) {
        ready.one((char) (key >> 8)).one((char) key).int32(value);
    }

    Site site() {
        return site;
    }

    /// Whether new streams may be opened.
    boolean usable() {
        return dead == null && !draining && wire.channel().isOpen();
    }

    int mostStreams() {
        return mostStreams;
    }

    /// Says goodbye, as far as the peer listens.
    void close() {
        FailureException why =
                new FailureException(Failure.CLOSED, "the connection to '" + site.authority() + "' was closed here");
        lock.lock();
        try {
            if (dead == null) {
                control(GOAWAY, 0, 0, 8).int32(0).int32(0);
                DEAD.compareAndSet(this, null, why);
            }
            madeReady.signal();
        } finally {
            lock.unlock();
        }
        failAll(why);
        try {
            if (!written.await(FAREWELL, TimeUnit.NANOSECONDS)) {
                // It does not listen
                wire.closeChannel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        die(why);
    }

    // Sending

    /// Sends the request of a new stream.
    void send(Http2Stream stream) {
        RequestBody body = stream.call().body();
        long length = body.length();
        boolean whole;
        boolean alone;
        lock.lock();
        try {
            awaitSlot(stream);
            int before = ready.length();
            stream.id = nextId;
            stream.sendWindow = firstWindow;
            streams.put(nextId, stream);
            nextId += 2;
            // Looks only now: who ends the session fails the streams that it knows
            refuseWhenOver(stream);
            writeHead(stream, length == 0);
            whole = length == 0 || joined(stream, body, length);
            alone = whole && open == 1 && !writing;
            makeReady(stream, before, alone);
        } finally {
            lock.unlock();
        }
        stream.allSent = whole;
        if (alone) {
            writeAlone();
        } else if (!whole) {
            sendBody(stream, body);
        }
    }

    /// Waits until the peer takes one stream more. Holds the lock.
    private void awaitSlot(Http2Stream stream) {
        while (usable() && (open >= mostStreams || ready.length() > MOST_READY)) {
            awaitRoom(stream);
        }
        open++;
        stream.counted = true;
    }

    private void refuseWhenOver(Http2Stream stream) {
        FailureException why = dead;
        if (why == null && nextId > 0 && !draining) {
            return;
        }
        draining = true;
        FailureException refusal = why == null ? goneAway() : why;
        stream.fail(refusal, true);
        throw refusal;
    }

    /// @return whether the body goes with the head
    private boolean joined(Http2Stream stream, RequestBody body, long length) {
        boolean fits = 0 < length && length <= Math.min(JOINED, Math.min(stream.sendWindow, connectionWindow));
        if (!fits || !(body instanceof RequestBody.Bytes bytes)) {
            return false;
        }
        stream.sendWindow -= length;
        connectionWindow -= length;
        frame(DATA, END_STREAM, stream.id, (int) length);
        ready.ascii(bytes.content());
        return true;
    }

    private void sendBody(Http2Stream stream, RequestBody body) {
        try {
            body.writeTo((from, offset, length) -> {
                int done = 0;
                while (done < length && !stream.over()) {
                    done += sendPiece(stream, from, offset + done, length - done);
                }
            });
            if (!stream.over()) {
                sendEnd(stream);
            }
        } catch (SourceUnreadable e) {
            throw new FailureException(Failure.PROTOCOL, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw died(e);
        }
    }

    /// Sends as much as the peer takes, but for that waits.
    ///
    /// @return how much; 0 when the stream is over
    private int sendPiece(Http2Stream stream, byte[] from, int offset, int most) {
        lock.lock();
        try {
            while (!stream.over()
                    && (Math.min(stream.sendWindow, connectionWindow) <= 0 || ready.length() > MOST_READY)) {
                awaitRoom(stream);
            }
            if (stream.over()) {
                return 0;
            }
            int count = (int) Math.min(Math.min(most, longestFrame), Math.min(stream.sendWindow, connectionWindow));
            stream.sendWindow -= count;
            connectionWindow -= count;
            int before = ready.length();
            frame(DATA, 0, stream.id, count);
            ready.append(from, offset, count);
            makeReady(stream, before, false);
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void sendEnd(Http2Stream stream) {
        lock.lock();
        try {
            int before = ready.length();
            frame(DATA, END_STREAM, stream.id, 0);
            makeReady(stream, before, false);
            stream.allSent = true;
        } finally {
            lock.unlock();
        }
    }

    /// Hands over what was made ready for a stream. Holds the lock.
    ///
    /// @param alone whether whoever calls it writes it, else the writer
    private void makeReady(Http2Stream stream, int from, boolean alone) {
        stream.sent += ready.length() - from;
        if (stream.limit() - readyLimit > 0) {
            readyLimit = stream.limit();
        }
        if (alone) {
            takeReady();
        } else {
            wakeWriter();
        }
    }

    private void wakeWriter() {
        if (writerWaits && !writing) {
            writerWaits = false;
            madeReady.signal();
        }
    }

    /// Writes what was taken, for there is nobody to wait for that would send more with it.
    private void writeAlone() {
        try {
            writeTaken();
        } catch (IOException e) {
            throw died(e);
        } finally {
            writeDone();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // Who calls it loops
    private void awaitRoom(Http2Stream stream) {
        try {
            if (roomMade.awaitNanos(stream.deadline().remainingNanos()) <= 0) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + site.authority() + "' took no more of the request within the "
                                + stream.deadline().limit() + "; " + stream.sent + " bytes were sent");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(Failure.CANCELLED, "the request to '" + site.authority() + "' was cancelled", e);
        }
    }

    // The writer

    private void write() {
        try {
            while (awaitReady()) {
                writeTaken();
                writeDone();
            }
            wire.close();
        } catch (IOException e) {
            died(e);
        } finally {
            written.countDown();
        }
    }

    private void writeTaken() throws IOException {
        wire.write(leaving.array(), 0, leaving.length());
        wire.end();
    }

    private void writeDone() {
        lock.lock();
        try {
            writing = false;
            if (ready.length() > 0 || dead != null) {
                wakeWriter();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for something to send, and takes it.
    ///
    /// @return false when nothing more is to be sent
    private boolean awaitReady() {
        lock.lock();
        try {
            while (writing || ready.length() == 0) {
                if (!writing && dead != null) {
                    return false;
                }
                writerWaits = true;
                madeReady.awaitUninterruptibly();
            }
            takeReady();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Holds the lock.
    private void takeReady() {
        HeadBytes empty = leaving;
        leaving = ready;
        ready = empty;
        ready.clear();
        writing = true;
        if (leaving.length() > MOST_READY) {
            roomMade.signalAll();
        }
        // A stream that is nearly late must not take the others with it
        long shortest = System.nanoTime() + SHORTEST_WRITE;
        wire.begin(readyLimit - shortest > 0 ? readyLimit : shortest);
        readyLimit = shortest;
    }

    // Frames; all of them hold the lock

    private void writeHead(Http2Stream stream, boolean last) {
        Call call = stream.call();
        block.clear();
        encoder.begin(block);
        encoder.field(block, ":method", call.method());
        encoder.field(block, ":scheme", site.endpoint().scheme());
        encoder.field(block, ":authority", authority(call));
        encoder.field(block, ":path", call.target());
        for (int i = 0; i < call.fieldCount(); i++) {
            encoder.field(block, call.fieldName(i), call.fieldValue(i));
        }
        long length = call.body().length();
        if (length > 0 || (length == 0 && call.announcesEmptyBody())) {
            encoder.field(block, "content-length", Long.toString(length));
        }
        writeBlock(stream.id, last);
    }

    private String authority(Call call) {
        for (int i = 0; call.hostGiven() && i < call.fieldCount(); i++) {
            if (call.fieldName(i).equalsIgnoreCase("host")) {
                return call.fieldValue(i);
            }
        }
        return site.hostField();
    }

    private void writeBlock(int id, boolean last) {
        int length = block.length();
        int first = Math.min(length, longestFrame);
        boolean whole = first == length;
        frame(HEADERS, (last ? END_STREAM : 0) | (whole ? END_HEADERS : 0), id, first);
        ready.append(block.array(), 0, first);
        for (int done = first; done < length; ) {
            int count = Math.min(length - done, longestFrame);
            frame(CONTINUATION, done + count == length ? END_HEADERS : 0, id, count);
            ready.append(block.array(), done, count);
            done += count;
        }
    }

    private void frame(int type, int flags, int id, int length) {
        ready.one((char) (length >> 16 & 255)).one((char) (length >> 8 & 255)).one((char) (length & 255));
        ready.one((char) type).one((char) flags).int32(id);
    }

    /// Begins a frame that belongs to no request, and whose content follows.
    private HeadBytes control(int type, int flags, int id, int length) {
        frame(type, flags, id, length);
        wakeWriter();
        return ready;
    }

    /// Lets the peer send so many bytes more on a stream.
    void grant(int id, int bytes) {
        lock.lock();
        try {
            control(WINDOW_UPDATE, 0, id, 4).int32(bytes);
        } finally {
            lock.unlock();
        }
    }

    /// The instance is done with the stream.
    ///
    /// @param finished whether the peer is too; else it is told to stop
    void forget(Http2Stream stream, boolean finished) {
        boolean known = stream.id != 0 && streams.remove(stream.id) != null;
        lock.lock();
        try {
            if (stream.counted) {
                open--;
                roomMade.signalAll();
            }
            if (known && !finished && dead == null) {
                control(RST_STREAM, 0, stream.id, 4).int32(Http2Error.CANCEL);
            }
        } finally {
            lock.unlock();
        }
        if (draining && streams.isEmpty()) {
            close();
        }
    }

    @Override
    public int cutIfLate(long now) {
        int looked = 1;
        for (Http2Stream stream : streams.values()) {
            stream.cutIfLate(now);
            looked++;
        }
        return looked;
    }

    // Receiving

    private void read() {
        try {
            boolean first = true;
            while (dead == null) {
                need(FRAME_HEAD);
                int length = frameLength();
                int type = in[at + 3] & 255;
                if (first && type != SETTINGS) {
                    throw new Malformed("it did not begin with its settings");
                }
                if (length > LONGEST_FRAME) {
                    throw new Malformed("a frame has " + length + " bytes but " + LONGEST_FRAME + " are allowed");
                }
                need(FRAME_HEAD + length);
                int flags = in[at + 4] & 255;
                int id = ByteBuffer.wrap(in, at + 5, 4).getInt() & Integer.MAX_VALUE;
                at += FRAME_HEAD;
                next = at + length;
                take(type, flags, id, length);
                at = next;
                first = false;
                settled.countDown();
            }
        } catch (IOException e) {
            died(e);
        } catch (RuntimeException e) {
            die(new FailureException(
                    Failure.PROTOCOL, "'" + site.authority() + "' sent what could not be read: " + e, e));
        } finally {
            tell();
            settled.countDown();
        }
    }

    private int frameLength() {
        return ((in[at] & 255) << 16) | ((in[at + 1] & 255) << 8) | (in[at + 2] & 255);
    }

    /// Has the buffer hold so many bytes from `at` on.
    private void need(int count) throws IOException {
        if (end - at >= count) {
            return;
        }
        if (at + count > in.length || at == end) {
            System.arraycopy(in, at, in, 0, end - at);
            end -= at;
            at = 0;
        }
        while (end - at < count) {
            if (!wire.recordAhead()) {
                tell();
            }
            int more = wire.read(in, end, in.length - end);
            if (more < 0) {
                throw new EOFException();
            }
            end += more;
        }
    }

    /// Wakes whom something came for.
    private void tell() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).wake();
        }
        touched.clear();
    }

    private void touch(Http2Stream stream) {
        if (touched.isEmpty() || touched.getLast() != stream) {
            touched.add(stream);
        }
    }

    private void take(int type, int flags, int id, int length) throws IOException {
        switch (type) {
            case DATA -> data(flags, id, length);
            case HEADERS -> headers(flags, id, length);
            case RST_STREAM -> reset(id, length);
            case SETTINGS -> settings(flags, length);
            case PUSH_PROMISE -> throw new Malformed("it pushed though that was switched off");
            case PING -> ping(flags, length);
            case GOAWAY -> goAway(length);
            case WINDOW_UPDATE -> windowUpdate(id, length);
            case CONTINUATION -> throw new Malformed("a head goes on that had not begun");
            default -> {
                // Unknown frames are to be ignored
            }
        }
    }

    private void data(int flags, int id, int length) throws IOException {
        int padding = padding(flags, length);
        int begin = at + ((flags & PADDED) == 0 ? 0 : 1);
        byte[] piece = new byte[at + length - padding - begin];
        System.arraycopy(in, begin, piece, 0, piece.length);
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.data(piece, (flags & END_STREAM) != 0);
            touch(stream);
            int hidden = length - piece.length;
            if (hidden > 0) {
                grant(id, hidden);
            }
        }
        ungranted += length;
        if (ungranted >= CONNECTION_WINDOW / 2) {
            grant(0, ungranted);
            ungranted = 0;
        }
    }

    private int padding(int flags, int length) throws Malformed {
        int padding = (flags & PADDED) == 0 || length == 0 ? 0 : in[at] & 255;
        if ((flags & PADDED) != 0 && padding >= length) {
            throw new Malformed("a frame is all padding");
        }
        return padding;
    }

    private void headers(int flags, int id, int length) throws IOException {
        int padding = padding(flags, length);
        int begin = at + ((flags & PADDED) == 0 ? 0 : 1) + ((flags & PRIORITY) == 0 ? 0 : 5);
        int stop = at + length - padding;
        if (begin > stop) {
            throw new Malformed("a head is shorter than it says");
        }
        ByteBuffer fragment = ByteBuffer.wrap(in, begin, stop - begin);
        if ((flags & END_HEADERS) == 0) {
            fragment = continued(id, begin, stop, padding);
        }
        int size = fragment.remaining();
        List<Header> fields;
        try {
            fields = decoder.decodeHeaders(fragment);
        } catch (HPackException e) {
            throw new Malformed("a head cannot be read (" + e.getMessage() + ")");
        }
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            deliver(stream, fields, size, (flags & END_STREAM) != 0);
        }
    }

    /// Puts together a head that goes on in further frames.
    private ByteBuffer continued(int id, int begin, int stop, int padding) throws IOException {
        HeadBytes whole = new HeadBytes();
        whole.append(in, begin, stop - begin);
        at = stop + padding;
        boolean last = false;
        while (!last) {
            need(FRAME_HEAD);
            int length = frameLength();
            boolean goesOn =
                    in[at + 3] == CONTINUATION && ByteBuffer.wrap(in, at + 5, 4).getInt() == id;
            if (!goesOn || length > LONGEST_FRAME || whole.length() + length > LONGEST_HEAD) {
                throw new Malformed(goesOn ? "a head is too long" : "a head is interrupted");
            }
            last = (in[at + 4] & END_HEADERS) != 0;
            need(FRAME_HEAD + length);
            whole.append(in, at + FRAME_HEAD, length);
            at += FRAME_HEAD + length;
        }
        next = at;
        return ByteBuffer.wrap(whole.array(), 0, whole.length());
    }

    private void deliver(Http2Stream stream, List<Header> fields, int size, boolean end) {
        Headers.Builder headers = Headers.builder();
        int status = -1;
        long length = -1;
        for (Header field : fields) {
            String name = field.getName();
            String value = field.getValue() == null ? "" : field.getValue();
            if (name.equals(":status")) {
                status = status(value);
            } else if (!name.startsWith(":")) {
                length = name.equals("content-length") && isLength(value) ? Long.parseLong(value) : length;
                headers.add(name, value);
            }
        }
        if (status == 0) {
            stream.fail(
                    new FailureException(
                            Failure.PROTOCOL,
                            "'" + site.authority() + "' sent no valid HTTP/2: the status is no number"),
                    false);
            return;
        }
        stream.fields(headers.build(), status, length, size, end);
        touch(stream);
    }

    /// @return 0 when it is no status
    private static int status(String value) {
        boolean digits = value.length() == 3 && isNumber(value) && value.charAt(0) != '0';
        return digits ? Integer.parseInt(value) : 0;
    }

    private static boolean isLength(String value) {
        return !value.isEmpty() && value.length() <= 18 && isNumber(value);
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private void reset(int id, int length) throws Malformed {
        exactly(length, 4, "a reset");
        int code = ByteBuffer.wrap(in, at, 4).getInt();
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.fail(
                    new FailureException(
                            Failure.CLOSED,
                            "'" + site.authority() + "' broke off the answer with " + Http2Error.name(code) + "; "
                                    + stream.progress()),
                    code == Http2Error.REFUSED_STREAM);
            wakeWriters();
        }
    }

    private void settings(int flags, int length) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        if (length % 6 != 0) {
            throw new Malformed("settings have " + length + " bytes");
        }
        lock.lock();
        try {
            ByteBuffer settings = ByteBuffer.wrap(in, at, length);
            while (settings.hasRemaining()) {
                apply(settings.getShort() & 0xffff, settings.getInt());
            }
            roomMade.signalAll();
            control(SETTINGS, ACK, 0, 0);
        } finally {
            lock.unlock();
        }
    }

    private void apply(int key, int value) throws Malformed {
        switch (key) {
            case 1 -> encoder.resize((int) Math.min(HeadEncoder.LARGEST_TABLE, Integer.toUnsignedLong(value)));
            case 3 -> mostStreams = value < 0 ? Integer.MAX_VALUE : value;
            case 4 -> {
                if (value < 0) {
                    throw new Malformed("the window of a stream is over its bounds");
                }
                long change = value - firstWindow;
                firstWindow = value;
                streams.values().forEach(stream -> stream.sendWindow += change);
            }
            case 5 -> longestFrame = Math.clamp(value, LONGEST_FRAME, 64 * 1024);
            default -> {
                // The others concern what is not done here
            }
        }
    }

    private void ping(int flags, int length) throws Malformed {
        exactly(length, 8, "a ping");
        if ((flags & ACK) == 0) {
            lock.lock();
            try {
                control(PING, ACK, 0, 8).append(in, at, 8);
            } finally {
                lock.unlock();
            }
        }
    }

    private void goAway(int length) throws Malformed {
        if (length < 8) {
            throw new Malformed("a farewell has " + length + " bytes");
        }
        int last = ByteBuffer.wrap(in, at, 4).getInt() & Integer.MAX_VALUE;
        int code = ByteBuffer.wrap(in, at + 4, 4).getInt();
        draining = true;
        FailureException why = new FailureException(
                Failure.CLOSED,
                "'" + site.authority() + "' ended the connection with " + Http2Error.name(code)
                        + " before it took the request");
        streams.forEach((id, stream) -> {
            if (id > last) {
                stream.fail(why, true);
            }
        });
        wakeWriters();
        if (streams.isEmpty()) {
            close();
        }
    }

    private void windowUpdate(int id, int length) throws Malformed {
        exactly(length, 4, "a window's update");
        int more = ByteBuffer.wrap(in, at, 4).getInt() & Integer.MAX_VALUE;
        lock.lock();
        try {
            Http2Stream stream = id == 0 ? null : streams.get(id);
            if (id == 0) {
                connectionWindow += more;
            } else if (stream != null) {
                stream.sendWindow += more;
            }
            roomMade.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void exactly(int length, int expected, String what) throws Malformed {
        if (length != expected) {
            throw new Malformed(what + " has " + length + " bytes");
        }
    }

    // Ending

    private void wakeWriters() {
        lock.lock();
        try {
            roomMade.signalAll();
            wakeWriter();
        } finally {
            lock.unlock();
        }
    }

    private FailureException goneAway() {
        return new FailureException(
                Failure.CLOSED, "'" + site.authority() + "' ended the connection before it took the request");
    }

    private FailureException died(IOException e) {
        FailureException why = broken(e);
        die(why);
        FailureException first = dead;
        return first == null ? why : first;
    }

    private FailureException broken(IOException e) {
        String subject = "'" + site.authority() + "'";
        if (wire.late()) {
            return new FailureException(Failure.TIMEOUT, subject + " took no more data in time; it does not read", e);
        }
        return switch (e) {
            case Malformed m ->
                new FailureException(Failure.PROTOCOL, subject + " sent no valid HTTP/2: " + m.getMessage(), m);
            case EOFException eof ->
                new FailureException(
                        Failure.CLOSED, subject + " closed the connection before its answer was complete", eof);
            default ->
                new FailureException(
                        Failure.CLOSED,
                        subject + " broke the connection before its answer was complete (" + e.getMessage() + ")",
                        e);
        };
    }

    private void die(FailureException why) {
        DEAD.compareAndSet(this, null, why);
        wire.watch().remove(this);
        wire.close();
        failAll(why);
    }

    private void failAll(FailureException why) {
        streams.values().forEach(stream -> stream.fail(why, false));
        wakeWriters();
    }
}
