package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/*
 * One thread reads: it decodes frames and hands what they hold to the streams. Whoever sends writes
 * its own frames, under one lock (`writing`), because the compression of header fields and the order of
 * new streams depend on what was sent before. The reader must never wait for that lock: a writer may be
 * waiting for the peer, which may be waiting for us to read. So it queues its own frames, and whoever
 * leaves the lock sends them; and the windows, which both sides change, have a lock of their own
 * (`room`) that nobody holds while writing.
 */
/// One connection that speaks HTTP/2 (RFC 9113), from preface to end. Thread-safe.
final class Http2Session {

    /// What a peer may send on one stream before somebody reads it.
    static final int STREAM_WINDOW = 1024 * 1024;

    private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;
    private static final int FIRST_WINDOW = 65_535;
    private static final int FRAME_HEAD = 9;
    private static final int LONGEST_FRAME = 16_384;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int JOINED = 8 * 1024;
    private static final Duration SHORTEST_WRITE = Duration.ofSeconds(1);
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
    private final Queue<byte[]> queued = new ConcurrentLinkedQueue<>();
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile int mostStreams = 100;
    private volatile boolean draining;
    private volatile @Nullable FailureException dead;

    /// Guards what is sent: everything up to the next lock.
    private final ReentrantLock writing = new ReentrantLock();

