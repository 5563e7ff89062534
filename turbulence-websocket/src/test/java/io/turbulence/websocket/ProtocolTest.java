package io.turbulence.websocket;

import static io.turbulence.websocket.RawServer.bytes;
import static io.turbulence.websocket.RawServer.frame;
import static io.turbulence.websocket.RawServer.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// RFC 6455's cases, byte by byte: what a server may send and what it may not.
@Timeout(60)
class ProtocolTest {

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int TEXT_BEGINS = 0x01;
    private static final int GOES_ON = 0x00;
    private static final int ENDS = 0x80;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;

    private static WebSocketHost host(RawServer server) throws Exception {
        return new WebSocketHost(WebSocketHost.service(server.url(), false, null, "64 KiB", false));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                arguments("an empty text", frame(TEXT, ""), ""),
                arguments("125 bytes", frame(TEXT, "x".repeat(125)), "x".repeat(125)),
                arguments("126 bytes, with a longer length", frame(TEXT, "x".repeat(126)), "x".repeat(126)),
                arguments("65,535 bytes", frame(TEXT, "x".repeat(65_535)), "x".repeat(65_535)),
                arguments("65,536 bytes, with the longest length", frame(TEXT, "x".repeat(65_536)), "x".repeat(65_536)),
                arguments("a length in more bytes than it needs", join(bytes(TEXT, 126, 0, 2), bytes('h', 'i')), "hi"),
                arguments("fragments", join(frame(TEXT_BEGINS, "a"), frame(GOES_ON, "b"), frame(ENDS, "c")), "abc"),
                arguments(
                        "fragments of nothing", join(frame(TEXT_BEGINS, ""), frame(GOES_ON, ""), frame(ENDS, "")), ""),
                arguments(
                        "a character that is cut between fragments",
                        join(frame(TEXT_BEGINS, bytes(0xe2, 0x82)), frame(ENDS, bytes(0xac))),
                        "€"),
                arguments(
                        "a ping between fragments",
                        join(frame(TEXT_BEGINS, "a"), frame(PING, "in between"), frame(ENDS, "b")),
                        "ab"),
                arguments("a pong that nobody asked for", join(frame(PONG, "?"), frame(TEXT, "a")), "a"),
                arguments("a ping with 125 bytes", join(frame(PING, "p".repeat(125)), frame(TEXT, "a")), "a"),
                arguments("the last character of Unicode", frame(TEXT, "\udbff\udfff"), "\udbff\udfff"),
                arguments(
                        "a message with a close frame behind it",
                        join(frame(TEXT, "last"), frame(CLOSE, bytes(3, 0xe8))),
                        "last"),
                arguments("a message with a wrong frame behind it", join(frame(TEXT, "good"), bytes(0x83, 0)), "good"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void takes(String what, byte[] sent, String expected) throws Exception {
        try (RawServer server = RawServer.sending(sent);
                WebSocketHost host = host(server)) {
            host.connect();
            Observation next = host.await(null);
            assertThat(next.outcome().success()).as(next.toString()).isTrue();
            assertThat(WebSocketHost.text(next.payload())).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void takesWhatComesByteByByte(String what, byte[] sent, String expected) throws Exception {
        if (sent.length > 1000) {
            return;
        }
        try (RawServer server = RawServer.trickling(sent);
                WebSocketHost host = host(server)) {
            host.connect();
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo(expected);
        }
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments(
                        "reserved bit 1",
                        frame(TEXT | 0x40, "a"),
                        1002,
                        "a wrong frame: bad rsv RSV1: true RSV2: false RSV3: false"),
                arguments(
                        "reserved bit 2",
                        frame(TEXT | 0x20, "a"),
                        1002,
                        "a wrong frame: bad rsv RSV1: false RSV2: true RSV3: false"),
                arguments(
                        "reserved bit 3",
                        frame(PING | 0x10, "a"),
                        1002,
                        "a wrong frame: bad rsv RSV1: false RSV2: false RSV3: true"),
                arguments("opcode 3", frame(0x83, "a"), 1002, "a wrong frame: Unknown opcode 3"),
                arguments("opcode 11", frame(0x8b, "a"), 1002, "a wrong frame: Unknown opcode 11"),
                arguments(
                        "a ping in fragments",
                        frame(0x09, "a"),
                        1002,
                        "a wrong frame: Control frame can't have fin==false set"),
                arguments(
                        "a ping of 126 bytes",
                        frame(PING, "x".repeat(126)),
                        1002,
                        "a wrong frame: more than 125 octets"),
                arguments(
                        "a close frame of 126 bytes",
                        frame(CLOSE, "x".repeat(126)),
                        1002,
                        "a wrong frame: more than 125 octets"),
                arguments(
                        "a masked frame",
                        bytes(TEXT, 0x81, 1, 2, 3, 4, 'a' ^ 1),
                        1002,
                        "a masked frame, which only clients send"),
                arguments(
                        "a continuation of nothing",
                        frame(ENDS, "a"),
                        1002,
                        "the continuation of a message that had not begun"),
                arguments(
                        "a message within a message",
                        join(frame(TEXT_BEGINS, "a"), frame(TEXT, "b")),
                        1002,
                        "a new message before the one before it had ended"),
                arguments("a text that is not UTF-8", frame(TEXT, bytes(0xc3, 0x28)), 1007, "a text that is not UTF-8"),
                arguments(
                        "a text that ends in a character",
                        frame(TEXT, bytes('a', 0xe2, 0x82)),
                        1007,
                        "a text that is not UTF-8"),
                arguments("half of a pair", frame(TEXT, bytes(0xed, 0xa0, 0x80)), 1007, "a text that is not UTF-8"),
                arguments(
                        "fragments that are not UTF-8 together",
                        join(frame(TEXT_BEGINS, bytes(0xe2)), frame(ENDS, bytes('a'))),
                        1007,
                        "a text that is not UTF-8"),
                arguments("half a close code", frame(CLOSE, bytes(3)), 1002, "a close frame with half a code"),
                arguments(
                        "close code 1005",
                        frame(CLOSE, bytes(3, 0xed)),
                        1002,
                        "the close code 1005, which must not be sent"),
                arguments(
                        "close code 2999",
                        frame(CLOSE, bytes(0x0b, 0xb7)),
                        1002,
                        "the close code 2999, which must not be sent"),
                arguments(
                        "a close reason that is not UTF-8",
                        frame(CLOSE, bytes(3, 0xe8, 0xff)),
                        1007,
                        "a close reason that is not UTF-8"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void closesWithTheRightCode(String what, byte[] sent, int code, String told) throws Exception {
        try (RawServer server = RawServer.sending(sent);
                WebSocketHost host = host(server)) {
            host.connect();
            assertFailed(host.await(null), Failure.PROTOCOL, server, told, code);
            assertThat(server.nextFrame()).isEqualTo("8:" + code);
        }
    }

    @RepeatedTest(300)
    void takesWhatCameBeforeTheEndWheneverTheEndIsSeen() throws Exception {
        try (RawServer server = RawServer.sending(frame(TEXT, "last"), frame(0x83, "no opcode"));
                WebSocketHost host = host(server)) {
            host.connect();
            assertThat(WebSocketHost.text(host.await(WebSocketHost.text("last")).payload()))
                    .isEqualTo("last");
        }
    }

    private static void assertFailed(Observation next, Failure failure, RawServer server, String told, int code) {
        assertThat(next.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.message())
                    .isEqualTo("'" + server.url() + "': the server sent " + told + "; the connection was closed with "
                            + CloseCodes.describe(code) + "; no message was left");
            assertThat(failed.failure()).isEqualTo(failure);
        });
    }

    static Stream<Arguments> tooLarge() {
        return Stream.of(
                arguments("one frame", frame(BINARY, new byte[65_537]), "a frame of 65537 bytes, more than "),
                arguments(
                        "fragments",
                        join(frame(TEXT_BEGINS, new byte[40_000]), frame(ENDS, new byte[40_000])),
                        "a message of more than "),
                arguments(
                        "a frame that is announced only",
                        bytes(BINARY, 127, 0x7f, 0, 0, 0, 0, 0, 0, 0),
                        "a frame of 9151314442816847872 bytes, more than "),
                arguments(
                        "a frame with a negative length",
                        bytes(BINARY, 127, 0xff, 0, 0, 0, 0, 0, 0, 0),
                        "a frame of more than "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooLarge")
    void refusesLargeMessages(String what, byte[] sent, String told) throws Exception {
        try (RawServer server = RawServer.sending(sent);
                WebSocketHost host = host(server)) {
            host.connect();
            assertFailed(
                    host.await(null), Failure.TOO_LARGE, server, told + "64 KiB, the service's 'max_message'", 1009);
            assertThat(server.nextFrame()).isEqualTo("8:1009");
        }
    }

    @Test
    void answersAPingWithItsContentAndACloseFrameWithItsCode() throws Exception {
        try (RawServer server = RawServer.sending(frame(PING, "marco"), frame(CLOSE, bytes(0x0f, 0xa1)));
                WebSocketHost host = host(server)) {
            host.connect();
            assertThat(server.nextFrame()).isEqualTo("10:marco");
            assertThat(server.nextFrame()).isEqualTo("8:4001");
        }
    }

    @Test
    void answersACloseFrameWithoutACodeInKind() throws Exception {
        try (RawServer server = RawServer.sending(frame(CLOSE, ""));
                WebSocketHost host = host(server)) {
            host.connect();
            Observation next = host.await(null);
            assertThat(next.metadata().get("close_code")).isEqualTo(1005);
            assertThat(server.nextFrame()).isEqualTo("8:");
        }
    }

    static Stream<Arguments> handshakes() {
        return Stream.of(
                arguments(
                        "Sec-WebSocket-Protocol: mine\r\n",
                        "chose the subprotocol 'mine', which was not offered; offered were none"),
                arguments(
                        "Sec-WebSocket-Extensions: permessage-deflate\r\n",
                        "chose the extension 'permessage-deflate', which was not offered"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void refusesWhatItDidNotOffer(String lines, String told) throws Exception {
        try (RawServer server = RawServer.answering(lines);
                WebSocketHost host = host(server)) {
            assertThat(host.connect().outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                assertThat(failed.message()).isEqualTo("'" + server.url() + "' " + told);
            });
        }
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        for (int count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                count > 0;
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) {
            out.write(buffer, 0, count);
        }
        deflater.end();
        byte[] all = out.toByteArray();
        return java.util.Arrays.copyOf(all, all.length - 4);
    }

    @Test
    void putsCompressedFragmentsTogetherWithAPingBetweenThem() throws Exception {
        byte[] all = deflated("hello hello hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] first = java.util.Arrays.copyOf(all, 4);
        byte[] second = java.util.Arrays.copyOfRange(all, 4, all.length);
        try (RawServer server = RawServer.answering(
                        "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n",
                        frame(TEXT_BEGINS | 0x40, first),
                        frame(PING, "in between"),
                        frame(ENDS, second),
                        frame(TEXT, "plain"));
                WebSocketHost host =
                        new WebSocketHost(WebSocketHost.service(server.url(), true, null, "64 KiB", false))) {
            host.connect();
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("hello hello hello");
            assertThat(WebSocketHost.text(host.await(null).payload())).isEqualTo("plain");
        }
    }

    @Test
    void refusesMessagesThatAreLargeWhenTheyAreDecompressed() throws Exception {
        try (RawServer server = RawServer.answering(
                        "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n",
                        frame(TEXT | 0x40, deflated(new byte[10_000_000])));
                WebSocketHost host =
                        new WebSocketHost(WebSocketHost.service(server.url(), true, null, "64 KiB", false))) {
            host.connect();
            assertFailed(
                    host.await(null),
                    Failure.TOO_LARGE,
                    server,
                    "a message that is larger than 64 KiB when it is decompressed",
                    1009);
        }
    }
}
