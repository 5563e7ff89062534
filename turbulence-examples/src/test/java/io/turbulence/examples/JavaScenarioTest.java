package io.turbulence.examples;

import static io.turbulence.http.HttpStep.http;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.Expect;
import io.turbulence.core.Extract;
import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.Step;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.examples.shop.ShopServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One scenario in Java and in YAML, over real HTTP: both do the same.
class JavaScenarioTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path results;

    @Test
    void doesWhatTheSameInYamlDoes() throws Exception {
        try (ShopServer server = ShopServer.start(0)) {
            SystemUnderTest shop = SystemUnderTest.named("shop")
                    .service("shop", Service.of("http").set("base_url", "http://127.0.0.1:" + server.port()));
            TurbulenceRun.Builder java = TurbulenceRun.builder().system(shop).scenario(order());
            TurbulenceRun.Builder yaml =
                    TurbulenceRun.builder().system(shop).scenario(Path.of("src/test/resources/rfc-007/order.yaml"));

            List<String> inJava = story(java, "java");
            List<String> inYaml = story(yaml, "yaml");

            assertThat(inJava)
                    .isEqualTo(inYaml)
                    .containsExactly(
                            "flow[0] create_cart true",
                            "flow[1].do[0]#0 add true",
                            "flow[1].do[0]#1 add true",
                            "flow[1] each true",
                            "flow[2] check_out true",
                            "flow[3].if_true[0] look true",
                            "flow[3] is_there true");
        }
    }

    private static Scenario order() {
        // region scenario
        return Scenario.named("order")
                .entry("seed_data", Map.of("skus", List.of("tea-1", "cup-6")))
                .step(
                        "create_cart",
                        http().post("/carts").json(Map.of("customer_id", "{{uuid}}")),
                        step -> step.extract("cart", "$.id"))
                .steps(Step.forEach(
                        "each",
                        "{{entry.seed_data.skus}}",
                        "sku",
                        Step.of(
                                        "add",
                                        http().post("/carts/{{cart}}/items")
                                                .json(Map.of("sku", "{{sku}}", "quantity", 1)))
                                .retry(Map.of("max_attempts", 2, "on_status", List.of(503)))))
                .step(
                        "check_out",
                        http().post("/carts/{{cart}}/checkout"),
                        step -> step.extract("order", Extract.jsonPath("$.id"))
                                .expect("status_code", List.of(200, 201, 202))
                                .expect(Expect.jsonPath("$.total").greaterThan(0)))
                .steps(Step.branch("is_there", "has(payload, 'id')")
                        .ifTrue(Step.of("look", "http", Map.of("path", "/orders/{{order}}"))));
        // endregion
    }

    private List<String> story(TurbulenceRun.Builder builder, String name) throws IOException {
        RunResult result = builder.seed(7)
                .recording(TurbulenceRun.Recording.ALL)
                .output(results.resolve(name))
                .build()
                .execute();
        assertThat(result.ok()).as(result.message()).isTrue();
        return Files.readAllLines(result.folder().resolve("steps.jsonl")).stream()
                .map(JavaScenarioTest::story)
                .toList();
    }

    private static String story(String line) {
        JsonNode step = JSON.readTree(line);
        return step.path("path").asString() + " " + step.path("step").asString() + " "
                + step.path("ok").asBoolean();
    }
}
