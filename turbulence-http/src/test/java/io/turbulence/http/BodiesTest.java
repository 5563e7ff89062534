package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Failure;
import io.turbulence.api.Headers;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BodiesTest {

    private static final String EMPTY_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path folder;

    @Nested
    class Received {

        private Observation answered(String encoding, byte[] body, long maxBody) throws IOException {
            try (Script script = new Script(peer -> {
                        while (peer.request()) {
                            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding + "\r\nContent-Length: "
                                    + body.length + "\r\n\r\n");
                            peer.send(body);
                        }
                    });
                    Host host = Host.at(script.port())) {
                return host.send(Requests.to("GET", "/").maxBody(maxBody).build());
            }
        }

        private static byte[] gzip(String text) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }

        private static byte[] deflate(String text, boolean bare) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = new DeflaterOutputStream(bytes, new Deflater(9, bare))) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return bytes.toByteArray();
        }

        @Test
        void decodesGzip() throws IOException {
            Observation observation = answered("gzip", gzip("hello"), 100);

            assertThat(text(observation)).isEqualTo("hello");
            assertThat(observation.metadata().get("body_bytes")).isEqualTo(5L);
        }

        @Test
        void decodesBothKindsOfDeflate() throws IOException {
            assertThat(text(answered("deflate", deflate("hello", false), 100))).isEqualTo("hello");
            assertThat(text(answered("deflate", deflate("hello", true), 100))).isEqualTo("hello");
        }

        @Test
        void putsALargeBodyTogetherWhoseLengthNobodyTells() throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < 3_000_000) {
                text.append(text.length()).append(' ');
            }

            assertThat(text(answered("gzip", gzip(text.toString()), 4_000_000))).isEqualTo(text.toString());
        }

        @Test
        void decodesBrotli() throws IOException {
            Observation observation = answered("br", hex("0b028068656c6c6f03"), 100);

            assertThat(text(observation)).isEqualTo("hello");
            assertThat(observation.metadata().get("body_bytes")).isEqualTo(5L);
            assertThat(observation.metadata().get("content_encoding")).isNull();
        }

        @Test
        void tellsBrotliThatIsNone() throws IOException {
            assertThat(failed(answered("br", hex("1b0400686903"), 100)).message())
                    .matches("'127\\.0\\.0\\.1:\\d+' sent a body that is no valid br: .+");
            assertThat(failed(answered("br", hex("0b028068656c"), 100)).message())
                    .matches("'127\\.0\\.0\\.1:\\d+' sent a body that is no valid br: it ends too early");
        }

        @Test
        void holdsTheLimitAgainstABombOfBrotli() throws IOException {
            // A million times the same letter
            Observation observation = answered("br", hex("5b3f428f5f022f1e0b04f2731e00"), 1000);

            assertThat(failed(observation).failure()).isEqualTo(Failure.TOO_LARGE);
            assertThat(failed(observation).message()).contains("sent a body of more than 1000 bytes but max_body is");
        }

        private static byte[] hex(String digits) {
            return HexFormat.of().parseHex(digits);
        }

        @Test
        void keepsAsBytesWhatIsCodedInAWayThatIsNotKnown() throws IOException {
            Observation observation = answered("zstd", new byte[] {27, 4, 0, 'h', 'i', 3}, 100);

            assertThat(observation.metadata().get("content_encoding")).isEqualTo("zstd is not decoded");
            assertThat(observation.payload())
                    .isInstanceOfSatisfying(
                            Payload.Bytes.class,
                            bytes -> assertThat(bytes.mediaType()).isEqualTo("application/octet-stream"));
        }

        @Test
        void holdsTheLimitAgainstABomb() throws IOException {
            Observation observation = answered("gzip", gzip("x".repeat(1_000_000)), 1000);

            assertThat(failed(observation).failure()).isEqualTo(Failure.TOO_LARGE);
            assertThat(failed(observation).message()).contains("sent a body of more than 1000 bytes but max_body is");
        }

        @Test
        void saysThatTheCodingEndsTooEarlyWhereverItIsCut() throws IOException {
            byte[] whole = gzip("hello");
            for (int cut = 1; cut < whole.length; cut++) {
                Observation observation = answered("gzip", Arrays.copyOf(whole, cut), 1000);

                assertThat(failed(observation).failure()).as("cut at %s", cut).isEqualTo(Failure.PROTOCOL);
                assertThat(failed(observation).message())
                        .endsWith("sent a body that is no valid gzip: it ends too early");
            }
        }

        @Test
        void takesNothingForNothingWhateverTheCoding() throws IOException {
            for (String coding : List.of("gzip", "deflate")) {
                try (Script script = Script.answering("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
                        Host host = Host.at(script.port())) {
                    assertThat(text(host.get("/"))).isEmpty();
                    assertThat(host.discarded).isZero();
                }
            }
        }

        @Test
        void tellsABrokenConnectionFromABrokenCoding() throws IOException {
            byte[] half = Arrays.copyOf(gzip("hello"), 12);
            try (Script script = new Script(peer -> {
                        peer.request();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n");
                        peer.send(half);
                    });
                    Host host = Host.at(script.port())) {
                assertThat(failed(host.get("/")).failure()).isEqualTo(Failure.CLOSED);
            }
        }

        @Test
        void saysThatTheCodingIsBroken() throws IOException {
            Observation observation = answered("gzip", "no gzip at all".getBytes(StandardCharsets.UTF_8), 1000);

            assertThat(failed(observation).failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed(observation).message()).endsWith("sent a body that is no valid gzip: Not in GZIP format");
        }

        @Test
        void keepsTrailers() throws IOException {
            String answer = Http1ExchangeTest.lines(
                    "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3;ext=1", "abc", "00", "X-Sum: 7", "", "");
            try (Script script = Script.answering(answer);
                    Host host = Host.at(script.port())) {
                Observation observation = host.get("/");

                assertThat(text(observation)).isEqualTo("abc");
                assertThat(observation.metadata().get("trailers"))
                        .isEqualTo(Headers.builder().add("X-Sum", "7").build());
                assertThat(text(host.get("/"))).isEqualTo("abc");
                assertThat(host.opened).isEqualTo(1);
            }
        }

        @Test
        @Tag("stress")
        void countsAGigabyteWithoutKeepingIt() throws IOException {
            byte[] piece = new byte[64 * 1024];
            try (Script script = new Script(peer -> {
                        peer.request();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
                        for (int i = 0; i < 16 * 1024; i++) {
                            peer.send(piece);
                        }
                    });
                    Host host = Host.at(script.port())) {
                Observation observation =
                        host.send(Requests.to("GET", "/").body("discard").build());

                assertThat(observation.metadata().get("body_bytes")).isEqualTo(1L << 30);
            }
        }
    }

    @Nested
    class Sent {

        @Test
        void encodesAForm() throws IOException {
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("POST", "/")
                        .form(Map.of("a b", List.of("1&2", "ü")))
                        .build());

                assertThat(script.requests.getFirst())
                        .contains("Content-Type: application/x-www-form-urlencoded\r\n")
                        .endsWith("\r\n\r\na+b=1%262&a+b=%C3%BC");
            }
        }

        @Test
        void sendsAFileAsItIs() throws IOException {
            Path file = Files.writeString(folder.resolve("order.xml"), "<order>" + "x".repeat(100_000) + "</order>");
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("PUT", "/").body(file).build());
                host.send(Requests.to("PUT", "/")
                        .body(file)
                        .header("Content-Type", "text/xml")
                        .build());

                assertThat(script.requests.get(0))
                        .contains("Content-Type: application/octet-stream\r\n", "Content-Length: 100015\r\n")
                        .endsWith("xxx</order>");
                assertThat(script.requests.get(1))
                        .contains("Content-Type: text/xml\r\n")
                        .endsWith("xxx</order>");
            }
        }

        @Test
        void saysThatAFileIsMissing() throws IOException {
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                Path missing = folder.resolve("missing");

                assertThat(failed(host.send(
                                        Requests.to("PUT", "/").body(missing).build()))
                                .message())
                        .isEqualTo("file '" + missing + "' cannot be sent: it cannot be read (NoSuchFileException)");
                assertThat(script.requests).isEmpty();
            }
        }

        @Test
        void sendsPartsWithFiles() throws IOException {
            Path file = Files.writeString(folder.resolve("a\"b.txt"), "content");
            try (Script script = Script.answering(EMPTY_ANSWER);
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("POST", "/")
                        .part("title", new HttpRequest.Part("Rechnung", null, null, null, null))
                        .part("meta", new HttpRequest.Part(Map.of("a", 1), null, null, null, null))
                        .part("scan", new HttpRequest.Part(null, file, null, "text/plain", null))
                        .part("scan2", new HttpRequest.Part(null, file, "b.txt", null, "scan"))
                        .build());

                String request = script.requests.getFirst();
                String boundary = request.replaceFirst("(?s).*boundary=(\\S+).*", "$1");
                assertThat(request)
                        .endsWith("\r\n\r\n"
                                + String.join(
                                        "\r\n",
                                        "--" + boundary,
                                        "Content-Disposition: form-data; name=\"title\"",
                                        "",
                                        "Rechnung",
                                        "--" + boundary,
                                        "Content-Disposition: form-data; name=\"meta\"",
                                        "Content-Type: application/json",
                                        "",
                                        "{\"a\":1}",
                                        "--" + boundary,
                                        "Content-Disposition: form-data; name=\"scan\"; filename=\"a%22b.txt\"",
                                        "Content-Type: text/plain",
                                        "",
                                        "content",
                                        "--" + boundary,
                                        "Content-Disposition: form-data; name=\"scan\"; filename=\"b.txt\"",
                                        "Content-Type: application/octet-stream",
                                        "",
                                        "content",
                                        "--" + boundary + "--",
                                        ""));
            }
        }
    }
}
