package io.turbulence.testkit;

import io.turbulence.testkit.FaultProxy.Way;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * One connection through the proxy. Each way has a reader and a writer with a short queue between, so
 * that latency delays bytes without limiting how many are on their way, as a long line does. The queue
 * is bounded: when the writer is slow, the reader stops reading and the sender feels it.
 */
final class ProxiedConnection {

    private static final int CHUNK = 8 * 1024;
    private static final int CHUNKS_ON_THE_WAY = 64;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final String name;
    private final AtomicInteger waysOpen = new AtomicInteger(2);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean abandoned;

    ProxiedConnection(FaultProxy proxy, Socket client, Socket server, long number) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.name = "fault-proxy-" + proxy.port() + "-" + number;
    }

    void start() {
        startWay(Way.TO_SERVER, client, server);
        startWay(Way.TO_CLIENT, server, client);
    }

    boolean ended() {
        return ended.get();
    }

    /// Ends both sides; does nothing the second time.
    void end(boolean byReset) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (byReset) {
            Sockets.reset(client);
            Sockets.reset(server);
        } else {
            Sockets.close(client);
            Sockets.close(server);
        }
        proxy.removed(this);
    }

    /// Ends the server's side and keeps the client's open.
    void abandonServer() {
        abandoned = true;
        Sockets.close(server);
    }

    private void startWay(Way way, Socket from, Socket to) {
        BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS_ON_THE_WAY);
        Thread.ofVirtual().name(name + "-write-" + way).start(() -> guarded(to, () -> write(way, to, onTheWay)));
        Thread.ofVirtual().name(name + "-read-" + way).start(() -> guarded(from, () -> read(way, from, onTheWay)));
    }

    private void read(Way way, Socket from, BlockingQueue<Chunk> onTheWay) throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[CHUNK];
        long lastDue = Long.MIN_VALUE;
        while (true) {
            proxy.awaitReading(way, this);
            int count = in.read(buffer);
            if (count < 0 && abandoned) {
                throw new EOFException("the side that was left ended");
            }
            if (count < 0) {
                enqueue(
                        onTheWay,
                        new Chunk(
                                ByteBuffer.allocate(0),
                                System.nanoTime() + proxy.faults().latencyNanos(),
                                true));
                return;
            }
            Faults faults = proxy.faults();
            if (faults.blackHole() || abandoned) {
                continue;
            }
            long due = System.nanoTime() + faults.latencyNanos() + jitter(faults);
            lastDue = lastDue == Long.MIN_VALUE || due - lastDue > 0 ? due : lastDue;
            enqueue(onTheWay, new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, count)), lastDue, false));
        }
    }

    private void enqueue(BlockingQueue<Chunk> onTheWay, Chunk chunk) throws InterruptedException {
        while (!ended.get() && !onTheWay.offer(chunk, 1, TimeUnit.SECONDS)) {
            // The writer is held back; only the end of the connection ends the wait
        }
    }

    private void write(Way way, Socket to, BlockingQueue<Chunk> onTheWay) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        long written = 0;
        while (!ended.get()) {
            Chunk chunk = onTheWay.poll(1, TimeUnit.SECONDS);
            if (chunk == null) {
                continue;
            }
            proxy.awaitMoment(chunk.due(), this);
            if (chunk.last()) {
                finishWay(to);
                return;
            }
            written = writePaced(way, out, chunk.content().array(), written);
            if (written < 0) {
                return;
            }
        }
    }

    /// Writes in pieces that fit the limits.
    ///
    /// @return bytes written this way so far; -1 when the connection was ended
    private long writePaced(Way way, OutputStream out, byte[] content, long before)
            throws IOException, InterruptedException {
        long written = before;
        int offset = 0;
        while (offset < content.length) {
            Faults.OneWay limits = proxy.faults().of(way);
            int piece = content.length - offset;
            if (limits.bytesPerSecond() > 0) {
                piece = (int) Math.min(piece, Math.max(1, limits.bytesPerSecond() / 50));
            }
            if (limits.endAfter() >= 0) {
                piece = (int) Math.min(piece, Math.max(0, limits.endAfter() - written));
            }
            if (abandoned) {
                return written;
            }
            proxy.passed(way, piece);
            out.write(content, offset, piece);
            offset += piece;
            written += piece;
            if (limits.endAfter() >= 0 && written >= limits.endAfter()) {
                end(limits.endByReset());
                return -1;
            }
            if (limits.bytesPerSecond() > 0) {
                proxy.awaitMoment(System.nanoTime() + piece * 1_000_000_000L / limits.bytesPerSecond(), this);
            }
        }
        return written;
    }

    private void finishWay(Socket to) throws IOException {
        if (abandoned) {
            return;
        }
        if (waysOpen.decrementAndGet() == 0) {
            end(false);
        } else {
            to.shutdownOutput();
        }
    }

    private void guarded(Socket side, Pump pump) {
        try {
            pump.run();
        } catch (IOException e) {
            if (!abandoned || side.equals(client)) {
                end(true);
            }
        } catch (InterruptedException e) {
            end(true);
        }
    }

    private interface Pump {

        void run() throws IOException, InterruptedException;
    }

    /// Bytes and when they may arrive.
    private record Chunk(ByteBuffer content, long due, boolean last) {}

    private static long jitter(Faults faults) {
        return faults.jitterNanos() <= 0 ? 0 : ThreadLocalRandom.current().nextLong(faults.jitterNanos());
    }
}
