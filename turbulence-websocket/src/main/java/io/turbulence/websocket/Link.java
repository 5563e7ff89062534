package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.ContinuousFrame;
import org.java_websocket.framing.ControlFrame;
import org.java_websocket.framing.DataFrame;
import org.java_websocket.framing.FramedataImpl1;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.framing.TextFrame;
import org.jspecify.annotations.Nullable;

/// One open WebSocket, from its handshake to its end. A virtual thread reads it: answers pings, hands on messages, and
/// finds out how it ends. Sending and closing come from any thread.
final class Link {

    private static final int SMALL = 1024;
    private static final int LARGE = 32 * 1024;
    private static final int GOODBYE_MILLIS = 1000;

    private static final byte[] ARE_YOU_THERE = "are you there?".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final Address address;
    private final Handshake.Agreed agreed;
    private final WebSocketService service;
    private final Listener listener;
    private final Outbox outbox;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean saidGoodbye = new AtomicBoolean();
    private final AtomicReference<@Nullable CountDownLatch> asked = new AtomicReference<>();
    private volatile @Nullable Closing ours;
    private volatile @Nullable Closing theirs;
    private volatile Outcome.@Nullable Failed end;
    private volatile long pingNanos = -1;

    // Of the thread that reads
    private long pingedAt;
    private boolean awaitsLife;
    private volatile boolean wasAsked;
    private long nextPing;
    private long pings;

    Link(Wire wire, Address address, Handshake.Agreed agreed, WebSocketService service, Listener listener) {
        this.wire = wire;
        this.address = address;
        this.agreed = agreed;
        this.service = service;
        this.listener = listener;
        this.outbox = new Outbox(wire, "turbulence-websocket-writer");
    }

    /// Takes what comes. Called on the thread that reads; must not block.
    interface Listener {

        void message(Link link, Frame frame);

        /// Nothing more comes.
        void ended(Link link, Outcome.Failed why);
    }

    /// A close frame.
    record Closing(int code, String reason) {

        @Override
        public String toString() {
            return CloseCodes.describe(code) + (reason.isEmpty() ? "" : ": '" + reason + "'");
        }
    }

    void start() {
        Thread.ofVirtual().name("turbulence-websocket-reader").start(this::read);
    }

    Handshake.Agreed agreed() {
        return agreed;
    }

    Address address() {
        return address;
    }

    /// How it ended; null while it stands.
    Outcome.@Nullable Failed end() {
        return end;
    }

    /// What the server gave as its reason to close; null when it gave none yet.
    @Nullable
    Closing closedByServer() {
        return theirs;
    }

    /// Whether it is over because we asked for that, and the server agreed.
    boolean wasClosedByUs() {
        return wasAsked && end != null;
    }

    /// Whether messages can be sent.
    boolean isOpen() {
        return end == null && ours == null && theirs == null;
    }

    /// Adds the facts of the connection that change while it stands.
    void addFacts(Metadata.Builder facts) {
        long ping = pingNanos;
        if (ping >= 0) {
            facts.put("ping_ms", ping / 1e6);
        }
        Closing closing = theirs;
        if (closing != null) {
            facts.put("close_code", closing.code()).put("close_reason", closing.reason());
        } else if (end != null && ours == null) {
            facts.put("close_code", CloseCodes.ABNORMAL);
        }
    }

    // Sending

    /// What sending came to.
    ///
    /// @param wireSize bytes with the heads of frames
    record Sent(int frames, long wireSize) {}

