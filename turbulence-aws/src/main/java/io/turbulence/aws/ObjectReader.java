package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Makes a payload of an object's content.
final class ObjectReader {

    private static final int BUFFER = 64 * 1024;

    private final GetSettings settings;
    private final GetObjectResponse response;
    private final Download download;
    private final ActionContext context;
    private final String name;
    private final GetSettings.As as;

    ObjectReader(GetSettings settings, GetObjectResponse response, Download download, ActionContext context) {
        this.settings = settings;
        this.response = response;
        this.download = download;
        this.context = context;
        this.name = S3Objects.name(settings.bucket(), settings.key());
        this.as = settings.as() == GetSettings.As.AUTO ? guess() : settings.as();
    }

    /// What the content seems to be; bytes that the host looks into where nothing says.
    private GetSettings.As guess() {
        String type = mediaType();
        if (type == null) {
            return GetSettings.As.AUTO;
        }
        String essence = type.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
        return switch (essence) {
            case "text/csv" -> GetSettings.As.CSV;
            case "application/jsonl", "application/x-ndjson", "application/jsonlines" -> GetSettings.As.JSONL;
            default -> GetSettings.As.AUTO;
        };
    }

    /// As the object has it, unless that says nothing; then by its key's ending.
    private @Nullable String mediaType() {
        String type = response.contentType();
        boolean says =
                type != null && !type.startsWith("application/octet-stream") && !type.startsWith("binary/octet-stream");
        return says ? type : ObjectBody.typeOf(settings.key());
    }

    boolean isStream() {
        return settings.stream() && (as == GetSettings.As.CSV || as == GetSettings.As.JSONL);
    }

    Payload stream() {
        return Payload.stream(
                RowStream.start(
                        download,
                        () -> rows(new InputStreamReader(decoded(), charset())),
                        "turbulence-aws-" + context.service() + "-rows"),
                StreamBounds.NONE);
    }

    Payload whole() throws IOException {
        Path to = settings.to();
        if (to != null) {
            return toFile(to);
        }
        return switch (as) {
            case NONE -> nothing();
            case AUTO -> seen(bytes());
            case BYTES -> Payload.bytes(bytes(), "application/octet-stream");
            case TEXT -> Payload.document(new String(bytes(), charset()));
            case JSON -> Payload.document(json(bytes()));
            case CSV, JSONL -> Payload.document(table(new String(bytes(), charset())));
        };
    }

    /// An empty text is a text, and not nothing.
    private Payload seen(byte[] bytes) {
        String type = mediaType();
        return bytes.length == 0
                        && type != null
                        && type.toLowerCase(Locale.ROOT).startsWith("text/")
                ? Payload.document("")
                : Payload.bytes(bytes, type);
    }

    private Payload nothing() throws IOException {
        download.digest();
        download.transferTo(OutputStream.nullOutputStream());
        return Payload.document(Map.of("size", download.count(), "sha256", download.sha256()));
    }

    /// Beside the file first, so that one that was there stays whole when this fails.
    private Payload toFile(Path to) throws IOException {
        download.digest();
        Path target = to.toAbsolutePath();
        Path folder = target.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path part = Files.createTempFile(folder, "." + target.getFileName(), ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                download.transferTo(out);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return Payload.document(
                Map.of("file", target.toString(), "size", download.count(), "sha256", download.sha256()));
    }

    private byte[] bytes() throws IOException {
        long most = settings.maxSize().bytes();
        Long length = response.contentLength();
        if (length != null && length > most) {
            throw tooLarge("has %,d bytes".formatted(length));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length == null ? BUFFER : Math.toIntExact(length));
        InputStream content = decoded();
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            if (bytes.size() + (long) read > most) {
                throw tooLarge("is larger");
            }
            bytes.write(buffer, 0, read);
        }
        // The last of a compressed content is not its end
        download.transferTo(OutputStream.nullOutputStream());
        return bytes.toByteArray();
    }

    private FailureException tooLarge(String how) {
        return new FailureException(
                Failure.TOO_LARGE,
                "%s: the content %s, but 'max_size' is %s. Write it 'to' a file, read it as a 'stream', or raise 'max_size'."
                        .formatted(name, how, settings.maxSize()));
    }

    private InputStream decoded() throws IOException {
        return "gzip".equalsIgnoreCase(response.contentEncoding()) && response.contentRange() == null
                ? new GZIPInputStream(download, BUFFER)
                : download;
    }

    private Charset charset() {
        String type = response.contentType();
        int at = type == null ? -1 : type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (type == null || at < 0) {
            return UTF_8;
        }
        String charset = type.substring(at + "charset=".length()).replaceAll("[\"\\s]|;.*", "");
        return Charset.isSupported(charset) ? Charset.forName(charset) : UTF_8;
    }

    private @Nullable Object json(byte[] bytes) {
        try {
            return context.json().read(bytes);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL, "%s: the content is no JSON: %s".formatted(name, e.getMessage()), e);
        }
    }

    private List<@Nullable Object> table(String text) throws IOException {
        Rows rows = rows(new StringReader(text));
        List<@Nullable Object> all = new ArrayList<>();
        for (Rows.Row row = rows.next(); row != null; row = rows.next()) {
            all.add(row.tree());
        }
        return all;
    }

    private Rows rows(Reader text) throws IOException {
        Rows.Form form = as == GetSettings.As.CSV
                ? new Rows.Form.Csv(settings.delimiter().charAt(0), settings.header())
                : new Rows.Form.Lines(context.json());
        return Rows.of(name, text, form, settings.maxSize().bytes());
    }
}
