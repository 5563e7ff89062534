package io.turbulence.core.internal.observation;

import io.turbulence.api.Payload;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A payload that is decoded by its media type when somebody first looks, once.
///
/// JSON becomes a tree; other text a text in its charset; the rest stays bytes. What claims to be JSON
/// and is not becomes its text. Not synchronized: two threads that look at the same moment both
/// decode, to equal values.
public final class Content {

    public static final Content EMPTY = new Content(Payload.empty(), "");

    private final Payload payload;
    private final String from;
    private volatile @Nullable String defect;
    private @Nullable Object tree;
    private volatile boolean decoded;

    private Content(Payload payload, String from) {
        this.payload = payload;
        this.from = from;
    }

    public static Content of(Payload payload) {
        return of(payload, "a plugin");
    }

    /// @param from names who made the payload, should it be unreadable
    public static Content of(Payload payload, String from) {
        return payload instanceof Payload.Empty ? EMPTY : new Content(payload, from);
    }

    public static Content ofTree(@Nullable Object tree) {
        return of(Payload.document(tree));
    }

    public boolean isEmpty() {
        return payload instanceof Payload.Empty;
    }

    /// Text, number, boolean, null, bytes, or a list or map of these.
    public @Nullable Object tree() {
        if (!decoded) {
            tree = decode();
            decoded = true;
        }
        return tree;
    }

    /// Why it could not be read; null when it could, or when nobody has looked.
    public @Nullable String defect() {
        return defect;
    }

    /// Whether it is said to be JSON and is none: its tree is then its text.
    public boolean isBrokenJson() {
        if (!(payload instanceof Payload.Bytes bytes) || !isJson(essence(bytes.mediaType()))) {
            return false;
        }
        try {
            JsonCodec.INSTANCE.read(bytes.content());
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /// The content as text, as it was sent where it was sent as text.
    public String text() {
        if (payload instanceof Payload.Bytes bytes) {
            return new String(bytes.content(), charset(bytes.mediaType()));
        }
        Object value = tree();
        return switch (value) {
            case null -> "";
            case String text -> text;
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> JsonCodec.INSTANCE.writeText(value);
        };
    }

    public @Nullable String mediaType() {
        return payload instanceof Payload.Bytes bytes ? bytes.mediaType() : null;
    }

    private @Nullable Object decode() {
        return switch (payload) {
            case Payload.Empty empty -> null;
            case Payload.Document document -> read(document);
            case Payload.Stream stream -> throw new IllegalStateException("a stream was not drained");
            case Payload.Bytes bytes -> decode(bytes);
        };
    }

    /// A lazy document is a plugin's code. What stands where its tree should be tells what is wrong.
    private @Nullable Object read(Payload.Document document) {
        try {
            return document.tree();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            String told = from + " made a payload that throws when it is read: " + e;
            defect = told;
            return told;
        }
    }

    private static @Nullable Object decode(Payload.Bytes bytes) {
        String type = essence(bytes.mediaType());
        if (isJson(type)) {
            return jsonOrText(bytes);
        }
        if (type.isEmpty()) {
            return looksLikeJson(bytes.content()) ? jsonOrText(bytes) : utf8OrBytes(bytes.content());
        }
        if (type.startsWith("text/")
                || type.endsWith("/xml")
                || type.endsWith("+xml")
                || type.equals("application/x-www-form-urlencoded")
                || type.equals("application/javascript")
                || type.endsWith("yaml")
                || type.endsWith("/graphql")) {
            return new String(bytes.content(), charset(bytes.mediaType()));
        }
        return bytes.content();
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.endsWith("+json") || type.equals("text/json");
    }

    private static @Nullable Object jsonOrText(Payload.Bytes bytes) {
        try {
            return JsonCodec.INSTANCE.read(bytes.content());
        } catch (IllegalArgumentException e) {
            return new String(bytes.content(), charset(bytes.mediaType()));
        }
    }

    private static boolean looksLikeJson(byte[] content) {
        for (byte b : content) {
            if (b > ' ') {
                return b == '{' || b == '[';
            }
        }
        return false;
    }

    private static Object utf8OrBytes(byte[] content) {
        for (byte b : content) {
            if (b == 0) {
                return content;
            }
        }
        String text = new String(content, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : content;
    }

    private static String essence(@Nullable String mediaType) {
        if (mediaType == null) {
            return "";
        }
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static Charset charset(@Nullable String mediaType) {
        if (mediaType == null) {
            return StandardCharsets.UTF_8;
        }
        int at = mediaType.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = mediaType.substring(at + "charset=".length());
        int end = name.indexOf(';');
        name = (end < 0 ? name : name.substring(0, end)).replace("\"", "").strip();
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
