package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each command prints and exits with.
@DisabledOnOs(OS.WINDOWS)
class CommandsTest {

    @TempDir
    Path folder;

    private Program program;
    private HttpServer server;
    private final Socket closed = new Socket();

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        system("http://127.0.0.1:" + server.getAddress().getPort());
        program.write("scenarios/ping.yaml", """
            id: ping
            tags: [smoke]
            flow:
              - { name: ping, type: http, path: /ping }
            """);
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(0);
        closed.close();
    }

    private void system(String address) throws IOException {
        program.write("system.yaml", """
            services:
              api: { base_url: "%s" }
            default_profile: local
            profiles: { local: {}, staging: {} }
            """.formatted(address));
    }

    /// Held, so that nobody else begins to listen there.
    private int closedPort() throws IOException {
        closed.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        return closed.getLocalPort();
    }

    @Test
    void takesTheRunThatTheStartUpCacheIsMadeFrom() {
        Path training = Path.of("src/main/distribution/lib/training").toAbsolutePath();

        assertThat(program.call("check", training + "/system.yaml", training + "/scenario.yaml"))
                .isEqualTo(new Program.Result(0, "All good.\n", ""));
    }

    @Nested
    class Usage {

        @Test
        void tellsWhatIsMissing() {
            assertThat(program.call("run")).isEqualTo(new Program.Result(64, "", """
                turbulence: name a system file and scenarios, or a folder that holds system.yaml
                Try 'turbulence run --help'.
                """));
        }

        @Test
        void suggestsTheOptionThatIsNear() {
            assertThat(program.call("run", "@", "--instnces", "3")).isEqualTo(new Program.Result(64, "", """
                turbulence: unknown option '--instnces'. Did you mean '--instances'?
                Try 'turbulence run --help'.
                """));
        }

        @Test
        void namesTheCommandsWhenOneIsUnknown() {
            assertThat(program.call("rn", "@")).isEqualTo(new Program.Result(64, "", """
                turbulence: unknown command 'rn'; expected one of run, check, bench, plugins, plugin, profiles, docs, schema, report, merge, replay, diff, new, version
                Try 'turbulence --help'.
                """));
        }

        @Test
        void refusesFlagsThatMeanNothing() {
            assertThat(program.call("run", "@", "-n", "0").err())
                    .startsWith("turbulence: --instances was 0 but it must be at least 1\n");
            assertThat(program.call("run", "@", "-p", "-1").err())
                    .startsWith("turbulence: --parallel was -1 but it must be at least 1\n");
            assertThat(program.call("run", "@", "--rate", "5/s").err())
                    .startsWith("turbulence: --rate needs --duration, such as --rate 5/s --duration 1m\n");
            assertThat(program.call("run", "@", "-n", "5", "--rate", "5/s", "--duration", "4s"))
                    .satisfies(result -> {
                        assertThat(result.exitCode()).isEqualTo(64);
                        assertThat(result.err())
                                .startsWith("turbulence: --instances beside --rate: instances arrive at a rate for"
                                        + " --duration, or so many in all are run; leave one out\n");
                    });
            assertThat(program.call("run", "@", "--record", "some").err())
                    .startsWith("turbulence: --record was 'some' but it must be all, failures or none\n");
            assertThat(program.call("run", "@", "--duration", "xx").err())
                    .startsWith("turbulence: --duration was 'xx' but it must be a time such as 500ms, 5s or 2m;"
                            + " a plain number is seconds\n");
            assertThat(program.call("run", "@", "--grace", "-1").err())
                    .startsWith("turbulence: --grace was '-1' but it must be a time such as 500ms, 5s or 2m;"
                            + " a plain number is seconds\n");
            assertThat(program.call("run", "@", "-n", "abc").err())
                    .startsWith("turbulence: --instances was 'abc' but it must be a whole number\n");
            assertThat(program.call("run", "@", "--var", "FOO").err())
                    .startsWith("turbulence: --var was 'FOO' but it must be NAME=VALUE\n");
            assertThat(program.call("plugins", "x").err()).startsWith("turbulence: 'x' is one argument too many\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"run @", "check @", "plugins", "plugin list", "docs", "schema"})
        void refusesAFolderOfPluginsThatIsNotThere(String command) {
            String[] arguments = (command + " --plugins @/none").split(" ");

            assertThat(program.call(arguments).err())
                    .startsWith("turbulence: --plugins was 'none' but there is no such folder\n");
            assertThat(program.call(arguments).exitCode()).isEqualTo(64);
        }

        @Test
        void refusesAThresholdItDoesNotKnow() {
            Program.Result result = program.call("run", "@", "--threshold", "p95 < 3");

            assertThat(result.exitCode()).isEqualTo(64);
            assertThat(result.err()).startsWith("turbulence: 'p95 < 3': unknown figure 'p95'; expected one of ");
        }

        @Test
        void refusesAFolderWithoutASystemFile() {
            assertThat(program.call("check", "@/scenarios")).isEqualTo(new Program.Result(64, "", """
                turbulence: 'scenarios' holds no system.yaml
                Try 'turbulence check --help'.
                """));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "run",
                    "check",
                    "plugins",
                    "plugin",
                    "plugin install",
                    "plugin list",
                    "plugin remove",
                    "profiles",
                    "docs",
                    "schema",
                    "new",
                    "new scenario",
                    "new plugin",
                    "version"
                })
        void fitsHelpIntoAHundredColumns(String command) {
            Program.Result result = program.call((command + " --help").strip().split(" "));

            assertThat(result.exitCode()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("Usage: turbulence");
            assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        }
    }

    @Nested
    class Check {

        @Test
        void saysThatAllIsGoodAndSendsNothing() throws IOException {
            system("http://127.0.0.1:" + closedPort());

            assertThat(program.call("check", "@")).isEqualTo(new Program.Result(0, "All good.\n", ""));
        }

        @Test
        void tellsAllMistakesWithTheirPlaces() throws IOException {
            program.write("bad.yaml", """
                id: bad
                flow:
                  - { name: ping, type: http, pth: /ping }
                  - { name: nap, type: sleep, duration: soon }
                """);

            assertThat(program.call("check", "@/system.yaml", "@/bad.yaml")).isEqualTo(new Program.Result(3, "", """
                bad.yaml:3:31: flow[0].pth: the unknown key 'pth'; expected one of 'method', 'path', 'query', 'headers', 'json', 'body', 'form', 'multipart', 'follow_redirects', 'max_redirects', 'max_body', 'auth', 'propagate', or a key that every step may have. Did you mean 'path'?
                    - { name: ping, type: http, pth: /ping }
                                                ^
                bad.yaml:4:41: flow[1].duration: text 'soon'; expected a duration such as 500ms, 5s or 2m; \
                a plain number is seconds
                    - { name: nap, type: sleep, duration: soon }
                                                          ^
                """));
        }

        @Test
        void suggestsTheKeysOfEveryStep() throws IOException {
            program.write("near.yaml", """
                id: near
                flow:
                  - { name: ping, type: http, path: /ping, timout: 3s }
                """);

            assertThat(program.call("check", "@/system.yaml", "@/near.yaml").err())
                    .isEqualTo("""
                        near.yaml:3:44: flow[0].timout: the unknown key 'timout'; expected one of 'method', 'path', 'query', 'headers', 'json', 'body', 'form', 'multipart', 'follow_redirects', 'max_redirects', 'max_body', 'auth', 'propagate', or a key that every step may have. Did you mean 'timeout'?
                            - { name: ping, type: http, path: /ping, timout: 3s }
                                                                     ^
                        """);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            not a url | 'not a url' is not a usable URL: it does not begin with http:// or https://
            ftp://x | 'ftp://x' is not a usable URL: it does not begin with http:// or https://
            http://h:99999 | 'http://h:99999' is not a usable URL: port '99999' is not a number from 1 to 65535
            """)
        void locatesAnAddressThatIsNone(String address, String found) throws IOException {
            system(address);

            Program.Result result = program.call("run", "@");

            assertThat(result.err())
                    .isEqualTo("system.yaml:2:20: services.api.base_url: " + found
                            + "; expected a URL such as 'https://api.example.com/v1'\n"
                            + "    api: { base_url: \"" + address + "\" }\n"
                            + "                     ^\n");
            assertThat(result.exitCode()).isEqualTo(3);
        }

        @Test
        void tellsABrokenServiceOnce() throws IOException {
            system("http://{{env.NOWHERE_AT_ALL}}");

            assertThat(program.call("check", "@").err()).isEqualTo("""
                system.yaml:2:28: services.api.base_url: environment variable "NOWHERE_AT_ALL" is not set and has no \
                default. Set it, or write {{env.NOWHERE_AT_ALL | default:text}}.
                    api: { base_url: "http://{{env.NOWHERE_AT_ALL}}" }
                                             ^
                """);
        }

        @Test
        void exitsWithFiveForATypeThatNoPluginHas() throws IOException {
            program.write("unknown.yaml", """
                id: unknown
                flow:
                  - { name: ping, type: htp, path: /ping }
                """);

            Program.Result result = program.call("check", "@/system.yaml", "@/unknown.yaml");

            assertThat(result.exitCode()).isEqualTo(5);
            assertThat(result.err())
                    .startsWith("unknown.yaml:3:25: flow[0].type: unknown step type 'htp'; expected one of ")
                    .contains(". Did you mean 'http'?\n");
        }

        @Test
        void namesTheProfilesWhenOneIsUnknown() {
            Program.Result result = program.call("check", "@", "--profile", "none");

            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err()).contains("unknown profile 'none'; expected one of local, staging\n");
        }
    }

    @Nested
    class Run {

        @Test
        void takesAFolder() {
            Program.Result result = program.call("run", "@", "-o", "@/out", "-n", "3", "-p", "2");

            assertThat(result.exitCode()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).contains("✓ 3 of 3 passed in ").containsPattern("\n  (report|results) in out");
        }

        @Test
        void takesTheLongForm() throws IOException {
            Program.Result result = program.call(
                    "run",
                    "--sut",
                    "@/system.yaml",
                    "--scenarios",
                    "@/scenarios",
                    "--output",
                    "@/out",
                    "--only",
                    "smoke");

            assertThat(result.exitCode()).isZero();
            assertThat(program.read("out/instances.jsonl").lines()).hasSize(1);
        }

        @Test
        void exitsWithOneWhenAServiceIsNotThere() throws IOException {
            int port = closedPort();
            system("http://127.0.0.1:" + port);

            Program.Result result = program.call("run", "@", "-o", "@/out");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out())
                    .contains(
                            "1 × ping: '127.0.0.1:%d' could not be connected to: Connection refused\n".formatted(port))
                    .contains("at scenarios/ping.yaml:4\n")
                    .contains("✗ 0 of 1 passed, 1 failed in ");
            assertThat(program.read("out/steps.jsonl")).contains("\"ok\":false").contains("\"failure\":\"CONNECT\"");
        }

        @Test
        void exitsWithTwoWhenAThresholdDoesNotHold() {
            Program.Result result = program.call("run", "@", "-o", "@/out", "--threshold", "error_count == 1");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).containsPattern("✗ error_count == 1 +0\n");
        }

        @Test
        void exitsWithTwoWhenAConditionToFailOnHolds() {
            assertThat(program.call("run", "@", "-o", "@/out", "--fail-on", "error_count == 0")
                            .exitCode())
                    .isEqualTo(2);
        }

        @Test
        void exitsWithSixWhenAProgramCannotBeLaunched() throws IOException {
            program.write("launching.yaml", """
                services:
                  api: { base_url: "http://127.0.0.1:{{launch.shop.port}}" }
                launch:
                  - { name: shop, command: [sh, -c, "echo no goods >&2; exit 3"], ready: { port: true } }
                """);

            Program.Result result = program.call("run", "@/launching.yaml", "@/scenarios", "-o", "@/out");

            assertThat(result.exitCode()).isEqualTo(6);
            assertThat(result.out())
                    .contains("'shop' ended with exit code 3 before it was ready. It printed at last:")
                    .contains("no goods");
            assertThat(program.read("out/launch/shop.log")).isEqualTo("no goods\n");
        }

        @Test
        void exitsWithThreeAndWritesNothingWhenADefinitionIsWrong() throws IOException {
            program.write("scenarios/bad.yaml", "id: bad\nflow: 3\n");

            Program.Result result = program.call("run", "@", "-o", "@/out");

            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err()).startsWith("scenarios/bad.yaml:2:7: flow: ");
            assertThat(folder.resolve("out")).doesNotExist();
        }

        @Test
        void printsNothingWhenQuiet() {
            assertThat(program.call("run", "@", "-o", "@/out", "--quiet")).isEqualTo(new Program.Result(0, "", ""));
        }

        @Test
        void printsEveryExchangeWhenVerbose() {
            assertThat(program.call("run", "@", "-o", "@/out", "--verbose").out())
                    .startsWith("#0 ping  http  200");
        }

        @Test
        void printsWhatWasSentAndACommandThatRepeatsItWhenVerbose() throws IOException {
            program.write("scenarios/ping.yaml", """
                id: ping
                flow:
                  - name: log_in
                    type: http
                    method: POST
                    path: /login
                    headers: { X-Api-Key: k-12345, User-Agent: me }
                    json: { user: "o'hara", password: opensesame }
                """);
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/login";

            String out = program.call("run", "@", "-o", "@/out", "--verbose", "--no-color")
                    .out();

            assertThat(out.lines()
                            .filter(line -> line.startsWith("  "))
                            .map(line -> line.replaceAll("(?<=(Correlation-ID|traceparent): )[-0-9a-f]+", "ID")))
                    .containsSequence(
                            "  > POST " + url,
                            "  > X-Api-Key: ***",
                            "  > User-Agent: me",
                            "  > Accept: */*",
                            "  > Content-Type: application/json",
                            "  > X-Correlation-ID: ID",
                            "  > traceparent: ID",
                            "  > ",
                            "  > {\"user\":\"o'hara\",\"password\":\"***\"}",
                            "  curl -X POST '" + url + "' -H 'X-Api-Key: ***' -H 'User-Agent: me'"
                                    + " -H 'Accept: */*' -H 'Content-Type: application/json' -H 'X-Correlation-ID: ID'"
                                    + " -H 'traceparent: ID' --data-binary"
                                    + " '{\"user\":\"o'\\''hara\",\"password\":\"***\"}'",
                            "  < HTTP/1.1 200 OK");
            assertThat(out).doesNotContain("opensesame", "k-12345");
        }

        @Test
        void printsEveryAttemptAndEveryRedirectWhenVerbose() throws IOException {
            server.createContext("/old", exchange -> {
                exchange.getResponseHeaders().add("Location", "/new");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            });
            server.createContext("/new", exchange -> {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
            });
            program.write("scenarios/ping.yaml", """
                id: ping
                flow:
                  - { name: move, type: http, path: /old, follow_redirects: true, retry: { max_attempts: 2, on_status: [503], base_delay_ms: 1 } }
                """);

            assertThat(program.call("run", "@", "-o", "@/out", "--verbose")
                            .out()
                            .lines()
                            .filter(line -> line.startsWith("  > GET") || line.startsWith("  < HTTP"))
                            .map(line -> line.replaceAll("http://[^/]+", "")))
                    .containsExactly(
                            "  > GET /old",
                            "  < HTTP/1.1 302 Temporary Redirect",
                            "  > GET /new",
                            "  < HTTP/1.1 503 Service Unavailable",
                            "  > GET /old",
                            "  < HTTP/1.1 302 Temporary Redirect",
                            "  > GET /new",
                            "  < HTTP/1.1 503 Service Unavailable");
        }

        @Test
        void recordsOnlyTheSummaryWhenAsked() throws IOException {
            assertThat(program.call("run", "@", "-o", "@/out", "--record", "none")
                            .exitCode())
                    .isZero();

            assertThat(program.read("out/steps.jsonl")).isEmpty();
            assertThat(Files.size(folder.resolve("out/summary.json"))).isPositive();
        }
    }

    @Nested
    class Lists {

        @Test
        void ofPlugins() {
            Program.Result result = program.call("plugins");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .containsPattern("(?m)^http .*\n  protocols: http\n  actions:   graphql, http, sse\n")
                    .containsPattern("(?m)^sql .*\n  protocols: sql\n  actions:   sql\n")
                    .containsPattern("(?m)^otel .*\n  observer:  OpenTelemetry\n(?!  protocols)");
        }

        @Test
        void ofProfiles() {
            assertThat(program.call("profiles", "@"))
                    .isEqualTo(new Program.Result(0, "local (default)\nstaging\n", ""));
        }

        @Test
        void ofVersions() {
            Program.Result result = program.call("version");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .matches("Turbulence .+\nJava " + Runtime.version().feature() + ".*\n");
        }
    }

    @Nested
    class Docs {

        @Test
        void namesWhatThereIs() {
            assertThat(program.call("docs")).isEqualTo(new Program.Result(0, """
                steps:    graphql, graphql.subscribe, grpc, http, kafka.await, kafka.consume, kafka.produce, sql, sse, ws.await, ws.close, ws.connect, ws.exchange, ws.send
                services: grpc, http, kafka, sql, websocket
                language: step, sleep, assert, wait, job, branch, loop, parallel, group, call, decide, expect, extract, retry, load, thresholds, system, scenario, data, launch, profiles, stop_when, templates, pool
                """, ""));
        }

        @Test
        void tellsTheSettingsOfAStepAndOfItsService() {
            Program.Result result = program.call("docs", "http");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .startsWith("Step of type 'http'\n\n  method  (")
                    .contains("\nService of protocol 'http'\n\n  base_url  (")
                    .contains("\n  tls.ca  (");
        }

        @Test
        void namesTheStepsWhenOneIsUnknown() {
            assertThat(program.call("docs", "htp")).isEqualTo(new Program.Result(64, "", """
                turbulence: nothing is known about 'htp'; expected one of graphql, graphql.subscribe, grpc, http, kafka.await, kafka.consume, kafka.produce, sql, sse, ws.await, ws.close, ws.connect, ws.exchange, ws.send, step, sleep, assert, wait, job, branch, loop, parallel, group, call, decide, expect, extract, retry, load, thresholds, system, scenario, data, launch, profiles, stop_when, templates, pool
                Try 'turbulence docs --help'.
                """));
        }

        @Test
        void printsSchemas() throws IOException {
            assertThat(program.call("schema").out())
                    .startsWith("{\n  \"$schema\" : ")
                    .contains("\"Turbulence scenario\"");
            assertThat(program.call("schema", "system", "-o", "@/system.json").exitCode())
                    .isZero();
            assertThat(program.read("system.json")).contains("\"Turbulence system\"");
            assertThat(program.call("schema", "world").err())
                    .startsWith("turbulence: 'world' has no schema; expected scenario or system\n");
        }
    }

    @Nested
    class Bench {

        @Test
        void measuresWritesAndCompares() throws IOException {
            Program.Result first =
                    program.call("bench", "@", "--levels", "1,2", "-n", "10", "-o", "@/first", "--no-color");
            assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
            assertThat(first.out())
                    .startsWith("warming up\nround 1 of 5\n")
                    .contains("\ntargets   2 passed, 0 failed\n  ✓ p50 < 5s\n");
            Path written = only("first");

            Program.Result second = program.call(
                    "bench", "@", "--levels", "2", "-n", "10", "-o", "@/second", "--baseline", written.toString());
            assertThat(second.out()).contains("beside first/" + written.getFileName(), "throughput");

            Program.Result missed = program.call(
                    "bench", "@", "--levels", "1", "-n", "5", "-o", "@/third", "--target", "throughput > 1000000/s");
            assertThat(missed.exitCode()).isEqualTo(2);
            assertThat(missed.out()).contains("  ✗ throughput > 1000000/s   missed at 1 at a time\n");
        }

        @Test
        void saysWhatIsWrong() {
            assertThat(program.call("bench", "@", "--target", "fast")).isEqualTo(new Program.Result(64, "", """
                turbulence: 'fast' is no target such as "p50 < 5s", "throughput > 100/s" or "error_rate < 1%"; the \
                figures are p50, p95, p99, throughput and error_rate
                Try 'turbulence bench --help'.
                """));
            assertThat(program.call("bench", "@", "--levels", "1,0").err())
                    .startsWith("turbulence: levels were [1, 0] but each must be at least 1\n");
            assertThat(program.call("bench", "@", "--duration", "0s").exitCode())
                    .isEqualTo(64);
            assertThat(program.call("bench", "@", "--duration", "0s").err())
                    .startsWith("turbulence: duration was 0s but it must be longer than 0s, such as 10s\n");
            assertThat(program.call("bench", "@", "--baseline", "@/none.json").exitCode())
                    .isEqualTo(6);
        }

        private Path only(String name) throws IOException {
            try (var files = Files.list(folder.resolve(name))) {
                return files.filter(Files::isRegularFile).findAny().orElseThrow();
            }
        }
    }

    @Nested
    class Metrics {

        @ParameterizedTest
        @ValueSource(strings = {"none", "127.0.0.1:", "70000", "no such host:1"})
        void needAPort(String port) {
            assertThat(program.call("run", "@", "--metrics-port", port))
                    .isEqualTo(new Program.Result(64, "", """
                        turbulence: --metrics-port was '%s' but it must be a port such as 9464, or an address with one \
                        such as 0.0.0.0:9464
                        Try 'turbulence run --help'.
                        """.formatted(port)));
        }

        @Test
        void areShownWhereTheRunSays() {
            assertThat(program.call("run", "@", "-o", "@/result", "--metrics-port", "[::1]:0")
                            .out())
                    .startsWith("Metrics at http://[0:0:0:0:0:0:0:1]:");
        }
    }

    @Nested
    class New {

        @Test
        void writesAScenarioThatChecks() {
            assertThat(program.call("new", "scenario", "first", "-o", "@/first.yaml"))
                    .isEqualTo(new Program.Result(0, "Written: first.yaml\n", ""));

            assertThat(program.call("check", "@/system.yaml", "@/first.yaml").exitCode())
                    .isZero();
        }

        @Test
        void overwritesNothing() throws IOException {
            program.write("mine.yaml", "mine");

            assertThat(program.call("new", "scenario", "mine", "-o", "@/mine.yaml"))
                    .isEqualTo(new Program.Result(64, "", """
                        turbulence: 'mine.yaml' exists already and is left as it is
                        Try 'turbulence new scenario --help'.
                        """));
            assertThat(program.read("mine.yaml")).isEqualTo("mine");
        }

        @Test
        void takesTheRequestOfACurlCommand() throws IOException {
            String curl = """
                curl -sS -XPUT 'https://shop.example:8443/carts/1?fast=yes' \\
                  -H 'Accept: text/html' --json '{"note": "it'\\''s {{x}}"}' --compressed -L\
                """;

            assertThat(program.call("new", "scenario", "put", "-o", "@/put.yaml", "--from-curl", curl)
                            .exitCode())
                    .isZero();

            assertThat(program.read("put.yaml")).isEqualTo("""
                # The service of system.yaml: { base_url: "https://shop.example:8443" }
                id: put
                flow:
                  - name: first
                    type: http
                    method: PUT
                    path: "/carts/1?fast=yes"
                    follow_redirects: true
                    headers:
                      "Accept": "text/html"
                      "Content-Type": "application/json"
                    body: "{\\"note\\": \\"it's {{{{x}}\\"}"
                """);
            assertThat(program.call("check", "@/system.yaml", "@/put.yaml").exitCode())
                    .isZero();
        }

        @Test
        void keepsSecretsOfACurlCommandOutOfTheScenario() throws IOException {
            String curl = "curl -kI https://ann:s3cr3t@shop.example/a -H 'Cookie: sid=abc' -H 'X-Api-Key: k1'";

            String scenario = CurlCommand.parse(curl).scenario("head");

            assertThat(scenario).isEqualTo("""
                # The service of system.yaml: { base_url: "https://shop.example", tls: { insecure_skip_verify: true } }
                # Secrets come from the environment, or from --var or --env-file: API_PASSWORD, COOKIE, X_API_KEY
                id: head
                flow:
                  - name: first
                    type: http
                    method: HEAD
                    path: "/a"
                    auth: { basic: { username: "ann", password: "{{env.API_PASSWORD}}" } }
                    headers:
                      "Cookie": "{{env.COOKIE}}"
                      "X-Api-Key": "{{env.X_API_KEY}}"
                """);
            program.write("head.yaml", scenario);
            program.write(
                    "secure.yaml",
                    "services: { api: { base_url: \"https://shop.example\","
                            + " tls: { insecure_skip_verify: true } } }\n");
            assertThat(program.call(
                            "check",
                            "@/secure.yaml",
                            "@/head.yaml",
                            "--var",
                            "API_PASSWORD=p",
                            "--var",
                            "COOKIE=c",
                            "--var",
                            "X_API_KEY=k"))
                    .satisfies(result ->
                            assertThat(result.exitCode()).as(result.err()).isZero());
        }

        @Test
        void takesFormsAndTokensOfACurlCommand() {
            String curl = "curl http://shop.example/a -F title=Invoice -F 'scan=@scan.pdf;type=application/pdf'"
                    + " -H 'Authorization: Bearer abc.def'";
            String encoded = "curl http://shop.example/a --data-urlencode 'q=a b&c' --data-urlencode =x+y";

            assertThat(CurlCommand.parse(curl).scenario("form")).endsWith("""
                    method: POST
                    path: "/a"
                    auth: { bearer: "{{env.API_TOKEN}}" }
                    multipart:
                      "title": "Invoice"
                      "scan": { file: "scan.pdf", content_type: "application/pdf" }
                """);
            assertThat(CurlCommand.parse(encoded).scenario("encoded")).endsWith("    body: \"q=a%20b%26c&x%2By\"\n");
        }

        @Test
        void saysWhatItDoesNotUnderstandOfCurl() {
            assertThat(program.call("new", "scenario", "x", "-o", "@/x.yaml", "--from-curl", "curl -T f http://h")
                            .err())
                    .startsWith("turbulence: --from-curl: curl's option '-T' is not understood here; leave it out\n");
            assertThat(program.call("new", "scenario", "x", "-o", "@/x.yaml", "--from-curl", "curl 'http://h")
                            .err())
                    .startsWith("turbulence: --from-curl: a quote ' is not closed\n");
        }
    }
}