    // With any other character set it makes its buffer anew, and larger, for every text
    private final HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.US_ASCII);
    private final ByteArrayBuffer block = new ByteArrayBuffer(512);
    private final HeadBytes out = new HeadBytes();
    private int nextId = 1;

    /// Guards what the peer lets us send, the windows of the streams included.
    private final ReentrantLock room = new ReentrantLock();

    private final Condition roomMade = room.newCondition();
    private long connectionWindow = FIRST_WINDOW;
    private long firstWindow = FIRST_WINDOW;
    private int open;

    private volatile int longestFrame = LONGEST_FRAME;
    /// What the peer asked the table of our fields to shrink to; -1 for nothing.
    private volatile int tableSizeAsked = -1;

    // The reader's own
    private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.UTF_8);
    private byte[] in = new byte[FRAME_HEAD + LONGEST_FRAME];
    private int at;
    private int next;
    private int end;
    private int ungranted;

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
            out.clear();
            out.ascii(PREFACE);
            frame(SETTINGS, 0, 0, 18);
            // No pushes, the window of a stream, the longest head
            setting(2, 0);
            setting(4, STREAM_WINDOW);
            setting(6, LONGEST_HEAD);
            frame(WINDOW_UPDATE, 0, 0, 4);
            out.int32(CONNECTION_WINDOW - FIRST_WINDOW);
            wire.write(out.array(), 0, out.length());
            Thread.ofVirtual().name("turbulence-http-h2 " + site.authority()).start(this::read);
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

    private FailureException timeout(Deadline deadline) {
        wire.close();
        return new FailureException(
                Failure.TIMEOUT, "'" + site.authority() + "' did not begin HTTP/2 within the " + deadline.limit());
    }

    private void setting(int key, int value) {
        out.one((char) (key >> 8)).one((char) key).int32(value);
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

    void close() {
        if (dead == null) {
            queue(small(GOAWAY, 0, 0, new byte[8]));
        }
        die(new FailureException(Failure.CLOSED, "the connection to '" + site.authority() + "' was closed here"));
    }

    // Sending

    /// Sends the request of a new stream.
    void send(Http2Stream stream) {
        RequestBody body = stream.call().body();
        long length = body.length();
        takeSlot(stream);
        enter(stream);
        try {
            boolean joined = begin(stream, body, length);
            flush(stream);
            stream.allSent = joined || length == 0;
        } catch (IOException e) {
            throw died(e);
        } finally {
            leave();
        }
        if (!stream.allSent) {
            sendBody(stream, body);
        }
    }

    /// @return whether the body went with the head
    private boolean begin(Http2Stream stream, RequestBody body, long length) throws IOException {
        refuseWhenOver(stream);
        number(stream);
        out.clear();
        writeHead(stream, length == 0);
        if (length <= 0
                || length > JOINED
                || !(body instanceof RequestBody.Bytes bytes)
                || !tryTakeRoom(stream, (int) length)) {
            return false;
        }
        frame(DATA, END_STREAM, stream.id, (int) length);
        out.ascii(bytes.content());
        return true;
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

    private void number(Http2Stream stream) {
        room.lock();
        try {
            stream.id = nextId;
            stream.sendWindow = firstWindow;
            streams.put(nextId, stream);
        } finally {
            room.unlock();
        }
        nextId += 2;
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

    private int sendPiece(Http2Stream stream, byte[] from, int offset, int most) throws IOException {
        int count = takeRoom(stream, Math.min(most, longestFrame));
        if (count == 0) {
            return 0;
        }
        enter(stream);
        try {
            out.clear();
            frame(DATA, 0, stream.id, count);
            out.append(from, offset, count);
            flush(stream);
            return count;
        } finally {
            leave();
        }
    }

    private void sendEnd(Http2Stream stream) throws IOException {
        enter(stream);
        try {
            out.clear();
            frame(DATA, END_STREAM, stream.id, 0);
            flush(stream);
            stream.allSent = true;
        } finally {
            leave();
        }
    }

    /// Waits until the peer takes one stream more.
    private void takeSlot(Http2Stream stream) {
        room.lock();
        try {
            while (usable() && open >= mostStreams) {
                awaitRoom(stream);
            }
            open++;
            stream.counted = true;
        } finally {
            room.unlock();
        }
    }

    /// Waits until the peer takes some bytes of the stream.
    ///
    /// @return how many; 0 when the stream is over
    private int takeRoom(Http2Stream stream, int most) {
        room.lock();
        try {
            while (!stream.over() && Math.min(stream.sendWindow, connectionWindow) <= 0) {
                awaitRoom(stream);
            }
            if (stream.over()) {
                return 0;
            }
            int count = (int) Math.min(most, Math.min(stream.sendWindow, connectionWindow));
            stream.sendWindow -= count;
            connectionWindow -= count;
            return count;
        } finally {
            room.unlock();
        }
    }

    private boolean tryTakeRoom(Http2Stream stream, int all) {
        room.lock();
        try {
            if (all > Math.min(stream.sendWindow, connectionWindow)) {
                return false;
            }
            stream.sendWindow -= all;
            connectionWindow -= all;
            return true;
        } finally {
            room.unlock();
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
            throw cancelled(e);
        }
    }

    private FailureException cancelled(InterruptedException e) {
        return new FailureException(Failure.CANCELLED, "the request to '" + site.authority() + "' was cancelled", e);
    }

    private void writeHead(Http2Stream stream, boolean last) throws IOException {
        Call call = stream.call();
        block.clear();
        int asked = tableSizeAsked;
        if (asked >= 0) {
            tableSizeAsked = -1;
            encoder.setMaxTableSize(asked);
            writeTableSize(asked);
        }
        encode(":method", call.method(), false);
        encode(":scheme", site.endpoint().scheme(), false);
        encode(":authority", authority(call), false);
        encode(":path", call.target(), false);
        for (int i = 0; i < call.fieldCount(); i++) {
            String name = lower(call.fieldName(i));
            if (travels(name)) {
                encode(name, call.fieldValue(i), name.equals("authorization") || name.equals("cookie"));
            }
        }
        long length = call.body().length();
        if (length > 0 || (length == 0 && call.announcesEmptyBody())) {
            encode("content-length", Long.toString(length), false);
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

    private void encode(String name, String value, boolean sensitive) throws CharacterCodingException {
        encoder.encodeHeader(block, name, asBytes(value), sensitive);
    }

    /// Characters that stand for the bytes of the text in UTF-8, one each.
    private static String asBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            }
        }
        return text;
    }

    /// RFC 7541 §6.3
    private void writeTableSize(int size) {
        if (size < 31) {
            block.append(0x20 | size);
            return;
        }
        block.append(0x3f);
        int rest = size - 31;
        while (rest >= 128) {
            block.append((rest & 127) | 128);
            rest >>= 7;
        }
        block.append(rest);
    }

    private void writeBlock(int id, boolean last) {
        int length = block.length();
        int first = Math.min(length, longestFrame);
        boolean whole = first == length;
        frame(HEADERS, (last ? END_STREAM : 0) | (whole ? END_HEADERS : 0), id, first);
        out.append(block.array(), 0, first);
        for (int done = first; done < length; ) {
            int count = Math.min(length - done, longestFrame);
            frame(CONTINUATION, done + count == length ? END_HEADERS : 0, id, count);
            out.append(block.array(), done, count);
            done += count;
        }
    }

    /// Fields that belong to a connection have no place here (RFC 9113 §8.2.2).
    private static boolean travels(String name) {
        return switch (name) {
            case "host", "connection", "keep-alive", "proxy-connection", "upgrade", "expect" -> false;
            default -> true;
        };
    }

    private static String lower(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                return name.toLowerCase(Locale.ROOT);
            }
        }
        return name;
    }

    private void frame(int type, int flags, int id, int length) {
        out.one((char) (length >> 16 & 255)).one((char) (length >> 8 & 255)).one((char) (length & 255));
        out.one((char) type).one((char) flags).int32(id);
    }

    private void enter(Http2Stream stream) {
        try {
            if (writing.tryLock()
                    || writing.tryLock(Math.max(0, stream.deadline().remainingNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        }
        throw new FailureException(
                Failure.TIMEOUT,
                "'" + site.authority() + "' took no request within the "
                        + stream.deadline().limit() + "; others on the same connection are waiting to send");
    }

    private void leave() {
        writing.unlock();
        flushQueued();
    }

    private void flush(Http2Stream stream) throws IOException {
        Deadline deadline = stream.deadline();
        // A stream that is nearly late must not take the others with it
        write(deadline.remaining().compareTo(SHORTEST_WRITE) < 0 ? shortest() : deadline);
        stream.sent += out.length();
    }

    private static Deadline shortest() {
        return Deadline.after(SHORTEST_WRITE, "write limit of " + SHORTEST_WRITE.toSeconds() + " s");
    }

    private void write(Deadline deadline) throws IOException {
        wire.begin(deadline);
        wire.write(out.array(), 0, out.length());
        wire.end();
    }

    /// Sends a frame of the reader's, or has it sent by whoever is writing.
    private void queue(byte[] frame) {
        queued.add(frame);
        flushQueued();
    }

    private void flushQueued() {
        while (!queued.isEmpty() && writing.tryLock()) {
            try {
                out.clear();
                for (byte[] frame = queued.poll(); frame != null; frame = queued.poll()) {
                    out.ascii(frame);
                }
                write(shortest());
            } catch (IOException e) {
                died(e);
            } finally {
                writing.unlock();
            }
        }
    }

    private static byte[] small(int type, int flags, int id, byte[] content) {
        return ByteBuffer.allocate(FRAME_HEAD + content.length)
                .put((byte) 0)
                .putShort((short) content.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(id)
                .put(content)
                .array();
    }

    private static byte[] int32(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /// Lets the peer send so many bytes more on a stream.
    void grant(int id, int bytes) {
        queue(small(WINDOW_UPDATE, 0, id, int32(bytes)));
    }

    /// The instance is done with the stream.
    ///
    /// @param finished whether the peer is too; else it is told to stop
    void forget(Http2Stream stream, boolean finished) {
        if (stream.counted) {
            room.lock();
            try {
                open--;
                roomMade.signalAll();
            } finally {
                room.unlock();
            }
        }
        boolean known = stream.id != 0 && streams.remove(stream.id) != null;
        if (known && !finished && dead == null) {
            queue(small(RST_STREAM, 0, stream.id, int32(Http2Error.CANCEL)));
        }
        if (draining && streams.isEmpty()) {
            close();
        }
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
            int more = wire.read(in, end, in.length - end);
            if (more < 0) {
                throw new EOFException();
            }
            end += more;
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
                status = value.matches("[1-9]\\d\\d") ? Integer.parseInt(value) : 0;
            } else if (!name.startsWith(":")) {
                length = name.equals("content-length") && value.matches("\\d{1,18}") ? Long.parseLong(value) : length;
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
        room.lock();
        try {
            ByteBuffer settings = ByteBuffer.wrap(in, at, length);
            while (settings.hasRemaining()) {
                apply(settings.getShort() & 0xffff, settings.getInt());
            }
            roomMade.signalAll();
        } finally {
            room.unlock();
        }
        queue(small(SETTINGS, ACK, 0, new byte[0]));
    }

    private void apply(int key, int value) throws Malformed {
        switch (key) {
            case 1 -> tableSizeAsked = (int) Math.min(4096, Integer.toUnsignedLong(value));
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
            queue(small(PING, ACK, 0, Arrays.copyOfRange(in, at, at + 8)));
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
        room.lock();
        try {
            Http2Stream stream = id == 0 ? null : streams.get(id);
            if (id == 0) {
                connectionWindow += more;
            } else if (stream != null) {
                stream.sendWindow += more;
            }
            roomMade.signalAll();
        } finally {
            room.unlock();
        }
    }

    private static void exactly(int length, int expected, String what) throws Malformed {
        if (length != expected) {
            throw new Malformed(what + " has " + length + " bytes");
        }
    }

    // Ending

    private void wakeWriters() {
        room.lock();
        try {
            roomMade.signalAll();
        } finally {
            room.unlock();
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
        wire.close();
        streams.values().forEach(stream -> stream.fail(why, false));
        wakeWriters();
    }
}
