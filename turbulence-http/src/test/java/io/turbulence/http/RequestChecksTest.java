package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can be told of a request before it is sent, and of an answer that is not what it says.
@Timeout(60)
class RequestChecksTest {

    @TempDir
    Path folder;

    private TurbulenceRun run(int port, String step) throws IOException {
        return run(port, step, "http");
    }

    private TurbulenceRun run(int port, String step, String type) throws IOException {
        return TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(Files.writeString(
                        folder.resolve("system.yaml"),
                        "services: { api: { base_url: 'http://127.0.0.1:" + port + "' } }\n"))
                .scenario(Files.writeString(
                        folder.resolve("s.yaml"), "id: s\nflow:\n  - { name: a, type: " + type + ", " + step + " }\n"))
                .output(folder.resolve("result"))
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        path: "ftp://x/y"                     | flow[0].path: 'ftp://x/y'; expected a path, or a whole URL of http or https
        path: /, headers: { "X Y": a }        | header 'X Y' cannot be sent: this is no name of a header field
        path: /, headers: { B: "{{run_id}}", A: "x\\r\\ny" } | header 'A' cannot be sent: character 2 of its value is a control character
        path: /, headers: { "X Y": "{{run_id}}" } | header 'X Y' cannot be sent: this is no name of a header field
        path: /, expect: { status_code: OK }  | flow[0].expect.status_code: 'OK', which is never a status_code; expected a number from 100 to 599
        """)
    void refusesWhatCannotBeSent(String step, String message) {
        assertThatThrownBy(() -> run(1, step).execute())
                .hasMessageContaining("s.yaml:3:")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        graphql | query: "{ a }"
        sse     | max_messages: 1
        """)
    void refusesHeadersOfOtherActionsThatCannotBeSent(String type, String setting) {
        assertThatThrownBy(() -> run(1, "path: /, headers: { \"X Y\": a }, " + setting, type)
                        .execute())
                .hasMessageContaining("header 'X Y' cannot be sent: this is no name of a header field");
    }

    @Test
    void acceptsUrlsInQueriesAndTemplatesInHeaders() throws IOException {
        assertThat(run(1, "path: \"/go?to=ftp://x\", headers: { \"{{run_id}}\": a, B: \"{{run_id}}\" }")
                        .check())
                .isEmpty();
    }

    @Test
    void saysThatAnAnswerIsNoJson() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1,";
        try (Script script = Script.answering(answer)) {
            RunResult result = run(script.port(), "path: /, expect: { jsonpath: $.a, equals: 1 }")
                    .execute();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(Files.readString(folder.resolve("result/steps.jsonl")))
                    .contains("which is no valid JSON although its media type says so");
        }
    }
}
