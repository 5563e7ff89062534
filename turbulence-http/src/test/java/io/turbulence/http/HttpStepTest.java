package io.turbulence.http;

import static io.turbulence.http.HttpStep.http;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.DataSize;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpStepTest {

    @Test
    void holdsWhatAStepWouldHoldInYaml() {
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("method", "POST");
        expected.put("path", "/orders");
        expected.put("query", Map.of("page", 2));
        expected.put("headers", Map.of("Accept", "text/plain", "X-Tenant", List.of("a", "b")));
        expected.put("json", Map.of("sku", "A-1"));
        expected.put("follow_redirects", true);
        expected.put("max_body", DataSize.ofBytes(10));
        expected.put("auth", Map.of("bearer", "{{run.token}}"));

        HttpStep step = http().post("/orders")
                .query("page", 2)
                .header("Accept", "text/plain")
                .header("X-Tenant", List.of("a", "b"))
                .json(Map.of("sku", "A-1"))
                .followRedirects()
                .maxBody(DataSize.ofBytes(10))
                .bearer("{{run.token}}");

        assertThat(step.type()).isEqualTo("http");
        assertThat(step.settings()).isEqualTo(expected);
    }

    @Test
    void setsOnlyWhatARequestHas() {
        HttpStep all = http().get("/a")
                .query("a", 1)
                .header("a", "b")
                .json(null)
                .body("text")
                .body(Path.of("order.xml"))
                .form("a", "b")
                .part("title", "Invoice")
                .part("scan", Path.of("scan.pdf"))
                .followRedirects()
                .maxBody(DataSize.ofBytes(1))
                .basicAuth("ann", "secret");

        assertThat(Arrays.stream(HttpRequest.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT)))
                .containsAll(all.settings().keySet());
        assertThat(all.settings())
                .containsEntry("body", Map.of("file", Path.of("order.xml")))
                .containsEntry("multipart", Map.of("title", "Invoice", "scan", Map.of("file", Path.of("scan.pdf"))))
                .containsEntry("auth", Map.of("basic", Map.of("username", "ann", "password", "secret")));
    }

    @Test
    void leavesWhatItWasMadeFromAsItIs() {
        HttpStep one = http().get("/a").header("a", "1");

        one.header("b", "2").put("/b");

        assertThat(one.settings()).containsEntry("path", "/a").containsEntry("headers", Map.of("a", "1"));
    }
}
