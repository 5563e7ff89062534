package io.turbulence.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Collects the head of a request as bytes. Reused from request to request; not thread-safe.
final class HeadBytes {

    private static final int USUAL = 1024;

    private final int kept;
    private byte[] bytes = new byte[USUAL];
    private int length;

    HeadBytes() {
        this(16 * 1024);
    }

    /// @param kept the most memory that it keeps when it is cleared
    HeadBytes(int kept) {
        this.kept = kept;
    }

    void clear() {
        length = 0;
        if (bytes.length > kept) {
            bytes = new byte[USUAL];
        }
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    HeadBytes ascii(byte[] text) {
        return append(text, 0, text.length);
    }

    HeadBytes append(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
        return this;
    }

    HeadBytes one(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /// Text of which every character is below 128, or else its UTF-8.
    HeadBytes text(String text) {
        int count = text.length();
        reserve(count);
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                return ascii(text.getBytes(StandardCharsets.UTF_8));
            }
            bytes[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    /// Four bytes, the highest first.
    HeadBytes int32(int number) {
        reserve(4);
        bytes[length++] = (byte) (number >> 24);
        bytes[length++] = (byte) (number >> 16);
        bytes[length++] = (byte) (number >> 8);
        bytes[length++] = (byte) number;
        return this;
    }

    HeadBytes number(long number) {
        return text(Long.toString(number));
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
