package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a peer sent. Closed for good: a `switch` over it stays exhaustive.
public sealed interface Payload {

    static Payload empty() {
        return Empty.INSTANCE;
    }

    /// Bytes with a media type; the host decodes them when somebody looks.
    ///
    /// @param content   not copied; must not be changed afterwards
    /// @param mediaType as the peer gave it, parameters included; null when it gave none
    static Payload bytes(byte[] content, @Nullable String mediaType) {
        return content.length == 0 ? Empty.INSTANCE : new Bytes(content, mediaType);
    }

    /// A tree that is there already: text, number, boolean, null, or a list or map of these.
    static Payload document(@Nullable Object tree) {
        return new Document(tree);
    }

    /// A tree that is made when somebody first looks, at most once for each thread that looks.
    static Payload lazyDocument(Supplier<? extends @Nullable Object> tree) {
        return new Document(null, tree);
    }

    /// As [#lazyDocument(Supplier)], when what it is made of is there: two of the same bytes are known to be the same
    /// without making either.
    ///
    /// @param encoded not copied; must not be changed afterwards
    static Payload lazyDocument(byte[] encoded, Supplier<? extends @Nullable Object> tree) {
        return new Document(requireNonNull(encoded, "encoded"), tree);
    }

    /// Messages that arrive one by one. The host pulls them within the bounds, closes the stream and
    /// only then gives the connection back.
    static Payload stream(PayloadStream stream, StreamBounds bounds) {
        return new Stream(stream, bounds);
    }

    /// Nothing was sent.
    enum Empty implements Payload {
        INSTANCE
    }

    /// Undecoded content.
    final class Bytes implements Payload {

        private final byte[] content;
        private final @Nullable String mediaType;

        private Bytes(byte[] content, @Nullable String mediaType) {
            this.content = requireNonNull(content, "content");
            this.mediaType = mediaType;
        }

        /// The content itself, not a copy: read only.
        public byte[] content() {
            return content;
        }

        public @Nullable String mediaType() {
            return mediaType;
        }
    }

    /// A JSON-like tree.
    final class Document implements Payload {

        private final byte @Nullable [] encoded;
        private @Nullable Object tree;
        private volatile @Nullable Supplier<? extends @Nullable Object> supplier;

        private Document(@Nullable Object tree) {
            this.encoded = null;
            this.tree = tree;
        }

        private Document(byte @Nullable [] encoded, Supplier<? extends @Nullable Object> supplier) {
            this.encoded = encoded;
            this.supplier = requireNonNull(supplier, "supplier");
        }

        /// What the tree is made of, itself and not a copy: read only; null when that is not there.
        public byte @Nullable [] encoded() {
            return encoded;
        }

        /// The tree: text, number, boolean, null, list or map. Read only.
        public @Nullable Object tree() {
            Supplier<? extends @Nullable Object> pending = supplier;
            if (pending != null) {
                tree = pending.get();
                supplier = null;
            }
            return tree;
        }
    }

    /// Messages still to come.
    ///
    /// @param bounds when the host stops pulling
    record Stream(PayloadStream stream, StreamBounds bounds) implements Payload {
        public Stream {
            requireNonNull(stream, "stream");
            requireNonNull(bounds, "bounds");
        }
    }
}
