package io.turbulence.testkit;

import io.turbulence.spi.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON by RFC 8259 without a library, for tests: exact rather than fast. Stateless.
public final class SimpleJson implements Json {

    @Override
    public @Nullable Object read(byte[] utf8) {
        return read(new String(utf8, StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable Object read(String text) {
        return new Reader(text).document();
    }

    @Override
    public byte[] write(@Nullable Object tree) {
        return writeText(tree).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String writeText(@Nullable Object tree) {
        StringBuilder out = new StringBuilder();
        append(out, tree);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b);
            case Number n -> appendNumber(out, n);
            case Map<?, ?> map -> appendMap(out, map);
            case Iterable<?> list -> appendList(out, list);
            default -> appendText(out, value.toString());
        }
    }

    private static void appendNumber(StringBuilder out, Number number) {
        if (number instanceof Double d && !Double.isFinite(d)) {
            throw new IllegalArgumentException(d + " is no JSON number");
        }
        out.append(number);
    }

    private static void appendMap(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            appendText(out, String.valueOf(entry.getKey()));
            out.append(':');
            append(out, entry.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private static void appendList(StringBuilder out, Iterable<?> list) {
        out.append('[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            append(out, item);
            separator = ",";
        }
        out.append(']');
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /// Reads one document.
    private static final class Reader {

        private static final int DEEPEST = 512;

        private final String text;
        private int at;
        private int depth;

        Reader(String text) {
            this.text = text;
        }

        @Nullable
        Object document() {
            Object value = value();
            skipSpace();
            if (at < text.length()) {
                throw wrong("nothing more was expected");
            }
            return value;
        }

        private @Nullable Object value() {
            skipSpace();
            char c = peek();
            return switch (c) {
                case '{' -> nested(this::map);
                case '[' -> nested(this::list);
                case '"' -> string();
                case 't' -> literal("true", true);
                case 'f' -> literal("false", false);
                case 'n' -> literal("null", null);
                default -> number();
            };
        }

        private Object nested(java.util.function.Supplier<Object> content) {
            if (++depth > DEEPEST) {
                throw wrong("more than " + DEEPEST + " levels are not read");
            }
            Object value = content.get();
            depth--;
            return value;
        }

        private Object map() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            at++;
            skipSpace();
            if (peek() == '}') {
                at++;
                return map;
            }
            while (true) {
                skipSpace();
                String key = string();
                skipSpace();
                take(':');
                map.put(key, value());
                skipSpace();
                if (peek() == '}') {
                    at++;
                    return map;
                }
                take(',');
            }
        }

        private Object list() {
            List<@Nullable Object> list = new ArrayList<>();
            at++;
            skipSpace();
            if (peek() == ']') {
                at++;
                return list;
            }
            while (true) {
                list.add(value());
                skipSpace();
                if (peek() == ']') {
                    at++;
                    return list;
                }
                take(',');
            }
        }

        private String string() {
            take('"');
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = peek();
                at++;
                if (c == '"') {
                    return out.toString();
                }
                if (c < ' ') {
                    at--;
                    throw wrong("a control character must be escaped");
                }
                out.append(c == '\\' ? escaped() : c);
            }
        }

        private char escaped() {
            char c = peek();
            at++;
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> codeUnit();
                default -> throw wrong("'\\" + c + "' is no escape");
            };
        }

        private char codeUnit() {
            int value = 0;
            for (int i = 0; i < 4; i++) {
                int digit = Character.digit(peek(), 16);
                if (digit < 0) {
                    throw wrong("four hexadecimal digits were expected");
                }
                value = value * 16 + digit;
                at++;
            }
            return (char) value;
        }

        private @Nullable Object literal(String name, @Nullable Object value) {
            if (!text.startsWith(name, at)) {
                throw wrong("a value was expected");
            }
            at += name.length();
            return value;
        }

        private Object number() {
            int start = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            String number = text.substring(start, at);
            if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
                at = start;
                throw wrong("a value was expected");
            }
            return number.matches("-?\\d+") ? integer(new BigInteger(number)) : fraction(new BigDecimal(number));
        }

        private static Object integer(BigInteger value) {
            if (value.bitLength() < 32) {
                return value.intValue();
            }
            return value.bitLength() < 64 ? (Object) value.longValue() : value;
        }

        private static Object fraction(BigDecimal value) {
            double nearest = value.doubleValue();
            boolean exact = Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(value) == 0;
            return exact ? (Object) nearest : value;
        }

        private void take(char expected) {
            if (peek() != expected) {
                throw wrong("'" + expected + "' was expected");
            }
            at++;
        }

        private char peek() {
            if (at >= text.length()) {
                throw wrong("it ended too early");
            }
            return text.charAt(at);
        }

        private void skipSpace() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException("no JSON at character " + at + ": " + what);
        }
    }
}
