package io.turbulence.http;

import io.turbulence.api.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One byte stream to a peer, with or without TLS. Whatever is read and written between [#begin] and
/// [#end] is cut off when the deadline passes.
///
/// Used by one thread at a time; [#abort], [#close] and [#cutIfLate] come from any.
final class Wire implements Closeable, DeadlineWatch.Watched {

    private static final VarHandle LIMIT = limitHandle();

    // States of `limit`. A time of the monotonic clock has both low bits set, so it is none of these.
    private static final long NONE = 0;
    private static final long LATE = 1;
    private static final long ABORTED = 2;
    private static final long TIME = 3;

    private static final int FIRST_AHEAD = 2 * 1024;
    private static final int MOST_AHEAD = 32 * 1024;
    private static final int RECORD_HEAD = 5;

    private final SocketChannel channel;
    private final DeadlineWatch watch;
    private volatile long limit = NONE;
    private final boolean timed;
    private @Nullable Deadline patience;

    /// What was read before anybody asked for it: from `aheadAt` to `aheadEnd`.
    private byte[] ahead = new byte[0];

    private int aheadAt;
    private int aheadEnd;
    private @Nullable SSLSocket tls;
    private @Nullable InputStream tlsIn;
    private @Nullable OutputStream tlsOut;

    Wire(SocketChannel channel, DeadlineWatch watch) {
        this.channel = channel;
        this.watch = watch;
        this.timed = channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
        watch.add(this);
    }

    SocketChannel channel() {
        return channel;
    }

    DeadlineWatch watch() {
        return watch;
    }

    /// From now on everything ends by the deadline.
    void begin(Deadline deadline) {
        begin(System.nanoTime() + deadline.remainingNanos());
    }

    /// From now on everything ends by that time of the monotonic clock.
    void begin(long time) {
        long at = time | TIME;
        long current = limit;
        while (!ended(current) && !LIMIT.compareAndSet(this, current, at)) {
            current = limit;
        }
    }

    /// From now on a read that finds nothing until the deadline ends with a [java.net.SocketTimeoutException],
    /// after which it can be tried again; null for reads that only [#begin] limits.
    void waitUntil(@Nullable Deadline deadline) {
        // Unix domain sockets know no timeouts; there the stream ends with its step's deadline alone
        patience = timed ? deadline : null;
    }

    /// The deadline no longer holds.
    ///
    /// @return false when it had passed, or the wire was aborted
    boolean end() {
        long current = limit;
        while (!ended(current)) {
            if (LIMIT.compareAndSet(this, current, NONE)) {
                return true;
            }
            current = limit;
        }
        return false;
    }

    boolean late() {
        return limit == LATE;
    }

    boolean aborted() {
        return limit == ABORTED;
    }

    /// Ends what is under way because nobody wants it any more.
    void abort() {
        cut(ABORTED);
    }

    @Override
    public int cutIfLate(long now) {
        long current = limit;
        if (!ended(current) && current != NONE && now - current >= 0) {
            cut(LATE);
        }
        return 1;
    }

    private void cut(long state) {
        long current = limit;
        while (!ended(current)) {
            if (LIMIT.compareAndSet(this, current, state)) {
                closeChannel();
                return;
            }
            current = limit;
        }
    }

    private static boolean ended(long state) {
        return state == LATE || state == ABORTED;
    }

    /// Speaks TLS from now on.
    void secure(SSLSocket socket) throws IOException {
        tlsIn = socket.getInputStream();
        tlsOut = socket.getOutputStream();
        tls = socket;
    }

    @Nullable
    SSLSocket tls() {
        return tls;
    }

    /// @return -1 at the end of the stream
    int read(byte[] into, int offset, int length) throws IOException {
        InputStream secured = tlsIn;
        return secured == null ? readRaw(into, offset, length) : secured.read(into, offset, length);
    }

    void write(byte[] from, int offset, int length) throws IOException {
        OutputStream secured = tlsOut;
        if (secured == null) {
            writeRaw(from, offset, length);
        } else {
            secured.write(from, offset, length);
        }
    }

    int readRaw(byte[] into, int offset, int length) throws IOException {
        if (aheadAt == aheadEnd) {
            return receive(into, offset, length);
        }
        int count = Math.min(length, aheadEnd - aheadAt);
        System.arraycopy(ahead, aheadAt, into, offset, count);
        aheadAt += count;
        return count;
    }

    /// As [#readRaw], but takes from the channel as much as there is, for TLS asks for each record in two
    /// small pieces.
    int readAhead(byte[] into, int offset, int length) throws IOException {
        if (aheadAt == aheadEnd && length < MOST_AHEAD) {
            boolean full = aheadEnd == ahead.length;
            if (full && ahead.length < MOST_AHEAD) {
                ahead = new byte[Math.max(FIRST_AHEAD, ahead.length * 4)];
            }
            int count = receive(ahead, 0, ahead.length);
            aheadAt = 0;
            aheadEnd = Math.max(0, count);
            if (count < 0) {
                return -1;
            }
        }
        return readRaw(into, offset, length);
    }

    private int receive(byte[] into, int offset, int length) throws IOException {
        Deadline most = patience;
        if (most == null) {
            return channel.read(ByteBuffer.wrap(into, offset, length));
        }
        Socket socket = channel.socket();
        socket.setSoTimeout(most.timeoutMillis());
        return socket.getInputStream().read(into, offset, length);
    }

    /// Whether a whole record of TLS was read ahead, so that a read does not have to wait.
    boolean recordAhead() {
        int count = aheadEnd - aheadAt;
        return tls != null
                && count > RECORD_HEAD
                && count >= RECORD_HEAD + (((ahead[aheadAt + 3] & 255) << 8) | (ahead[aheadAt + 4] & 255));
    }

    void writeRaw(byte[] from, int offset, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /// Whether the peer has neither closed the stream nor sent anything, asked between two exchanges.
    boolean quiet() {
        try {
            return channel.isOpen() && peek() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a read would find something at once, the end of the stream included.
    boolean readable() throws IOException {
        return peek() != 0;
    }

    private int peek() throws IOException {
        if (aheadAt < aheadEnd) {
            return 1;
        }
        byte[] one = ahead.length > 0 ? ahead : new byte[1];
        channel.configureBlocking(false);
        int count;
        try {
            count = channel.read(ByteBuffer.wrap(one, 0, 1));
        } finally {
            channel.configureBlocking(true);
        }
        if (count > 0) {
            ahead = one;
            aheadAt = 0;
            aheadEnd = count;
        }
        return count;
    }

    /// Closes the stream; with TLS and in good order, says goodbye first.
    @Override
    public void close() {
        SSLSocket secured = tls;
        if (secured != null && channel.isOpen() && !ended(limit)) {
            begin(Deadline.after(Duration.ofMillis(500), "closing"));
            try {
                secured.close();
            } catch (IOException e) {
                // It was to be closed anyway
            }
        }
        closeChannel();
    }

    void closeChannel() {
        watch.remove(this);
        try {
            channel.close();
        } catch (IOException e) {
            // Closing is all that was wanted, and the descriptor is gone
        }
    }

    /// Whether the exception means that this side gave up.
    boolean cancelled(IOException e) {
        return e instanceof ClosedByInterruptException || aborted();
    }

    private static VarHandle limitHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Wire.class, "limit", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
