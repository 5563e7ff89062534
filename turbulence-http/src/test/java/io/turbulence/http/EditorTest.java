package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.PluginReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an editor says of scenario and system files with the schemas that `turbulence schema` writes, through the
/// language server that editors use.
@Tag("servers")
@Timeout(300)
class EditorTest {

    @TempDir
    static Path folder;

    private static YamlLanguageServer server;

    @BeforeAll
    static void start() throws Exception {
        server = YamlLanguageServer.start();
        Files.writeString(folder.resolve("scenario.json"), PluginReference.scenarioSchema(List.of()));
        Files.writeString(folder.resolve("system.json"), PluginReference.systemSchema(List.of()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void findsNothingWrongWithGoodFiles() throws Exception {
        Path scenario = scenario("good.yaml", """
            id: checkout
            tags: [smoke]
            entry: { seed_data: { customer_id: "cust_{{uuid}}" } }
            flow:
              - name: create
                type: http
                method: POST
                path: /orders
                json: { sku: A-1, quantity: "{{random_int(1, 3)}}" }
                retry: { max_attempts: 3, on_status: [503] }
                extract: { id: $.id, token: { header: x-token, secret: true } }
                expect: { status_code: 201 }
              - { type: wait, path: "/orders/{{id}}", interval: 1s, until: { jsonpath: $.status, equals: confirmed } }
              - name: batch
                type: job
                submit: { type: http, path: /batches, method: POST, extract: { batch: $.id } }
                poll: { path: "/batches/{{batch}}", interval: 5s }
                state: $.state
                success_states: [success]
              - { type: branch, condition: "status_code == 200", if_true: [ { type: sleep, duration: { min: 100ms, max: 2s } } ] }
              - { type: loop, times: 3, do: [ { type: http, path: /a } ] }
            assertions: [ { name: fast, expect: { latency_ms: { lt: 500 } } } ]
            load: { rate: 200/s, duration: 5m }
            thresholds: [ "p95_latency_ms < 500" ]
            """);
        Path system = system("good-system.yaml", """
            name: shop
            default_headers: { X-Tenant: a }
            services:
              api: { base_url: "http://localhost:8080", pool: { max: 10, idle_timeout: 30s }, auth: { bearer: t } }
              other: { protocol: http, http: { base_url: "http://localhost:8081" }, timeout: 5s }
            profiles: { staging: { services: { api: { base_url: "https://staging.example.com" } } } }
            """);

        assertThat(server.problems(scenario)).isEmpty();
        assertThat(server.problems(system)).isEmpty();
    }

    @Test
    void findsMistakesInTheirLines() throws Exception {
        Path scenario = scenario("bad.yaml", """
            id: checkout
            max_steps: many
            flow:
              - name: create
                type: http
                methd: POST
                path: /orders
            """);

        List<String> problems = server.problems(scenario);

        assertThat(problems).anySatisfy(problem -> assertThat(problem).startsWith("3: "));
        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem).startsWith("7: ").contains("methd"));
    }

    @Test
    void showsTheDocumentationOfASetting() throws Exception {
        Path scenario = scenario("hover.yaml", """
            id: checkout
            flow:
              - type: http
                path: /orders
            """);
        server.problems(scenario);

        assertThat(server.hover(scenario, 4, 5)).contains("The path below the service");
    }

    private static Path scenario(String name, String content) throws IOException {
        return file(name, "scenario.json", content);
    }

    private static Path system(String name, String content) throws IOException {
        return file(name, "system.json", content);
    }

    private static Path file(String name, String schema, String content) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "# yaml-language-server: $schema=" + folder.resolve(schema).toUri() + "\n" + content);
    }
}
