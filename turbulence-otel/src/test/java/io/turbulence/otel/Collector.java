package io.turbulence.otel;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/// A receiver of OTLP over HTTP on the loopback interface. Keeps all that it is sent.
final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int status;

    final List<Span> spans = new CopyOnWriteArrayList<>();
    final List<Resource> resources = new CopyOnWriteArrayList<>();
    final List<String> headers = new CopyOnWriteArrayList<>();

    /// The newest of each name.
    final Map<String, Metric> metrics = new HashMap<>();

    private Collector(HttpServer server, int status) {
        this.server = server;
        this.status = status;
    }

    static Collector start() throws IOException {
        return answering(200);
    }

    static Collector answering(int status) throws IOException {
        Collector collector = new Collector(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0), status);
        collector.server.setExecutor(collector.threads);
        collector.server.createContext("/v1/traces", collector::traces);
        collector.server.createContext("/v1/metrics", collector::metrics);
        collector.server.start();
        return collector;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static String id(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    static Map<String, Object> attributes(List<KeyValue> all) {
        Map<String, Object> attributes = new HashMap<>();
        all.forEach(one -> attributes.put(one.getKey(), value(one.getValue())));
        return attributes;
    }

    private static Object value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case BOOL_VALUE -> value.getBoolValue();
            default -> value.toString();
        };
    }

    private void traces(HttpExchange exchange) throws IOException {
        try (exchange) {
            headers.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Tenant")));
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body(exchange));
            request.getResourceSpansList().forEach(resource -> {
                resources.add(resource.getResource());
                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(body(exchange));
            synchronized (metrics) {
                request.getResourceMetricsList()
                        .forEach(resource -> resource.getScopeMetricsList()
                                .forEach(scope -> scope.getMetricsList()
                                        .forEach(metric -> metrics.put(metric.getName(), metric))));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    Metric metric(String name) {
        synchronized (metrics) {
            return metrics.get(name);
        }
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        InputStream body = exchange.getRequestBody();
        return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(body)
                : body;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
