package io.turbulence.http;

import io.turbulence.api.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Reads the head of one HTTP/1.x answer (RFC 9112 §4, §5) out of a buffer that holds it whole.
///
/// Strict where leniency lets two readers see two different answers: lengths, codings, field names.
/// A bare line feed ends a line too, and a folded line goes on with a space, as the RFC allows.
final class HeadParser {

    private static final boolean[] TOKEN = tokenTable();
    private static final int SHOWN = 60;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int lineEnd;

    private final Headers.Builder headers = Headers.builder();
    private long contentLength = -1;
    private boolean encoded;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private long idleSeconds = -1;

    private HeadParser(byte[] bytes, int begin, int end) {
        this.bytes = bytes;
        this.at = begin;
        this.end = end;
    }

    /// @param end just after the empty line
    static Head parse(byte[] bytes, int begin, int end) throws Malformed {
        return new HeadParser(bytes, begin, end).head();
    }

    /// Reads fields alone, as after the last chunk.
    static Headers trailers(byte[] bytes, int begin, int end) throws Malformed {
        HeadParser parser = new HeadParser(bytes, begin, end);
        parser.fields(false);
        return parser.headers.build();
    }

    private Head head() throws Malformed {
        nextLine();
        int begin = at;
        int stop = lineEnd;
        if (stop - begin < 12
                || !matches(begin, "HTTP/1.")
                || !isDigit(bytes[begin + 7])
                || bytes[begin + 8] != ' '
                || !isDigit(bytes[begin + 9])
                || !isDigit(bytes[begin + 10])
                || !isDigit(bytes[begin + 11])
                || (stop - begin > 12 && bytes[begin + 12] != ' ')) {
            throw new Malformed("the status line is '" + shown(begin, stop) + "'");
        }
        int status = (bytes[begin + 9] - '0') * 100 + (bytes[begin + 10] - '0') * 10 + (bytes[begin + 11] - '0');
        if (status < 100) {
            throw new Malformed("the status is " + shown(begin + 9, begin + 12));
        }
        boolean oneDotZero = bytes[begin + 7] == '0';
        String reason = stop - begin > 13 ? text(begin + 13, stop) : "";
        advance();
        fields(true);
        boolean lasting = !close && (!oneDotZero || keepAlive) && !(encoded && (contentLength >= 0 || oneDotZero));
        return new Head(
                status,
                reason,
                oneDotZero ? "1.0" : "1.1",
                headers.build(),
                encoded ? -1 : contentLength,
                chunked,
                lasting,
                idleSeconds);
    }

    private void fields(boolean framing) throws Malformed {
        while (true) {
            nextLine();
            if (lineEnd == at) {
                return;
            }
            int begin = at;
            int colon = begin;
            while (colon < lineEnd && bytes[colon] != ':') {
                int c = bytes[colon] & 0xff;
                if (c >= 128 || !TOKEN[c]) {
                    throw new Malformed("'" + shown(begin, lineEnd) + "' is no header field");
                }
                colon++;
            }
            if (colon == begin || colon == lineEnd) {
                throw new Malformed("'" + shown(begin, lineEnd) + "' is no header field");
            }
            String name = new String(bytes, begin, colon - begin, StandardCharsets.ISO_8859_1);
            String value = text(colon + 1, lineEnd);
            advance();
            value = unfold(value);
            headers.add(name, value);
            if (framing) {
                note(name, value);
            }
        }
    }

    private String unfold(String value) throws Malformed {
        String whole = value;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            nextLine();
            whole = (whole + " " + text(at, lineEnd)).strip();
            advance();
        }
        return whole;
    }

    private void note(String name, String value) throws Malformed {
        switch (name.length()) {
            case 10 -> {
                if (name.equalsIgnoreCase("connection")) {
                    close |= hasToken(value, "close");
                    keepAlive |= hasToken(value, "keep-alive");
                } else if (name.equalsIgnoreCase("keep-alive")) {
                    idleSeconds = timeout(value);
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("content-length")) {
                    contentLength = length(value, contentLength);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("transfer-encoding")) {
                    encoding(value);
                }
            }
            default -> {}
        }
    }

    private void encoding(String value) throws Malformed {
        if (value.equalsIgnoreCase("chunked") && !chunked) {
            chunked = true;
            encoded = true;
        } else if (!value.equalsIgnoreCase("identity")) {
            throw new Malformed("the transfer-encoding is '" + (chunked ? "chunked, " : "") + value
                    + "' but only 'chunked' is known");
        }
    }

    private static long length(String value, long earlier) throws Malformed {
        long length = earlier;
        for (String part : value.split(",", -1)) {
            String digits = part.strip();
            boolean number = !digits.isEmpty()
                    && digits.length() <= 18
                    && digits.chars().allMatch(c -> isDigit((byte) c) && c < 128);
            if (!number) {
                throw new Malformed("the content-length is '" + value + "'");
            }
            long given = Long.parseLong(digits);
            if (length >= 0 && given != length) {
                throw new Malformed("there are two content-lengths, " + length + " and " + given);
            }
            length = given;
        }
        return length;
    }

    private static long timeout(String value) {
        for (String part : value.split(",", -1)) {
            String parameter = part.strip().toLowerCase(Locale.ROOT);
            String digits = parameter.startsWith("timeout=") ? parameter.substring(8) : "";
            if (!digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Long.parseLong(digits);
            }
        }
        return -1;
    }

    private static boolean hasToken(String value, String token) {
        if (value.equalsIgnoreCase(token)) {
            return true;
        }
        for (String part : value.split(",", -1)) {
            if (part.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    /// Finds where the line that begins at `at` ends.
    private void nextLine() throws Malformed {
        int feed = at;
        while (feed < end && bytes[feed] != '\n') {
            feed++;
        }
        if (feed == end) {
            throw new Malformed("a line of the head has no end");
        }
        lineEnd = feed > at && bytes[feed - 1] == '\r' ? feed - 1 : feed;
    }

    /// Goes to the line after the one that was found last.
    private void advance() {
        at = bytes[lineEnd] == '\r' ? lineEnd + 2 : lineEnd + 1;
    }

    /// The text without the blanks around it.
    private String text(int begin, int stop) throws Malformed {
        int from = begin;
        int to = stop;
        while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
            from++;
        }
        while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') {
                throw new Malformed("'" + shown(begin, stop) + "' holds a control character");
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private boolean matches(int begin, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[begin + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String shown(int begin, int stop) {
        StringBuilder shown = new StringBuilder();
        for (int i = begin; i < Math.min(stop, begin + SHOWN); i++) {
            char c = (char) (bytes[i] & 0xff);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return shown.append(stop - begin > SHOWN ? "…" : "").toString();
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /// Whether the text may be a header's name.
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean[] tokenTable() {
        boolean[] token = new boolean[128];
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
        letters.chars().forEach(c -> token[c] = true);
        return token;
    }
}
