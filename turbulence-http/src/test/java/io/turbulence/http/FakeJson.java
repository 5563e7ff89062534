package io.turbulence.http;

import io.turbulence.spi.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes JSON; cannot read any.
final class FakeJson implements Json {

    @Override
    public @Nullable Object read(byte[] utf8) {
        throw new UnsupportedOperationException("read");
    }

    @Override
    public @Nullable Object read(String text) {
        throw new UnsupportedOperationException("read");
    }

    @Override
    public byte[] write(@Nullable Object tree) {
        return writeText(tree).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String writeText(@Nullable Object tree) {
        return switch (tree) {
            case null -> "null";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":" + writeText(e.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Collection<?> list -> list.stream().map(this::writeText).collect(Collectors.joining(",", "[", "]"));
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> "\"" + tree.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        };
    }
}
