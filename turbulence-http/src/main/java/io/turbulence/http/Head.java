package io.turbulence.http;

import io.turbulence.api.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The status line and the header fields of an answer. Immutable.
///
/// @param reason        as the peer gave it; empty where it gave none
/// @param version       `1.0`, `1.1` or `2`
/// @param contentLength -1 where none was given
/// @param chunked       whether the body comes in chunks, which goes before a length
/// @param keepAlive     whether the peer lets the connection be used again
/// @param idleSeconds   how long it says it keeps an idle connection; -1 where it says nothing
record Head(
        int status,
        String reason,
        String version,
        Headers headers,
        long contentLength,
        boolean chunked,
        boolean keepAlive,
        long idleSeconds) {

    @Nullable
    String mediaType() {
        return field("content-type");
    }

    /// The coding of the body, lower case; empty for none.
    String contentEncoding() {
        String encoding = field("content-encoding");
        return encoding == null || encoding.equalsIgnoreCase("identity")
                ? ""
                : encoding.strip().toLowerCase(Locale.ROOT);
    }

    /// Whether the body is coded in a way that is not undone here.
    boolean isOfUnknownEncoding() {
        String coding = contentEncoding();
        return !coding.isEmpty() && !ContentCoding.isKnown(coding);
    }

    @Nullable
    String field(String name) {
        return headers.get(name) instanceof String value ? value : null;
    }

    /// Whether an answer with this status to this method has no body, whatever its fields say.
    boolean bodiless(String method) {
        return status == 204 || status == 304 || method.equals("HEAD");
    }
}
