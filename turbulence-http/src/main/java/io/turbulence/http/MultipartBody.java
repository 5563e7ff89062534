package io.turbulence.http;

import io.turbulence.spi.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A form with files (RFC 7578). Files are read while they are sent.
final class MultipartBody implements RequestBody {

    private static final byte[] NEW_LINE = {'\r', '\n'};

    private final String boundary;
    private final List<RequestBody> pieces;
    private final long length;

    private MultipartBody(String boundary, List<RequestBody> pieces) {
        this.boundary = boundary;
        this.pieces = pieces;
        this.length = pieces.stream().mapToLong(RequestBody::length).sum();
    }

    /// @throws SourceUnreadable when a file is not there
    static MultipartBody of(Map<String, HttpRequest.Part> parts, Json json) throws SourceUnreadable {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String boundary = "turbulence-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        List<RequestBody> pieces = new ArrayList<>();
        for (Map.Entry<String, HttpRequest.Part> entry : parts.entrySet()) {
            HttpRequest.Part part = entry.getValue();
            RequestBody content = content(part, json);
            String name = part.name() == null ? entry.getKey() : part.name();
            pieces.add(bytes("--" + boundary + "\r\n" + head(name, filename(part), content.mediaType())));
            pieces.add(content);
            pieces.add(new RequestBody.Bytes(NEW_LINE, null));
        }
        pieces.add(bytes("--" + boundary + "--\r\n"));
        return new MultipartBody(boundary, List.copyOf(pieces));
    }

    private static String head(String name, @Nullable String filename, @Nullable String mediaType) {
        return "Content-Disposition: form-data; name=\"" + escape(name) + "\""
                + (filename == null ? "" : "; filename=\"" + escape(filename) + "\"")
                + (mediaType == null ? "" : "\r\nContent-Type: " + mediaType)
                + "\r\n\r\n";
    }

    private static RequestBody content(HttpRequest.Part part, Json json) throws SourceUnreadable {
        Path file = part.file();
        String type = part.contentType();
        if (file != null) {
            return FileBody.of(file, type == null ? "application/octet-stream" : type);
        }
        Object value = part.value();
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            return new RequestBody.Bytes(json.write(value), type == null ? "application/json" : type);
        }
        return new RequestBody.Bytes(String.valueOf(value).getBytes(StandardCharsets.UTF_8), type);
    }

    private static @Nullable String filename(HttpRequest.Part part) {
        Path file = part.file();
        if (part.filename() != null || file == null) {
            return part.filename();
        }
        Path name = file.getFileName();
        return name == null ? null : name.toString();
    }

    /// As browsers do it (RFC 7578 §2, HTML).
    private static String escape(String text) {
        return text.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static RequestBody bytes(String text) {
        return new RequestBody.Bytes(text.getBytes(StandardCharsets.UTF_8), null);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public String mediaType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    @Override
    public void writeTo(Sink sink) throws IOException {
        for (RequestBody piece : pieces) {
            piece.writeTo(sink);
        }
    }
}
