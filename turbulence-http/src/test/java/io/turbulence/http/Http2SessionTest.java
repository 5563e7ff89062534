package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.status;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Http2SessionTest {

    private static final byte[] OK = {(byte) 0x88};
    /// Literal `content-length: 9` (index 28 of the static table).
    private static final byte[] NINE = {0x0f, 13, 1, '9'};

    private static Host host(Script script) {
        return new Host(new HttpService(
                "http://127.0.0.1:" + script.port(), Map.of(), "2", false, null, null, null, true, null));
    }

    private static byte[] frame(int type, int flags, int id, byte[]... content) {
        int length = 0;
        for (byte[] part : content) {
            length += part.length;
        }
        ByteBuffer frame = ByteBuffer.allocate(9 + length)
                .put((byte) 0)
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(id);
        for (byte[] part : content) {
            frame.put(part);
        }
        return frame.array();
    }

    private static byte[] int32(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Answers one request.
    interface Reply {
        void to(Script.Peer peer, int connection, int id) throws Exception;
    }

    private final List<String> resets = new CopyOnWriteArrayList<>();

    /// Speaks enough HTTP/2 to answer each head with what the test says.
    private Script peer(Reply reply) throws IOException {
        return new Script(peer -> speak(peer, reply));
    }

    private void speak(Script.Peer peer, Reply reply) throws Exception {
        DataInputStream in = new DataInputStream(peer.socket().getInputStream());
        in.readFully(new byte[24]);
        peer.send(frame(4, 0, 0));
        while (true) {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int id = in.readInt();
            in.readFully(new byte[head >>> 8]);
            switch (head & 255) {
                case 1 -> reply.to(peer, peer.number, id);
                case 3 -> resets.add(id + " " + flags);
                default -> {}
            }
        }
    }

    @Test
    void saysThatThePeerSpeaksAnotherVersion() throws IOException {
        try (Script script = new Script(peer -> {
                    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                    peer.hang();
                });
                Host host = host(script)) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' sent no valid HTTP/2: it did not begin with its settings");
        }
    }

    @Test
    void connectsAnewAndRepeatsWhatThePeerDidNotBegin() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    if (connection == 1) {
                        peer.send(frame(7, 0, 0, int32(0, 0)));
                    } else {
                        peer.send(frame(1, 5, id, OK));
                    }
                });
                Host host = host(script)) {
            assertThat(status(host.send(Requests.to("POST", "/").body("a").build())))
                    .isEqualTo("200");
            assertThat(status(host.get("/"))).isEqualTo("200");
            assertThat(script.connections).hasValue(2);
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @Test
    void repeatsWhatThePeerRefusedOnce() throws IOException {
        try (Script script = peer((peer, connection, id) ->
                        peer.send(id == 1 ? frame(3, 0, id, int32(7)) : frame(1, 5, id, OK)));
                Host host = host(script)) {
            Observation repeated = host.send(Requests.to("POST", "/").body("a").build());

            assertThat(status(repeated)).isEqualTo("200");
            assertThat(repeated.metadata().get("resent")).isEqualTo(1);
            assertThat(host.get("/").metadata().has("resent")).isFalse();
            assertThat(script.connections).hasValue(1);
        }
    }

    @Test
    void givesEachOfManyItsOwnAnswer() throws Exception {
        int users = 40;
        int requests = 50;
        AtomicInteger right = new AtomicInteger();
        try (Script script = echo();
                Host host = host(script)) {
            HttpConnection connection = host.openAnother(Deadline.after(Duration.ofSeconds(10), "limit"));
            List<Thread> threads = new ArrayList<>();
            for (int user = 0; user < users; user++) {
                String path = "/" + user + "/";
                threads.add(Thread.ofVirtual().name("user" + path).start(() -> {
                    for (int i = 0; i < requests; i++) {
                        // One in three has a body that goes with its head, one in three one that follows it
                        byte[] body = i % 3 == 0 ? null : new byte[i % 3 * 6_000];
                        Deadline deadline = Deadline.after(Duration.ofSeconds(30), "limit");
                        Observation answer = connection.send("POST", path + i, Map.of("x-user", path), body, deadline);
                        if (text(answer).equals(path + i + " " + (body == null ? 0 : body.length))) {
                            right.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            connection.close();

            assertThat(right).hasValue(users * requests);
            assertThat(script.connections).hasValue(1);
        }
    }

    /// Answers with the path and the length of the body.
    private static Script echo() throws IOException {
        return new Script(peer -> {
            HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.US_ASCII);
            DataInputStream in = new DataInputStream(peer.socket().getInputStream());
            in.readFully(new byte[24]);
            peer.send(frame(4, 0, 0));
            Map<Integer, String> paths = new HashMap<>();
            Map<Integer, Integer> lengths = new HashMap<>();
            while (true) {
                int head = in.readInt();
                int flags = in.readUnsignedByte();
                int id = in.readInt();
                byte[] content = in.readNBytes(head >>> 8);
                int type = head & 255;
                if (type == 1) {
                    decoder.decodeHeaders(ByteBuffer.wrap(content)).stream()
                            .filter(field -> field.getName().equals(":path"))
                            .forEach(field -> paths.put(id, field.getValue()));
                } else if (type == 0 && content.length > 0) {
                    lengths.merge(id, content.length, Integer::sum);
                    peer.send(frame(8, 0, 0, int32(content.length)));
                }
                if (type < 2 && (flags & 1) != 0) {
                    peer.send(frame(1, 4, id, OK));
                    peer.send(frame(0, 1, id, bytes(paths.remove(id) + " " + lengths.getOrDefault(id, 0))));
                }
            }
        });
    }

    @Test
    void saysGoodbyeWhenItIsClosed() throws Exception {
        CountDownLatch goodbye = new CountDownLatch(1);
        try (Script script = new Script(peer -> {
            DataInputStream in = new DataInputStream(peer.socket().getInputStream());
            in.readFully(new byte[24]);
            peer.send(frame(4, 0, 0));
            while (true) {
                int head = in.readInt();
                in.readFully(new byte[5 + (head >>> 8)]);
                if ((head & 255) == 7) {
                    goodbye.countDown();
                }
            }
        })) {
            Host host = host(script);
            host.openAnother(Deadline.after(Duration.ofSeconds(10), "limit")).close();

            assertThat(goodbye.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void givesUpOnAPeerThatDoesNotReadAndConnectsAnew() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Reply ok = (peer, connection, id) -> peer.send(frame(1, 5, id, OK));
        try (Script script = new Script(peer -> {
                    if (peer.number > 1) {
                        speak(peer, ok);
                    }
                    // Lets more be sent than any buffer holds, and takes none of it
                    peer.send(frame(4, 0, 0, new byte[] {0, 4}, int32(1 << 30)));
                    peer.send(frame(8, 0, 0, int32(1 << 30)));
                    over.await(30, TimeUnit.SECONDS);
                });
                Host host = host(script).within(Duration.ofMillis(1_500))) {
            Outcome.Failed failed = failed(host.send(
                    Requests.to("PUT", "/").body(new byte[64 * 1024 * 1024]).build()));

            assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
            assertThat(failed.message()).startsWith("'127.0.0.1:" + script.port() + "' took no more ");
            host.within(Duration.ofSeconds(20));
            assertThat(status(host.get("/"))).isEqualTo("200");
            assertThat(script.connections).hasValue(2);
            over.countDown();
        }
    }

    @Test
    void saysThatThePeerBrokeOff() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 4, id, OK, NINE));
                    peer.send(frame(0, 0, id, bytes("abc")));
                    peer.send(frame(3, 0, id, int32(2)));
                });
                Host host = host(script)) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port() + "' broke off the answer with INTERNAL_ERROR; "
                            + "3 of 9 bytes of the body had arrived");
        }
    }

    @Test
    void saysThatTheLengthIsWrong() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 4, id, OK, NINE));
                    peer.send(frame(0, 1, id, bytes("abc")));
                });
                Host host = host(script)) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' sent no valid HTTP/2: the content-length is 9 but 3 bytes came");
        }
    }

    @Test
    void tellsThePeerToStopWhenTheDeadlinePassesAndKeepsTheConnection() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    if (id > 1) {
                        peer.send(frame(1, 4, id, OK));
                        peer.send(frame(0, 9, id, new byte[] {2}, bytes("padded"), new byte[2]));
                    }
                });
                Host host = host(script).within(Duration.ofSeconds(1))) {
            Outcome.Failed failed = failed(host.get("/"));
            host.within(Duration.ofSeconds(10));

            assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' gave no complete answer within the timeout of 1000 ms; 0 bytes of the answer"
                            + " had arrived");
            assertThat(text(host.get("/"))).isEqualTo("padded");
            assertThat(script.connections).hasValue(1);
            assertThat(resets).containsExactly("1 0");
        }
    }

    @Test
    void saysThatThePeerIsGone() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 4, id, OK));
                    peer.socket().close();
                });
                Host host = host(script)) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
            assertThat(failed.message())
                    .isEqualTo(
                            "'127.0.0.1:" + script.port() + "' closed the connection before its answer was complete");
        }
    }

    @Test
    void readsAHeadInPieces() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 1, id, OK));
                    peer.send(frame(9, 0, id, new byte[] {0x0f, 13}));
                    peer.send(frame(9, 4, id, new byte[] {1, '0'}));
                });
                Host host = host(script)) {
            assertThat(status(host.get("/"))).isEqualTo("200");
            assertThat(status(host.get("/"))).isEqualTo("200");
            assertThat(script.connections).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failsWhereverTheAnswerEnds(boolean reset) throws IOException {
        byte[] whole = ByteBuffer.allocate(9 + 5 + 9 + 9)
                .put(frame(1, 4, 1, OK, NINE))
                .put(frame(0, 1, 1, bytes("nine byte")))
                .array();
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            try (Script script = peer((peer, connection, id) -> {
                        peer.send(part);
                        if (reset) {
                            peer.reset();
                        } else {
                            peer.socket().close();
                        }
                    });
                    Host host = host(script)) {
                Outcome.Failed failed =
                        failed(host.send(Requests.to("POST", "/").body("a").build()));

                assertThat(failed.failure()).as("cut at %s", cut).isEqualTo(Failure.CLOSED);
                assertThat(failed.message()).startsWith("'127.0.0.1:" + script.port() + "' ");
                // A POST that may have arrived is not sent again
                assertThat(script.connections).as("cut at %s", cut).hasValue(1);
            }
        }
    }

    @Test
    void holdsTheDeadlineAgainstADrip() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 4, id, OK));
                    while (true) {
                        peer.send(frame(0, 0, id, bytes("x")));
                        Thread.sleep(5);
                    }
                });
                Host host = host(script).within(Duration.ofMillis(300))) {
            assertThat(failed(host.get("/")).failure()).isEqualTo(Failure.TIMEOUT);
        }
    }

    @Test
    void takesNoSecondAnswerOnAStream() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(1, 4, id, OK));
                    peer.send(frame(0, 1, id, bytes("first")));
                    peer.send(frame(1, 4, id, OK));
                    peer.send(frame(0, 1, id, bytes("forged")));
                });
                Host host = host(script)) {
            for (int i = 0; i < 5; i++) {
                assertThat(text(host.get("/"))).isEqualTo("first");
            }
        }
    }

    @Test
    void saysThatABodyCameBeforeItsHead() throws IOException {
        try (Script script = peer((peer, connection, id) -> {
                    peer.send(frame(0, 0, id, bytes("forged")));
                    peer.send(frame(1, 5, id, OK));
                });
                Host host = host(script)) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port() + "' sent no valid HTTP/2: a body came before its head");
        }
    }
}
