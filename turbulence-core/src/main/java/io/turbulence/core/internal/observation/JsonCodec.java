package io.turbulence.core.internal.observation;

import io.turbulence.spi.Json;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON by Jackson. Thread-safe.
public final class JsonCodec implements Json {

    public static final JsonCodec INSTANCE = new JsonCodec();

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ObjectReader reader = mapper.readerFor(Object.class);

    private JsonCodec() {}

    @Override
    public @Nullable Object read(byte[] utf8) {
        try {
            return reader.readValue(utf8);
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    @Override
    public @Nullable Object read(String text) {
        try {
            return reader.readValue(text);
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    @Override
    public byte[] write(@Nullable Object tree) {
        return mapper.writeValueAsBytes(plain(tree));
    }

    @Override
    public String writeText(@Nullable Object tree) {
        return mapper.writeValueAsString(plain(tree));
    }

    /// In lines, for people.
    public String writeIndented(@Nullable Object tree) {
        return mapper.writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(plain(tree))
                .replace("\r\n", "\n");
    }

    /// In lines, with the keys in order: the same text for the same tree.
    public String writeSorted(@Nullable Object tree) {
        return mapper.writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(plain(tree))
                .replace("\r\n", "\n");
    }

    private static @Nullable Object plain(@Nullable Object tree) {
        return tree instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : tree;
    }

    private static IllegalArgumentException invalid(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        String where =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return new IllegalArgumentException("no valid JSON" + where + ": " + e.getOriginalMessage(), e);
    }
}
