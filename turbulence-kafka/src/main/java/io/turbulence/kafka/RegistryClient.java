package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Json;
import io.turbulence.spi.ShownText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A schema registry with the API of Confluent's. Thread-safe.
final class RegistryClient {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    private final KafkaService.SchemaRegistry settings;
    private final Json json;
    private final HttpClient http;

    RegistryClient(KafkaService.SchemaRegistry settings, Json json) {
        this.settings = settings;
        this.json = json;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /// A schema as somebody wrote it.
    record Written(SchemaCodec.Format format, String text, List<Reference> references) {}

    /// A schema that another refers to.
    record Reference(String name, String subject, int version) {}

    /// A version of a subject.
    record Registered(int id, Written schema) {}

    Written schema(int id, Deadline deadline) throws InterruptedException {
        return written(map(call("GET", "/schemas/ids/" + id, null, "schema " + id, deadline)));
    }

    Registered version(String subject, String version, Deadline deadline) throws InterruptedException {
        Map<?, ?> answer = map(call(
                "GET",
                "/subjects/" + encoded(subject) + "/versions/" + encoded(version),
                null,
                "version '" + version + "' of subject '" + subject + "'",
                deadline));
        return new Registered(number(answer.get("id")), written(answer));
    }

    /// @return its id; that of the same schema when it is there already
    int register(String subject, Written schema, Deadline deadline) throws InterruptedException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("schema", schema.text());
        if (schema.format() != SchemaCodec.Format.AVRO) {
            body.put("schemaType", schema.format().name());
        }
        if (!schema.references().isEmpty()) {
            List<Object> references = new ArrayList<>();
            for (Reference each : schema.references()) {
                references.add(Map.of("name", each.name(), "subject", each.subject(), "version", each.version()));
            }
            body.put("references", references);
        }
        Object answer = call(
                "POST",
                "/subjects/" + encoded(subject) + "/versions",
                json.write(body),
                "a schema for subject '" + subject + "'",
                deadline);
        return number(map(answer).get("id"));
    }

    private @Nullable Object call(String method, String path, byte @Nullable [] body, String what, Deadline deadline)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(settings.url().replaceAll("/+$", "") + path))
                .timeout(Duration.ofMillis(deadline.timeoutMillis()))
                .header("Accept", MEDIA_TYPE + ", application/json")
                .header("Content-Type", MEDIA_TYPE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        String authorization = authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw refused(what, answer);
            }
            return json.read(answer.body());
        } catch (HttpTimeoutException e) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    "schema registry '%s' did not answer within the %s when asked for %s"
                            .formatted(settings.url(), deadline.limit(), what),
                    e);
        } catch (IOException e) {
            throw new FailureException(
                    e instanceof ConnectException ? Failure.CONNECT : Failure.CLOSED,
                    "schema registry '%s' could not be asked for %s: %s"
                            .formatted(settings.url(), what, e.getMessage() == null ? e : e.getMessage()),
                    e);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "schema registry '%s' answered with what is no JSON when asked for %s: %s"
                            .formatted(settings.url(), what, e.getMessage()),
                    e);
        }
    }

    private FailureException refused(String what, HttpResponse<byte[]> answer) {
        String message;
        try {
            Object tree = json.read(answer.body());
            message = tree instanceof Map<?, ?> map && map.get("message") != null
                    ? map.get("error_code") + " " + map.get("message")
                    : new String(answer.body(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            message = new String(answer.body(), StandardCharsets.UTF_8);
        }
        String shortened = ShownText.shortened(message, 500);
        return new FailureException(
                Failure.PROTOCOL,
                "schema registry '%s' refused %s: status %d: %s"
                        .formatted(settings.url(), what, answer.statusCode(), shortened));
    }

    private @Nullable String authorization() {
        KafkaService.Auth auth = settings.auth();
        if (auth == null) {
            return null;
        }
        KafkaService.Basic basic = auth.basic();
        if (basic == null) {
            return "Bearer " + auth.bearer();
        }
        byte[] pair = (basic.username() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private Written written(Map<?, ?> answer) {
        Object type = answer.get("schemaType");
        SchemaCodec.Format format = switch (type == null ? "AVRO" : type.toString()) {
            case "AVRO" -> SchemaCodec.Format.AVRO;
            case "PROTOBUF" -> SchemaCodec.Format.PROTOBUF;
            case "JSON" -> SchemaCodec.Format.JSON;
            default ->
                throw new FailureException(
                        Failure.PROTOCOL,
                        "schema registry '%s' holds a schema of type '%s'; known are AVRO, PROTOBUF, JSON"
                                .formatted(settings.url(), type));
        };
        List<Reference> references = new ArrayList<>();
        if (answer.get("references") instanceof List<?> all) {
            for (Object each : all) {
                Map<?, ?> reference = map(each);
                references.add(new Reference(
                        String.valueOf(reference.get("name")),
                        String.valueOf(reference.get("subject")),
                        number(reference.get("version"))));
            }
        }
        return new Written(format, String.valueOf(answer.get("schema")), references);
    }

    private Map<?, ?> map(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new FailureException(
                Failure.PROTOCOL,
                "schema registry '" + settings.url() + "' answered '" + tree + "'; expected an object");
    }

    private int number(@Nullable Object tree) {
        if (tree instanceof Number number) {
            return number.intValue();
        }
        throw new FailureException(
                Failure.PROTOCOL,
                "schema registry '" + settings.url() + "' answered '" + tree + "'; expected a number");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    void close() {
        http.shutdownNow();
    }
}
