package io.turbulence.core.internal.result.json;

import io.turbulence.spi.ShownText;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes a JSON-like tree, secrets masked, as much of it as a limit allows. Not thread-safe.
///
/// What is cut says so where it was cut: a text ends in `… (1234 more characters)`, a list in
/// `… (12 more)`, a map in a member `…`.
public final class MaskedTree {

    private static final JsonFactory FACTORY = new JsonFactory();
    /// Stands where something was that could not be looked at.
    static final String TOO_LARGE = "(not written: the memory ran out)";

    private static final int DEEPEST = 200;
    private static final int COST_OF_A_VALUE = 4;

    private final JsonGenerator json;
    private final SecretMask mask;
    private int limit;
    private int left;
    private boolean truncated;

    MaskedTree(JsonGenerator json, SecretMask mask) {
        this.json = json;
        this.mask = mask;
    }

    /// A tree as compact text.
    ///
    /// @param name what it stands under
    public static String text(@Nullable Object tree, SecretMask mask, String name, int characters) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            MaskedTree masked = new MaskedTree(json, mask);
            masked.limit = characters;
            masked.left = characters;
            masked.value(tree, mask.isSecretName(name), 0);
        }
        return text.toString();
    }

    SecretMask mask() {
        return mask;
    }

    /// Writes the tree.
    ///
    /// @param characters most characters to write, roughly
    /// @return whether something was cut
    boolean write(@Nullable Object tree, int characters) {
        limit = characters;
        left = characters;
        truncated = false;
        value(tree, false, 0);
        return truncated;
    }

    /// How many characters of the limit the newest tree took.
    int used() {
        return limit - left;
    }

    private void value(@Nullable Object value, boolean secret, int depth) {
        left -= COST_OF_A_VALUE;
        switch (value) {
            case null -> json.writeNull();
            case Boolean bool -> json.writeBoolean(bool);
            case Map<?, ?> map -> map(map, secret, depth);
            case List<?> list -> list(list, secret, depth);
            default -> scalar(value, secret);
        }
    }

    private void scalar(Object value, boolean secret) {
        if (secret) {
            json.writeString(SecretMask.MASK);
            return;
        }
        switch (value) {
            case Number number -> number(number);
            case byte[] bytes -> bytes(bytes);
            default -> text(value.toString());
        }
    }

    private void map(Map<?, ?> map, boolean secret, int depth) {
        json.writeStartObject();
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (left <= 0 || depth >= DEEPEST) {
                truncated = true;
                json.writeStringProperty("…", (map.size() - written) + " more");
                break;
            }
            String name = String.valueOf(entry.getKey());
            left -= name.length();
            json.writeName(mask.values(name));
            value(entry.getValue(), secret || mask.isSecretName(name), depth + 1);
            written++;
        }
        json.writeEndObject();
    }

    private void list(List<?> list, boolean secret, int depth) {
        json.writeStartArray();
        int written = 0;
        for (Iterator<?> members = list.iterator(); members.hasNext(); written++) {
            if (left <= 0 || depth >= DEEPEST) {
                truncated = true;
                json.writeString("… (" + (list.size() - written) + " more)");
                break;
            }
            value(members.next(), secret, depth + 1);
        }
        json.writeEndArray();
    }

    private void number(Number number) {
        left -= COST_OF_A_VALUE;
        if (mask.isSecret(number)) {
            json.writeString(SecretMask.MASK);
            return;
        }
        switch (number) {
            case Integer whole -> json.writeNumber(whole);
            case Long whole -> json.writeNumber(whole);
            case Double real -> real(real);
            case BigInteger whole -> json.writeNumber(whole);
            case BigDecimal real -> json.writeNumber(real);
            case Float real -> real(real);
            case Short whole -> json.writeNumber(whole);
            case Byte whole -> json.writeNumber(whole.intValue());
            default -> text(number.toString());
        }
    }

    /// JSON has neither infinity nor not-a-number.
    private void real(double real) {
        if (Double.isFinite(real)) {
            json.writeNumber(real);
        } else {
            json.writeString(Double.toString(real));
        }
    }

    private void text(String text) {
        String masked = masked(text);
        int room = Math.max(left, 0);
        left -= masked.length();
        if (masked.length() <= room) {
            json.writeString(masked);
            return;
        }
        truncated = true;
        String beginning = ShownText.shortened(masked, room);
        json.writeString(beginning + " (" + (masked.length() - beginning.length() + 1) + " more characters)");
    }

    private String masked(String text) {
        try {
            return mask.text(text);
        } catch (OutOfMemoryError e) {
            return TOO_LARGE;
        }
    }

    /// Base64; cut at a whole group, so that what is there can be decoded.
    private void bytes(byte[] bytes) {
        if (mask.holdSecret(bytes)) {
            json.writeString(SecretMask.MASK);
            return;
        }
        int room = Math.max(left, 0) / 4 * 3;
        left -= bytes.length / 3 * 4 + 4;
        if (bytes.length <= room) {
            json.writeString(Base64.getEncoder().encodeToString(bytes));
            return;
        }
        truncated = true;
        byte[] head = Arrays.copyOf(bytes, room);
        json.writeString(Base64.getEncoder().encodeToString(head));
    }
}
