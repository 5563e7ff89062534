package io.turbulence.http;

import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import org.jspecify.annotations.Nullable;

/// An answer of which at least the head arrived.
///
/// @param payload   the body, decoded; empty when it was discarded
/// @param bodyBytes how long the body was, decoded
/// @param received  all bytes of the answer as they came
/// @param sent      all bytes of the request as they went
/// @param resent    whether the request was sent a second time, for the connection turned out to be dead or the peer
///                  had not begun with it
/// @param failure   why the body did not arrive whole; null when it did
record Answer(
        Head head,
        Payload payload,
        long bodyBytes,
        Headers trailers,
        long received,
        long sent,
        boolean resent,
        @Nullable FailureException failure) {

    int status() {
        return head.status();
    }

    /// What the head tells.
    static Metadata.Builder facts(Head head) {
        return Metadata.builder()
                .put("status_code", head.status())
                .put("reason", head.reason())
                .put("headers", head.headers())
                .put("version", head.version());
    }

    Metadata.Builder metadata() {
        Metadata.Builder metadata = facts(head)
                .put("body_bytes", bodyBytes)
                .put("received_bytes", received)
                .put("sent_bytes", sent);
        if (resent) {
            metadata.put("resent", 1);
        }
        if (bodyBytes > 0 && head.isOfUnknownEncoding()) {
            metadata.put("content_encoding", head.contentEncoding() + " is not decoded");
        }
        if (!trailers.isEmpty()) {
            metadata.put("trailers", trailers);
        }
        return metadata;
    }
}
