package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.DataSize;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GraphqlTest {

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway") // The class file of a record loses the nullness of the values in its maps
    private static GraphqlRequest request(@Nullable String query, @Nullable Path file) {
        return new GraphqlRequest(
                query, file, Map.of("id", 7), "Order", "/graphql", Map.of(), DataSize.parse("1 MiB"), null, false);
    }

    private static Script answering(String json) throws IOException {
        return Script.answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                + "\r\n\r\n" + json);
    }

    private static Observation run(Host host, GraphqlRequest request) {
        return host.run(new GraphqlAction(host.connections), request);
    }

    @Test
    void postsTheOperation() throws IOException {
        try (Script script = answering("{\"data\": {\"order\": {\"status\": \"paid\"}}}");
                Host host = Host.at(script.port())) {
            Observation observation = run(host, request("query Order($id: ID!) { order(id: $id) { status } }", null));

            assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(true, "200"));
            assertThat(((Payload.Document) observation.payload()).tree())
                    .isEqualTo(Map.of("data", Map.of("order", Map.of("status", "paid"))));
            assertThat(script.requests.getFirst())
                    .startsWith("POST /graphql HTTP/1.1\r\n")
                    .contains("Accept: application/graphql-response+json, application/json\r\n")
                    .contains("Content-Type: application/json\r\n")
                    .endsWith("{\"query\":\"query Order($id: ID!) { order(id: $id) { status } }\","
                            + "\"variables\":{\"id\":7},\"operationName\":\"Order\"}");
        }
    }

    @Test
    void takesErrorsForNoSuccess() throws IOException {
        String answer = "{\"data\": null, \"errors\": [{\"message\": \"no such order\","
                + " \"extensions\": {\"code\": \"NOT_FOUND\"}}]}";
        try (Script script = answering(answer);
                Host host = Host.at(script.port())) {
            Observation observation = run(host, request("{ a }", null));

            assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(false, "NOT_FOUND"));
            assertThat(observation.metadata().get("graphql_errors")).isEqualTo(List.of("no such order"));
            assertThat(observation.metadata().get("status_code")).isEqualTo(200);
        }
    }

    @Test
    void takesWhatIsNoJsonForNoSuccess() throws IOException {
        try (Script script = answering("<html/>");
                Host host = Host.at(script.port())) {
            assertThat(run(host, request("{ a }", null)).outcome()).isEqualTo(new Outcome.Completed(false, "200"));
        }
    }

    @Test
    void readsTheDocumentFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("order.graphql"), "{ orders }");
        try (Script script = answering("{\"data\": {}}");
                Host host = Host.at(script.port())) {
            run(host, request(null, file));

            assertThat(script.requests.getFirst()).contains("{\"query\":\"{ orders }\"");
            assertThat(failed(run(host, request(null, folder.resolve("missing"))))
                            .message())
                    .isEqualTo("file '" + folder.resolve("missing") + "' cannot be read");
        }
    }
}
