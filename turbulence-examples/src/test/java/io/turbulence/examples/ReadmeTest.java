package io.turbulence.examples;

import static io.turbulence.http.HttpStep.http;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Observation;
import io.turbulence.core.ConnectionRegistry;
import io.turbulence.core.Expect;
import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.Step;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.examples.shop.ShopServer;
import io.turbulence.http.HttpConnection;
import io.turbulence.spi.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What README claims. That its blocks are the files used here is the matter of [SnippetsTest].
class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```\\n", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @TempDir
    Path results;

    @Test
    void runsItsScenarioFromJava() throws Exception {
        Path folder = Path.of("src/test/resources/readme");
        try (ShopServer server = ShopServer.start(0)) {
            String shop = "http://127.0.0.1:" + server.port();
            // region java
            RunResult result = TurbulenceRun.builder()
                    .system(folder.resolve("system.yaml"))
                    .scenario(folder.resolve("buy.yaml"))
                    .variable("SHOP_URL", shop)
                    .instances(50)
                    .concurrency(10)
                    .threshold("pass_rate == 100%")
                    .output(results)
                    .build()
                    .execute();

            assertThat(result.ok()).isTrue();
            assertThat(result.passed()).isEqualTo(50);
            // endregion
            assertThat(server.connections()).isBetween(1, 10);
        }
    }

    @Test
    void usesConnectionsWithoutScenarios() throws Exception {
        try (ShopServer server = ShopServer.start(0)) {
            String shop = "http://127.0.0.1:" + server.port();
            // region registry
            try (ConnectionRegistry registry = ConnectionRegistry.builder()
                    .connect("shop", Service.of("http").set("base_url", shop).pool("max", 20))
                    .open()) {
                for (int i = 0; i < 100; i++) {
                    try (Lease<HttpConnection> lease = registry.lease("shop", HttpConnection.class)) {
                        Observation answer = lease.connection()
                                .get("/products", Deadline.after(Duration.ofSeconds(5), "time for products"));
                        assertThat(answer.outcome().success()).isTrue();
                    }
                }
                assertThat(registry.figures("shop").reused()).isEqualTo(99);
            }
            // endregion
        }
    }

    @Test
    void runsAScenarioBuiltInJava() throws Exception {
        try (ShopServer server = ShopServer.start(0)) {
            String shop = "http://127.0.0.1:" + server.port();
            // region builder
            Scenario buy = Scenario.named("buy")
                    .step(
                            "create_cart",
                            http().post("/carts").json(Map.of("customer_id", "cust_{{uuid}}")),
                            step -> step.extract("cart_id", "$.id"))
                    .step(
                            "add_tea",
                            http().post("/carts/{{cart_id}}/items").json(Map.of("sku", "tea-1", "quantity", 2)),
                            step -> step.expect(
                                    Expect.jsonPath("$.items[0].price").equalTo(4.5)))
                    .step(
                            "check_out",
                            http().post("/carts/{{cart_id}}/checkout"),
                            step -> step.extract("order_id", "$.id"))
                    .steps(Step.waitFor("wait_for_payment", http().get("/orders/{{order_id}}"))
                            .until(Expect.jsonPath("$.status").equalTo("confirmed"))
                            .interval(Duration.ofMillis(50))
                            .timeout(Duration.ofSeconds(5)));

            RunResult result = TurbulenceRun.builder()
                    .system(SystemUnderTest.named("shop")
                            .service(
                                    "shop",
                                    Service.of("http").set("base_url", shop).pool("max", 20)))
                    .scenario(buy)
                    .instances(50)
                    .output(results)
                    .build()
                    .execute();

            assertThat(result.passed()).isEqualTo(50);
            // endregion
            assertThat(result.ok()).isTrue();
        }
    }

    @Test
    void namesModulesThatAreInTheBillOfMaterials() throws IOException {
        String bom = Files.readString(ROOT.resolve("turbulence-bom/pom.xml"));
        String root = Files.readString(ROOT.resolve("pom.xml"));
        List<String> named = blocks("xml")
                .flatMap(block -> Pattern.compile("<artifactId>(.*?)</artifactId>")
                        .matcher(block)
                        .results())
                .map(artifact -> artifact.group(1))
                .toList();

        assertThat(named).contains("turbulence-bom", "turbulence-core", "turbulence-http");
        assertThat(named)
                .filteredOn(module -> !module.equals("turbulence-bom"))
                .allSatisfy(module -> assertThat(bom).contains("<artifactId>" + module + "</artifactId>"));
        assertThat(blocks("xml")
                        .flatMap(block -> Pattern.compile("<version>(.*?)</version>")
                                .matcher(block)
                                .results())
                        .map(version -> version.group(1)))
                .isNotEmpty()
                .allSatisfy(version -> assertThat(root).contains("<revision>" + version + "</revision>"));
    }

    @Test
    void hasAnEnvironmentFileThatARunTakes() {
        Path folder = Path.of("src/test/resources/readme");

        assertThat(TurbulenceRun.builder()
                        .system(folder.resolve("system.yaml"))
                        .scenario(folder.resolve("buy.yaml"))
                        .environmentFile(ROOT.resolve(".env.example"))
                        .build()
                        .check())
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> linksToWhatIsThere() throws IOException {
        return documents().stream()
                .flatMap(document -> links(document)
                        .map(link -> DynamicTest.dynamicTest(
                                document.getFileName() + ": " + link,
                                () -> assertThat(document.resolveSibling(link)).exists())));
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(ROOT);
                Stream<Path> rfcs = Files.list(ROOT.resolve("rfcs"))) {
            return Stream.concat(files, rfcs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<String> links(Path document) {
        try {
            return LINK.matcher(Files.readString(document))
                    .results()
                    .map(link -> link.group(1))
                    .distinct();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2));
    }
}
