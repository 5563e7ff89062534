package io.turbulence.grpc;

import io.grpc.Metadata;
import io.turbulence.api.Headers;
import java.util.AbstractMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Metadata that came, made readable when somebody first looks. Two threads that look at the same moment both do
/// so, to equal values.
final class LazyHeaders extends AbstractMap<String, Object> {

    private final CallMetadata callMetadata;
    private final Metadata metadata;
    private volatile @Nullable Headers readable;

    LazyHeaders(CallMetadata callMetadata, Metadata metadata) {
        this.callMetadata = callMetadata;
        this.metadata = metadata;
    }

    private Headers readable() {
        Headers known = readable;
        if (known == null) {
            known = callMetadata.readable(metadata);
            readable = known;
        }
        return known;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return readable().get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return readable().containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return readable().entrySet();
    }
}
