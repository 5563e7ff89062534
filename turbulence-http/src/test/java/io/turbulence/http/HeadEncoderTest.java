package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.junit.jupiter.api.Test;

class HeadEncoderTest {

    private final HeadEncoder encoder = new HeadEncoder();
    private final HPackDecoder peer = new HPackDecoder(4096, StandardCharsets.UTF_8);

    private byte[] head(String... namesAndValues) {
        HeadBytes out = new HeadBytes();
        encoder.begin(out);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            encoder.field(out, namesAndValues[i], namesAndValues[i + 1]);
        }
        return Arrays.copyOf(out.array(), out.length());
    }

    private List<String> decoded(byte[] head) throws HPackException {
        List<String> fields = new ArrayList<>();
        peer.decodeHeaders(ByteBuffer.wrap(head))
                .forEach(field -> fields.add(field.getName() + ": " + field.getValue()));
        return fields;
    }

    @Test
    void sendsWhatEveryTableHoldsInOneByte() {
        assertThat(head(":method", "GET", ":scheme", "https", ":path", "/")).containsExactly(0x82, 0x87, 0x84);
        assertThat(head("Accept-Encoding", "gzip, deflate")).containsExactly(0x90);
    }

    @Test
    void keepsAFieldThatComesTwiceInSuccession() throws HPackException {
        byte[] first = head("User-Agent", "turbulence");
        byte[] second = head("User-Agent", "turbulence");
        byte[] third = head("User-Agent", "turbulence");

        // Without a place in the table, with a new one, and by its place
        assertThat(first).startsWith(0x0f, 58 - 15, 10);
        assertThat(second).startsWith(0x40 | 58, 10);
        assertThat(third).containsExactly(0x80 | 62);
        for (byte[] head : List.of(first, second, third)) {
            assertThat(decoded(head)).containsExactly("user-agent: turbulence");
        }
    }

    @Test
    void keepsNothingThatIsNewEachTime() throws HPackException {
        for (int i = 0; i < 500; i++) {
            byte[] head = head(":path", "/items/" + i, "traceparent", "trace-" + i, "content-length", "" + i);
            assertThat(decoded(head))
                    .containsExactly(":path: /items/" + i, "traceparent: trace-" + i, "content-length: " + i);
        }

        head("accept", "*/*");
        head("accept", "*/*");
        // The first and only one of the table
        assertThat(head("accept", "*/*")).containsExactly(0x80 | 62);
    }

    @Test
    void forbidsToKeepCredentials() throws HPackException {
        for (int i = 0; i < 3; i++) {
            byte[] head = head("Authorization", "Bearer a", "cookie", "b=c");

            assertThat(head).startsWith(0x10 | 15, 23 - 15, 8);
            assertThat(decoded(head)).containsExactly("authorization: Bearer a", "cookie: b=c");
        }
    }

    @Test
    void leavesOutWhatBelongsToAConnection() throws HPackException {
        byte[] head = head("Host", "a", "Connection", "close", "Expect", "100-continue", "X", "y", "Keep-Alive", "1");

        assertThat(decoded(head)).containsExactly("x: y");
    }

    @Test
    void sendsOtherCharactersAsUtf8() throws HPackException {
        for (int i = 0; i < 3; i++) {
            assertThat(decoded(head("x-name", "Käthe €"))).containsExactly("x-name: Käthe €");
        }
    }

    @Test
    void saysTheSmallestAndTheLastSizeThatWasAskedFor() throws HPackException {
        head("accept", "a/b");
        assertThat(decoded(head("accept", "a/b"))).containsExactly("accept: a/b");

        encoder.resize(0);
        encoder.resize(100);
        byte[] head = head("accept", "a/b");

        // The field is gone from both tables, and comes in anew
        assertThat(head).startsWith(0x20, 0x3f, 100 - 31, 0x40 | 19, 3);
        assertThat(decoded(head)).containsExactly("accept: a/b");
        assertThat(head("accept", "a/b")).containsExactly(0x80 | 62);
    }

    @Test
    void keepsNoTableForAPeerThatWantsNone() throws HPackException {
        encoder.resize(0);
        for (int i = 0; i < 4; i++) {
            assertThat(decoded(head("accept", "a/b"))).containsExactly("accept: a/b");
        }
    }

    @Test
    void isUnderstoodWhateverComes() throws HPackException {
        Random random = new Random(7541);
        List<String> names = IntStream.range(0, 300)
                .mapToObj(i -> i % 3 == 0 ? "accept" : "X-Name-" + i % 40)
                .toList();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(100) == 0) {
                int size = random.nextInt(5_000);
                encoder.resize(size);
            }
            List<String> fields = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int n = random.nextInt(12); n >= 0; n--) {
                String name = names.get(random.nextInt(names.size()));
                String value = "v".repeat(random.nextInt(300)) + random.nextInt(2);
                fields.add(name);
                fields.add(random.nextInt(3) > 0 ? "same of " + name : value);
                expected.add(name.toLowerCase(Locale.ROOT) + ": " + fields.getLast());
            }
            assertThat(decoded(head(fields.toArray(String[]::new)))).isEqualTo(expected);
        }
    }
}