    /// Sends one message and waits until the network has it.
    ///
    /// @param fragment the most content of one frame; 0 for one frame
    /// @throws FailureException when it cannot be sent in time
    Sent send(boolean text, byte[] content, int fragment, Deadline deadline) throws InterruptedException {
        List<ByteBuffer> frames = frames(text, content, fragment);
        long size = 0;
        for (ByteBuffer frame : frames) {
            size += frame.remaining();
        }
        int count = frames.size();
        try {
            if (!outbox.await(outbox.add(frames), deadline)) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + address + "': a message of " + size + " bytes was not taken within the "
                                + deadline.limit() + "; the server does not read");
            }
        } catch (IOException e) {
            throw broken(e);
        }
        return new Sent(count, size);
    }

    /// Sends a text that nobody waits for.
    void answer(String text) {
        frames(true, text.getBytes(StandardCharsets.UTF_8), 0).forEach(outbox::addUnasked);
    }

    private List<ByteBuffer> frames(boolean text, byte[] content, int fragment) {
        boolean compress = agreed.deflate() != null && MessageDeflate.isWorthwhile(content);
        byte[] payload = compress ? MessageDeflate.deflate(content) : content;
        int most = fragment <= 0 ? Math.max(1, payload.length) : fragment;
        List<ByteBuffer> frames = new ArrayList<>(payload.length / most + 1);
        int at = 0;
        do {
            int size = Math.min(most, payload.length - at);
            DataFrame frame = at > 0 ? new ContinuousFrame() : text ? new TextFrame() : new BinaryFrame();
            frame.setPayload(ByteBuffer.wrap(payload, at, size));
            frame.setRSV1(compress && at == 0);
            at += size;
            frame.setFin(at == payload.length);
            frames.add(agreed.engine().createBinaryFrame(frame));
        } while (at < payload.length);
        return frames;
    }

    private FailureException broken(IOException e) {
        Outcome.Failed why = awaitEnd();
        return why == null
                ? new FailureException(Failure.CLOSED, "'" + address + "': the connection broke: " + e.getMessage(), e)
                : new FailureException(why.failure(), why.message(), why.cause());
    }

    /// A write that fails is often told before the read that says why.
    private Outcome.@Nullable Failed awaitEnd() {
        try {
            if (over.await(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)) {
                return end;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return end;
    }

    // Closing

    /// Closes by the rules: says why, and waits for the server to say it too.
    ///
    /// @return what the server answered; null when the deadline passed first, or the connection ended otherwise
    @Nullable
    Closing close(int code, String reason, Deadline deadline) throws InterruptedException {
        if (isOpen()) {
            sayGoodbye(new Closing(code, reason));
        }
        over.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        return theirs;
    }

    private void sayGoodbye(Closing closing) {
        if (!saidGoodbye.compareAndSet(false, true)) {
            return;
        }
        ours = closing;
        byte[] reason = closing.reason().getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(closing.code() == CloseCodes.NONE ? 0 : 2 + reason.length);
        if (content.capacity() > 0) {
            content.putShort((short) closing.code()).put(reason).flip();
        }
        outbox.addLast(agreed.engine().createBinaryFrame(new RawClose(content)));
    }

    /// Says goodbye and leaves the end to the server, as RFC 6455 §7.1.1 wants it; ends it when the deadline passes.
    void leave(Deadline deadline) throws InterruptedException {
        try {
            close(CloseCodes.NORMAL, "", deadline);
            gone.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } finally {
            abort();
        }
    }

    /// Asks the server whether it is there, with a ping. A connection that was cut is not known to be before that.
    ///
    /// @return false when it has ended, or no answer came before the deadline
    boolean answers(Deadline deadline) throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch pending = asked.compareAndExchange(null, answer);
        if (pending == null) {
            pending = answer;
            PingFrame ping = new PingFrame();
            ping.setPayload(ByteBuffer.wrap(ARE_YOU_THERE));
            outbox.addUnasked(agreed.engine().createBinaryFrame(ping));
        }
        return isOpen() && pending.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS) && isOpen();
    }

    private void answered() {
        CountDownLatch pending = asked.getAndSet(null);
        if (pending != null) {
            pending.countDown();
        }
    }

    /// Ends it at once. Idempotent.
    void abort() {
        ended(new Outcome.Failed(Failure.CANCELLED, "'" + address + "': the connection was closed by us", null));
    }

    // Reading

    private void read() {
        byte[] buffer = new byte[SMALL];
        Inbound inbound = new Inbound();
        FrameReader frames = new FrameReader(
                agreed.engine(), agreed.deflate(), service.maxMessage().bytes(), inbound);
        try {
            if (agreed.ahead().length > 0) {
                frames.read(agreed.ahead(), 0, agreed.ahead().length);
            }
            nextPing = System.nanoTime() + interval();
            while (theirs == null) {
                int count = await(buffer);
                if (count < 0) {
                    ended(cutOff());
                    return;
                }
                frames.read(buffer, 0, count);
                // Large while there is much to read, so that an idle connection costs little
                if (count == buffer.length && count < LARGE) {
                    buffer = new byte[LARGE];
                } else if (count < SMALL && buffer.length > SMALL) {
                    buffer = new byte[SMALL];
                }
            }
            closed();
        } catch (Violation e) {
            violated(e);
        } catch (GoneSilent e) {
            ended(new Outcome.Failed(Failure.TIMEOUT, String.valueOf(e.getMessage()), null));
        } catch (IOException e) {
            ended(new Outcome.Failed(Failure.CLOSED, "'" + address + "': the connection broke: " + e.getMessage(), e));
        } catch (RuntimeException e) {
            ended(new Outcome.Failed(
                    Failure.PROTOCOL, "'" + address + "': what the server sent could not be read: " + e, e));
        } finally {
            wire.close();
            gone.countDown();
            MessageDeflate deflate = agreed.deflate();
            if (deflate != null) {
                deflate.end();
            }
        }
    }

    private long interval() {
        WebSocketService.Heartbeat heartbeat = service.heartbeat();
        return heartbeat == null ? Long.MAX_VALUE / 2 : heartbeat.interval().toNanos();
    }

    /// Reads, and pings meanwhile when that is asked for.
    private int await(byte[] buffer) throws IOException {
        WebSocketService.Heartbeat heartbeat = service.heartbeat();
        if (heartbeat == null) {
            wire.patience(0);
            int count = wire.read(buffer);
            return count;
        }
        while (true) {
            beat(heartbeat, System.nanoTime());
            try {
                wire.patience(patience(heartbeat, System.nanoTime()));
                int count = wire.read(buffer);
                awaitsLife = false;
                return count;
            } catch (SocketTimeoutException e) {
                // Time to ping, or to give up
            }
        }
    }

    private void beat(WebSocketService.Heartbeat heartbeat, long now) throws GoneSilent {
        if (awaitsLife && now - pingedAt >= heartbeat.timeout().toNanos()) {
            throw new GoneSilent("'" + address + "': nothing came within the heartbeat timeout of "
                    + Durations.text(heartbeat.timeout()) + " after a ping; the connection was given up");
        }
        if (now - nextPing >= 0 && !awaitsLife) {
            ping(now);
            nextPing = now + interval();
        }
    }

    private int patience(WebSocketService.Heartbeat heartbeat, long now) {
        long until = awaitsLife ? pingedAt + heartbeat.timeout().toNanos() : nextPing;
        return Math.clamp((until - now) / 1_000_000 + 1, 1, Integer.MAX_VALUE);
    }

    private void ping(long now) {
        PingFrame ping = new PingFrame();
        ping.setPayload(ByteBuffer.wrap(ByteBuffer.allocate(8).putLong(++pings).array()));
        pingedAt = now;
        awaitsLife = true;
        outbox.addUnasked(agreed.engine().createBinaryFrame(ping));
    }

    private Outcome.Failed cutOff() {
        Closing sent = ours;
        String what = sent == null
                ? "the server ended the connection without a close frame"
                : "the server ended the connection without an answer to our close frame " + sent;
        return new Outcome.Failed(Failure.CLOSED, "'" + address + "': " + what, null);
    }

    /// The server sent its close frame: we send ours unless we have, and it ends the connection.
    private void closed() throws IOException {
        Closing reason = theirs;
        boolean asked = ours != null;
        wasAsked = asked;
        if (!asked && reason != null) {
            sayGoodbye(new Closing(reason.code(), ""));
        }
        over(new Outcome.Failed(
                Failure.CLOSED,
                "'" + address + "': "
                        + (asked
                                ? "the connection was closed by us with " + ours
                                : "the server closed the connection with " + reason),
                null));
        // RFC 6455 §7.1.1: the server ends the connection first
        byte[] rest = new byte[SMALL];
        Deadline goodbye = goodbye();
        try {
            while (!goodbye.expired() && wire.read(rest, 0, rest.length, goodbye) >= 0) {
                // Nothing counts after a close frame
            }
        } catch (IOException e) {
            System.getLogger(Link.class.getName())
                    .log(System.Logger.Level.DEBUG, "the goodbye of '" + address + "' broke off", e);
        }
    }

    private void violated(Violation e) {
        sayGoodbye(new Closing(e.closeCode(), ""));
        over(new Outcome.Failed(
                e.failure(),
                "'" + address + "': the server sent " + e.getMessage() + "; the connection was closed with "
                        + CloseCodes.describe(e.closeCode()),
                null));
        try {
            outbox.await(outbox.added(), goodbye());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException broken) {
            System.getLogger(Link.class.getName())
                    .log(System.Logger.Level.DEBUG, "the goodbye to '" + address + "' broke off", broken);
        }
    }

    private static Deadline goodbye() {
        return Deadline.after(Duration.ofMillis(GOODBYE_MILLIS), "goodbye");
    }

    private void ended(Outcome.Failed why) {
        over(why);
        outbox.fail(end == null ? why : end);
        wire.close();
    }

    private void over(Outcome.Failed why) {
        if (ended.compareAndSet(false, true)) {
            end = why;
            over.countDown();
            answered();
            listener.ended(this, why);
        }
    }

    /// Given up by the heartbeat.
    private static final class GoneSilent extends IOException {

        private static final long serialVersionUID = 1L;

        GoneSilent(String message) {
            super(message);
        }
    }

    /// A close frame as it is to be sent: the engine's own refuses codes that are fine.
    private static final class RawClose extends ControlFrame {

        RawClose(ByteBuffer content) {
            super(org.java_websocket.enums.Opcode.CLOSING);
            setPayload(content);
        }
    }

    /// What the frames come to.
    private final class Inbound implements FrameReader.Receiver {

        @Override
        public void message(FrameReader.Received message) {
            if (theirs == null) {
                listener.message(Link.this, frame(message));
            }
        }

        private static Frame frame(FrameReader.Received message) {
            Metadata.Builder facts = Metadata.builder()
                    .put("kind", message.text() ? "text" : "binary")
                    .put("size", message.content().length)
                    .put("frames", message.frames())
                    .put("wire_size", message.wireSize());
            if (message.text() && message.content().length == 0) {
                // A text, and not nothing
                return Frame.of(facts.build(), Payload.document(""));
            }
            return Frame.of(
                    facts.build(),
                    Payload.bytes(
                            message.content(),
                            message.text() ? textType(message.content()) : "application/octet-stream"));
        }

        /// An object or a list is read as JSON; whatever else a text holds is a text.
        private static String textType(byte[] text) {
            for (byte each : text) {
                if (each > ' ') {
                    return each == '{' || each == '[' ? "application/json" : "text/plain; charset=utf-8";
                }
            }
            return "text/plain; charset=utf-8";
        }

        @Override
        public void ping(byte[] content) {
            PongFrame pong = new PongFrame();
            pong.setPayload(ByteBuffer.wrap(content));
            outbox.addUnasked(agreed.engine().createBinaryFrame((FramedataImpl1) pong));
        }

        @Override
        public void pong(byte[] content) {
            if (Arrays.equals(content, ARE_YOU_THERE)) {
                answered();
            }
            boolean ofOurs = content.length == 8
                    && Arrays.equals(
                            content, ByteBuffer.allocate(8).putLong(pings).array());
            if (ofOurs) {
                pingNanos = System.nanoTime() - pingedAt;
            }
        }

        @Override
        public void close(int code, String reason) {
            if (theirs == null) {
                theirs = new Closing(code, reason);
            }
        }
    }
}
