package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/// What is to be stored: bytes, or a file.
final class ObjectBody {

    private final byte @Nullable [] bytes;
    private final @Nullable Path file;
    private final @Nullable String type;

    private ObjectBody(byte @Nullable [] bytes, @Nullable Path file, @Nullable String type) {
        this.bytes = bytes;
        this.file = file;
        this.type = type;
    }

    static ObjectBody of(PutSettings settings, Json json) {
        Path file = settings.file();
        if (file != null) {
            if (!Files.isReadable(file)) {
                throw new FailureException(Failure.PROTOCOL, "'%s' cannot be read".formatted(file));
            }
            return new ObjectBody(null, file, typeOf(settings.key()));
        }
        if (settings.base64() != null) {
            return new ObjectBody(Base64Text.decode(settings.base64(), "base64"), null, typeOf(settings.key()));
        }
        if (!settings.jsonl().isEmpty()) {
            return new ObjectBody(lines(settings.jsonl(), json), null, "application/jsonl");
        }
        if (settings.json() != null) {
            return new ObjectBody(json.write(settings.json()), null, "application/json");
        }
        Object body = settings.body();
        return body instanceof String text
                ? new ObjectBody(text.getBytes(UTF_8), null, typeOf(settings.key()))
                : body == null
                        ? new ObjectBody(new byte[0], null, typeOf(settings.key()))
                        : new ObjectBody(json.write(body), null, "application/json");
    }

    /// What its content is, when the step does not say.
    @Nullable
    String type() {
        return type;
    }

    /// A file is sent as it is read.
    RequestBody content() {
        return bytes == null ? RequestBody.fromFile(requireNonNull(file)) : RequestBody.fromBytes(bytes);
    }

    long size() throws IOException {
        return bytes == null ? Files.size(requireNonNull(file)) : bytes.length;
    }

    private static byte[] lines(List<Object> each, Json json) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Object line : each) {
            lines.writeBytes(json.write(line));
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    /// By the key's ending; null when it says nothing.
    static @Nullable String typeOf(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "json" -> "application/json";
            case "jsonl", "ndjson" -> "application/jsonl";
            case "csv" -> "text/csv";
            case "txt", "log" -> "text/plain";
            case "xml" -> "application/xml";
            case "yaml", "yml" -> "application/yaml";
            case "html" -> "text/html";
            default -> null;
        };
    }
}
