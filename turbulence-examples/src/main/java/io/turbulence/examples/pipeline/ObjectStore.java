package io.turbulence.examples.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Stands in for S3 in this example: objects in memory, and a bucket that tells a queue of what is put under
/// `incoming/`, as S3's event notifications do. `ObjectStore --port 9090 --queues http://…`.
public final class ObjectStore {

    private static final String INCOMING = "incoming/";

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final SqsClient queues;
    private final String uploads;

    private ObjectStore(SqsClient queues) {
        this.queues = queues;
        this.uploads =
                queues.createQueue(create -> create.queueName(Clients.UPLOADS)).queueUrl();
    }

    public static void main(String[] arguments) throws IOException {
        Options options = Options.of(arguments);
        ObjectStore store = new ObjectStore(Clients.queues(options.text("queues")));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.number("port")), 0);
        server.createContext("/", store::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void handle(HttpExchange request) throws IOException {
        try (request) {
            String path = request.getRequestURI().getRawPath().replace("+", "%2B");
            String name = URLDecoder.decode(path, UTF_8);
            byte[] content = content(request);
            switch (request.getRequestMethod()) {
                case "PUT" -> put(request, name, content);
                case "DELETE" -> {
                    objects.remove(name);
                    send(request, 204, new byte[0]);
                }
                default -> get(request, objects.get(name));
            }
        }
    }

    private void put(HttpExchange request, String name, byte[] content) throws IOException {
        Stored stored = new Stored(content, request.getRequestHeaders().getFirst("Content-Type"), Instant.now());
        objects.put(name, stored);
        String bucket = name.substring(1, name.indexOf('/', 1));
        String key = name.substring(bucket.length() + 2);
        if (key.startsWith(INCOMING)) {
            String event = """
                {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s", "size": %d}}}]}\
                """.formatted(bucket, URLEncoder.encode(key, UTF_8), content.length);
            queues.sendMessage(send -> send.queueUrl(uploads).messageBody(event));
        }
        request.getResponseHeaders().set("ETag", stored.etag());
        send(request, 200, new byte[0]);
    }

    private static void get(HttpExchange request, @Nullable Stored stored) throws IOException {
        if (stored == null) {
            request.getResponseHeaders().set("Content-Type", "application/xml");
            send(
                    request,
                    404,
                    "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
                            .getBytes(UTF_8));
            return;
        }
        request.getResponseHeaders().set("ETag", stored.etag());
        if (stored.type() != null) {
            request.getResponseHeaders().set("Content-Type", stored.type());
        }
        request.getResponseHeaders()
                .set(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(stored.at().atOffset(ZoneOffset.UTC)));
        send(request, 200, stored.content());
    }

    private static void send(HttpExchange request, int status, byte[] body) throws IOException {
        boolean head = request.getRequestMethod().equals("HEAD");
        if (head) {
            request.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        request.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            request.getResponseBody().write(body);
        }
    }

    /// As it was before the client sent it in pieces with a checksum after the last.
    private static byte[] content(HttpExchange request) throws IOException {
        InputStream in = request.getRequestBody();
        String signed = request.getRequestHeaders().getFirst("x-amz-content-sha256");
        if (signed == null || !signed.startsWith("STREAMING")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            content.write(in.readNBytes(size));
            line(in);
        }
        in.readAllBytes();
        return content.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).replaceFirst(";.*", ""), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /// An object.
    private static final class Stored {

        private final byte[] content;
        private final @Nullable String type;
        private final Instant at;

        Stored(byte[] content, @Nullable String type, Instant at) {
            this.content = content;
            this.type = type;
            this.at = at;
        }

        byte[] content() {
            return content;
        }

        @Nullable
        String type() {
            return type;
        }

        Instant at() {
            return at;
        }

        String etag() {
            try {
                byte[] digest = MessageDigest.getInstance("MD5").digest(content);
                return '"' + HexFormat.of().formatHex(digest) + '"';
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has MD5", e);
            }
        }
    }
}
