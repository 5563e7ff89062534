package io.turbulence.grpc;

import io.grpc.Metadata;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Headers;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes metadata of what users write. Thread-safe.
final class CallMetadata {

    private static final Metadata.Key<String> CORRELATION_ID =
            Metadata.Key.of("x-correlation-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final String KEY = "metadata";
    /// Names may be made up by the peer.
    private static final int MOST_KEYS = 1000;
    private static final String RESERVED = "grpc-";

    private final Map<String, Metadata.Key<String>> texts = new ConcurrentHashMap<>();
    private final Map<String, Metadata.Key<byte[]>> binaries = new ConcurrentHashMap<>();

    /// @throws FailureException when a name or value cannot be sent
    Metadata of(Map<String, @Nullable Object> given, boolean propagate, ActionContext context) {
        Metadata metadata = of(given);
        if (propagate) {
            if (!metadata.containsKey(CORRELATION_ID)) {
                metadata.put(CORRELATION_ID, context.correlationId());
            }
            if (!metadata.containsKey(TRACE_PARENT)) {
                metadata.put(TRACE_PARENT, context.traceparent());
            }
        }
        return metadata;
    }

    Metadata of(Map<String, @Nullable Object> given) {
        Metadata metadata = new Metadata();
        for (Map.Entry<String, @Nullable Object> entry : given.entrySet()) {
            if (entry.getValue() instanceof List<?> values) {
                for (Object value : values) {
                    put(metadata, entry.getKey(), value);
                }
            } else {
                put(metadata, entry.getKey(), entry.getValue());
            }
        }
        return metadata;
    }

    private void put(Metadata metadata, String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        String wrong = problem(name, value);
        if (wrong != null) {
            throw new FailureException(Failure.PROTOCOL, "metadata '" + name + "' cannot be sent: " + wrong);
        }
        if (isBinary(name)) {
            metadata.put(binary(name), bytes(value));
        } else {
            metadata.put(text(name), String.valueOf(value));
        }
    }

    /// Metadata as text; binary values as base64.
    Headers readable(Metadata metadata) {
        Headers.Builder readable = Headers.builder();
        for (String name : metadata.keys()) {
            if (isBinary(name)) {
                Iterable<byte[]> values = metadata.getAll(binary(name));
                if (values != null) {
                    values.forEach(
                            value -> readable.add(name, Base64.getEncoder().encodeToString(value)));
                }
            } else {
                Iterable<String> values = metadata.getAll(text(name));
                if (values != null) {
                    values.forEach(value -> readable.add(name, value));
                }
            }
        }
        return readable.build();
    }

    private Metadata.Key<String> text(String name) {
        Metadata.Key<String> key = texts.get(name);
        if (key == null) {
            key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
            if (texts.size() < MOST_KEYS) {
                texts.put(name, key);
            }
        }
        return key;
    }

    private Metadata.Key<byte[]> binary(String name) {
        Metadata.Key<byte[]> key = binaries.get(name);
        if (key == null) {
            key = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
            if (binaries.size() < MOST_KEYS) {
                binaries.put(name, key);
            }
        }
        return key;
    }

    private static boolean isBinary(String name) {
        int suffix = Metadata.BINARY_HEADER_SUFFIX.length();
        return name.regionMatches(true, name.length() - suffix, Metadata.BINARY_HEADER_SUFFIX, 0, suffix);
    }

    private static byte[] bytes(Object value) {
        return value instanceof byte[] content ? content : Base64.getDecoder().decode(String.valueOf(value));
    }

    /// What is wrong with it; null when nothing is.
    private static @Nullable String problem(String name, Object value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith(RESERVED)) {
            return "names that begin with 'grpc-' are gRPC's own";
        }
        if (lower.isEmpty()
                || !lower.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.".indexOf(c) >= 0)) {
            return "a name has letters, digits, '-', '_' and '.' only";
        }
        if (value instanceof Map) {
            return "a mapping is no value";
        }
        if (isBinary(lower)) {
            try {
                bytes(value);
                return null;
            } catch (IllegalArgumentException e) {
                return "its value is not base64, which a name that ends in '-bin' asks for";
            }
        }
        return String.valueOf(value).chars().allMatch(c -> c >= ' ' && c <= '~')
                ? null
                : "its value has characters that are not ASCII; base64 under a name that ends in '-bin' takes any";
    }

    /// Checks what is known at load.
    static void check(Preparation<?> loaded, Problems problems) {
        loaded.constant(KEY, Map.class).ifPresent(given -> {
            Map<?, ?> entries = given;
            entries.forEach((name, value) -> {
                for (Object each : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
                    String wrong = problem(String.valueOf(name), each);
                    if (wrong != null) {
                        problems.error(KEY + "." + name, "'" + name + "'", "metadata that can be sent", wrong);
                    }
                }
            });
        });
    }
}
