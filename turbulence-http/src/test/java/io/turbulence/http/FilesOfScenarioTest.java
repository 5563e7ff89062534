package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that scenarios name stand beside them, wherever the program was started.
@Timeout(60)
class FilesOfScenarioTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("flows/data"));
        Files.writeString(folder.resolve("flows/data/order.xml"), "<order/>");
    }

    private RunResult run(Script script, String flow) throws IOException {
        Path system = Files.writeString(
                folder.resolve("system.yaml"),
                "services: { api: { base_url: 'http://127.0.0.1:" + script.port() + "' } }\n");
        Path scenario = Files.writeString(folder.resolve("flows/upload.yaml"), """
            id: upload
            entry: { seed_data: { name: order } }
            flow:
              - { name: up, type: http, method: PUT, path: /, %s }
            """.formatted(flow));
        return TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(system)
                .scenario(scenario)
                .output(folder.resolve("runs"))
                .build()
                .execute();
    }

    private String sent(String flow) throws IOException {
        try (Script script = Script.answering(ANSWER)) {
            RunResult result = run(script, flow);
            assertThat(result.exitCode()).as(result.toString()).isZero();
            return script.requests.getFirst();
        }
    }

    @Test
    void areSentAsTheBody() throws IOException {
        assertThat(sent("body: { file: data/order.xml }"))
                .contains("Content-Type: application/octet-stream\r\n", "Content-Length: 8\r\n")
                .endsWith("\r\n\r\n<order/>");
    }

    @Test
    void mayBeNamedByTemplates() throws IOException {
        assertThat(sent("body: { file: 'data/{{entry.seed_data.name}}.xml' }")).endsWith("\r\n\r\n<order/>");
    }

    @Test
    void areSentAsParts() throws IOException {
        assertThat(sent("multipart: { scan: { file: data/order.xml } }"))
                .contains("filename=\"order.xml\"\r\n", "\r\n\r\n<order/>\r\n");
    }

    @Test
    void areNotMeantByMappingsThatHoldMore() throws IOException {
        assertThat(sent("body: { file: data/order.xml, size: 8 }"))
                .endsWith("\r\n\r\n{\"file\":\"data/order.xml\",\"size\":8}");
    }

    @Test
    void areMissedBeforeAnythingIsSent() throws IOException {
        try (Script script = Script.answering(ANSWER)) {
            Path missing = folder.resolve("flows/data/none.xml");

            assertThatThrownBy(() -> run(script, "body: { file: data/none.xml }"))
                    .hasMessageContaining("upload.yaml:4:")
                    .hasMessageContaining("'" + missing + "' cannot be read");
            assertThatThrownBy(() -> run(script, "multipart: { scan: { file: data/none.xml } }"))
                    .hasMessageContaining("'" + missing + "' cannot be read");
            assertThat(script.connections).hasValue(0);
        }
    }
}
