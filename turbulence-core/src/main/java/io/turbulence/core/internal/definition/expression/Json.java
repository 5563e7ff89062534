package io.turbulence.core.internal.definition.expression;

import io.turbulence.spi.ShownText;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes values as JSON, without spaces, up to a number of characters. Reads in place: no tree, no buffer kept.
final class Json {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int DEEPEST = 500;

    private final StringBuilder text = new StringBuilder();
    private final int most;

    private Json(int most) {
        this.most = most;
    }

    /// @throws EvaluationException if it becomes too long
    static String text(@Nullable Object value, int most) {
        Json json = new Json(most);
        if (!json.value(value, 0)) {
            throw new EvaluationException("The JSON text has over %d characters.".formatted(most));
        }
        return json.text.toString();
    }

    /// The beginning of the JSON text, with `…` where it goes on.
    static String shortened(@Nullable Object value, int most) {
        Json json = new Json(most);
        return json.value(value, 0) && json.text.length() <= most
                ? json.text.toString()
                : ShownText.beginning(json.text.toString(), most) + "…";
    }

    private boolean value(@Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new EvaluationException("The value is nested over %d deep.".formatted(DEEPEST));
        }
        switch (value) {
            case null -> text.append("null");
            case Boolean truth -> text.append(truth.booleanValue());
            case Number number -> number(number);
            case Map<?, ?> map -> {
                return map(map, depth);
            }
            case Collection<?> list -> {
                return list(list, depth);
            }
            case byte[] bytes -> quoted(Base64.getEncoder().encodeToString(bytes));
            default -> quoted(value.toString());
        }
        return text.length() <= most;
    }

    private void number(Number number) {
        String digits = Numbers.text(number);
        if (Double.isFinite(number.doubleValue()) || Numbers.isWhole(number)) {
            text.append(digits);
        } else {
            quoted(digits);
        }
    }

    private boolean map(Map<?, ?> map, int depth) {
        text.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                text.append(',');
            }
            first = false;
            quoted(String.valueOf(entry.getKey()));
            text.append(':');
            if (!value(entry.getValue(), depth + 1)) {
                return false;
            }
        }
        text.append('}');
        return text.length() <= most;
    }

    private boolean list(Collection<?> list, int depth) {
        text.append('[');
        boolean first = true;
        for (Object member : list) {
            if (!first) {
                text.append(',');
            }
            first = false;
            if (!value(member, depth + 1)) {
                return false;
            }
        }
        text.append(']');
        return text.length() <= most;
    }

    private void quoted(String string) {
        text.append('"');
        for (int i = 0; i < string.length() && text.length() <= most; i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> character(c);
            }
        }
        text.append('"');
    }

    private void character(char c) {
        if (c >= 0x20) {
            text.append(c);
        } else {
            text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }
}
