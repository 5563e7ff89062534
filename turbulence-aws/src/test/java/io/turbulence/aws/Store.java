package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A few operations of S3 in memory, or answers that a test gives: for the tests of every build, which no other program
/// may be needed for. That the actions speak S3 is what [S3MockTest] shows.
final class Store implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, byte[]>> buckets = new ConcurrentHashMap<>();
    private volatile Answer answer;

    private Store(HttpServer server) {
        this.server = server;
        this.answer = this::objects;
    }

    /// Answers one request.
    interface Answer {

        void to(HttpExchange request) throws Exception;
    }

    static Store start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Store store = new Store(server);
        server.createContext("/", store::handle);
        server.setExecutor(store.threads);
        server.start();
        return store;
    }

    /// One that answers every request so.
    static Store answering(Answer answer) throws IOException {
        Store store = start();
        store.answer = answer;
        return store;
    }

    /// One that answers every request with this error.
    static Store failing(int status, String code, String message) throws IOException {
        return answering(request -> error(request, status, code, message));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Map<String, byte[]> bucket(String name) {
        return buckets.computeIfAbsent(name, each -> new ConcurrentHashMap<>());
    }

    S3Service service() {
        return serviceAt(url());
    }

    static S3Service serviceAt(String url) {
        return new S3Service(
                "eu-central-1", url, Credentials.of("an-id", "a-secret-of-the-key"), true, AwsService.Retries.OFF);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange request) throws IOException {
        try (request) {
            answer.to(request);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void objects(HttpExchange request) throws Exception {
        String path = URLDecoder.decode(
                request.getRequestURI().getRawPath().substring(1).replace("+", "%2B"), UTF_8);
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String key = slash < 0 ? "" : path.substring(slash + 1);
        byte[] body = content(request);
        Map<String, byte[]> objects = buckets.get(bucket);
        if (objects == null) {
            error(request, 404, "NoSuchBucket", "The specified bucket does not exist");
            return;
        }
        switch (request.getRequestMethod()) {
            case "PUT" -> {
                objects.put(key, body);
                request.getResponseHeaders().set("ETag", '"' + md5(body) + '"');
                send(request, 200, new byte[0]);
            }
            case "DELETE" -> {
                objects.remove(key);
                send(request, 204, new byte[0]);
            }
            default -> {
                if (key.isEmpty()) {
                    list(request, objects);
                } else {
                    get(request, objects.get(key));
                }
            }
        }
    }

    private static void get(HttpExchange request, byte[] content) throws Exception {
        if (content == null) {
            error(request, 404, "NoSuchKey", "The specified key does not exist.");
            return;
        }
        request.getResponseHeaders().set("ETag", '"' + md5(content) + '"');
        request.getResponseHeaders().set("Last-Modified", "Sat, 21 Nov 2026 06:00:00 GMT");
        send(request, 200, content);
    }

    /// Pages of as many as are asked for; a page's token is its last key.
    private static void list(HttpExchange request, Map<String, byte[]> objects) throws Exception {
        Map<String, String> query = new TreeMap<>();
        for (String pair : String.valueOf(request.getRequestURI().getRawQuery()).split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        int most = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        String after = query.getOrDefault("continuation-token", "");
        StringBuilder page = new StringBuilder("<ListBucketResult>");
        int told = 0;
        String last = "";
        boolean more = false;
        for (Map.Entry<String, byte[]> each : new TreeMap<>(objects).entrySet()) {
            if (each.getKey().compareTo(after) <= 0 || !each.getKey().startsWith(query.getOrDefault("prefix", ""))) {
                continue;
            }
            if (told == most) {
                more = true;
                break;
            }
            told++;
            last = each.getKey();
            page.append("<Contents><Key>%s</Key><Size>%d</Size><ETag>\"%s\"</ETag></Contents>"
                    .formatted(last, each.getValue().length, md5(each.getValue())));
        }
        page.append("<IsTruncated>").append(more).append("</IsTruncated>");
        if (more) {
            page.append("<NextContinuationToken>").append(last).append("</NextContinuationToken>");
        }
        send(request, 200, page.append("</ListBucketResult>").toString().getBytes(UTF_8));
    }

    static void error(HttpExchange request, int status, String code, String message) throws IOException {
        content(request);
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, message);
        request.getResponseHeaders().set("Content-Type", "application/xml");
        send(request, status, body.getBytes(UTF_8));
    }

    static void send(HttpExchange request, int status, byte[] body) throws IOException {
        request.getResponseHeaders().set("x-amz-request-id", "REQUEST-1");
        boolean head = request.getRequestMethod().equals("HEAD");
        if (head) {
            request.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        request.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            request.getResponseBody().write(body);
        }
    }

    /// As it was before the client signed it piece by piece.
    private static byte[] content(HttpExchange request) throws IOException {
        InputStream in = request.getRequestBody();
        String signed = request.getRequestHeaders().getFirst("x-amz-content-sha256");
        if (signed == null || !signed.startsWith("STREAMING")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in).replaceFirst(";.*", ""), 16);
            if (size == 0) {
                in.readAllBytes();
                return content.toByteArray();
            }
            content.write(in.readNBytes(size));
            line(in);
        }
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

    static String md5(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    }
}
