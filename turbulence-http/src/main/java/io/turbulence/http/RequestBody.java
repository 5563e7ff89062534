package io.turbulence.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What a request carries. Can be sent more than once.
interface RequestBody {

    /// No body at all.
    RequestBody NONE = new Bytes(new byte[0], null);

    /// In bytes; -1 where it is known only once it is sent.
    long length();

    /// The media type that goes with it; null for none.
    @Nullable
    String mediaType();

    void writeTo(Sink sink) throws IOException;

    /// Where a body goes, piece by piece.
    interface Sink {
        void write(byte[] from, int offset, int length) throws IOException;
    }

    /// A body that is in memory already. The content is not copied.
    final class Bytes implements RequestBody {

        private final byte[] content;
        private final @Nullable String mediaType;

        Bytes(byte[] content, @Nullable String mediaType) {
            this.content = content;
            this.mediaType = mediaType;
        }

        byte[] content() {
            return content;
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public @Nullable String mediaType() {
            return mediaType;
        }

        @Override
        public void writeTo(Sink sink) throws IOException {
            sink.write(content, 0, content.length);
        }
    }
}
