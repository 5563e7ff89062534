package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.DataSize;
import io.turbulence.core.RunResult;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FakePreparation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said about documents before anything is sent.
@Timeout(60)
class GraphqlChecksTest {

    @TempDir
    Path folder;

    private static List<String> told(String query, Map<String, Object> variables, @Nullable String operation) {
        return told(query, null, variables, operation);
    }

    @SuppressWarnings("NullAway") // The class file of a record loses the nullness of the values in its maps
    private static List<String> told(
            @Nullable String query, @Nullable Path file, Map<String, Object> variables, @Nullable String operation) {
        GraphqlRequest request = new GraphqlRequest(
                query, file, variables, operation, "/", Map.of(), DataSize.parse("1 MiB"), null, true);
        FakePreparation<GraphqlRequest> step = FakePreparation.ofStep(request, HttpService.of("http://localhost"));
        new GraphqlAction(new HttpConnections()).prepare(step);
        return step.reported().stream().map(Object::toString).toList();
    }

    @Test
    void readsWhatTheLanguageHas() {
        String document = """
            # A comment, and commas, are nothing
            query Orders($first: Int = 10, $ids: [ID!]!, $in: Filter = {a: [1, -2.5e3], b: "x\\"y"}) @live {
              newest: orders(first: $first, ids: $ids, where: {and: [$in, {kind: BULK, open: true, by: null}]}) {
                ...Line @include(if: $yes)
                ... on Bulk { size }
                ... @skip(if: false) { id }
              }
            }
            mutation Note($yes: Boolean) { note(text: \"""a block
              with \\\""" in it\""") { id @include(if: $yes) } }
            fragment Line on Order { id total(currency: "EUR") }
            """.replace("$ids: [ID!]!,", "$ids: [ID!]!, $yes: Boolean,");

        assertThat(told(document, Map.of("ids", List.of(1)), "Orders")).isEmpty();
        assertThat(told("{ a }", Map.of(), null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        { a { b }        | line 1, column 10: the end but a name was expected
        { a(b: ) }       | line 1, column 8: ')' but a value was expected
        query { }        | line 1, column 9: '}' but a name was expected
        query ($a Int) {a} | line 1, column 11: 'Int' but ':' was expected
        { ...            | line 1, column 6: the end but '{' was expected
        { a(b: 01) }     | line 1, column 8: '01' but a number was expected
        { a(b: 1x) }     | line 1, column 8: '1' but a number was expected
        { a(b: "c) }     | line 1, column 8: a text without end but " was expected
        { a; b }         | line 1, column 4: ';' but GraphQL was expected
        type A { b: C }  | line 1, column 1: 'type' but an operation or a fragment was expected
        fragment on A {b} | line 1, column 10: 'on' but the fragment's name was expected
        """, quoteCharacter = '^')
    void saysWhereADocumentIsNone(String document, String why) {
        assertThat(told(document, Map.of(), null)).singleElement().asString().contains(why);
    }

    @Test
    void saysWhereInAFile() throws Exception {
        Path file =
                Files.writeString(folder.resolve("order.graphql"), "query {\n  order(id: 7) {\n    status)\n  }\n}\n");

        assertThat(told(null, file, Map.of(), null))
                .singleElement()
                .asString()
                .contains("line 3, column 11: ')' but a name was expected");
    }

    @Test
    void endsWithDocumentsOfAnyDepth() {
        assertThat(told("{a".repeat(100_000), Map.of(), null))
                .singleElement()
                .asString()
                .contains("something less deep than 500 levels was expected");
        assertThatCode(() -> told("{ a(b: " + "[".repeat(100_000), Map.of(), null))
                .doesNotThrowAnyException();
    }

    @Test
    void knowsFragmentsAndVariables() {
        assertThat(told("query Q($a: ID!) { x(a: $a) ...F } fragment F on X { y(b: $b) ...G }", Map.of("a", 1), null))
                .hasSize(2)
                .anyMatch(text -> text.contains("line 1, column 66: unknown fragment 'G'"))
                .anyMatch(text -> text.contains("line 1, column 59: unknown variable '$b'"));
    }

    @Test
    void knowsWhichVariablesAreToBeGiven() {
        assertThat(told("query Q($a: ID!, $b: ID, $c: ID! = 1) { x(a: $a, b: $b, c: $c) }", Map.of("d", 1), null))
                .hasSize(2)
                .anyMatch(text -> text.contains("'a' is missing"))
                .anyMatch(text -> text.contains("'d' is no variable of the operation"));
        assertThat(told("query Q($a: ID) { x }", Map.of(), null))
                .singleElement()
                .asString()
                .contains("variable '$a' of 'Q' is not used");
    }

    @Test
    void knowsWhichOperationIsMeant() {
        assertThat(told("query A { a } query B { b }", Map.of(), "C"))
                .singleElement()
                .asString()
                .contains("unknown operation 'C'", "one of 'A', 'B'");
        assertThat(told("query A { a } query B { b }", Map.of(), null))
                .singleElement()
                .asString()
                .contains("2 operations", "operation_name");
        assertThat(told("query A { a } query B { b }", Map.of(), "B")).isEmpty();
        assertThat(told("fragment F on A { b }", Map.of(), null))
                .singleElement()
                .asString()
                .contains("fragments alone");
    }

    @Test
    void areToldWithTheirPlaceInTheScenario() throws Exception {
        assertThatThrownBy(() ->
                        kit("{ order(id: $id) { status }", "http://127.0.0.1:1").run())
                .hasMessageContaining("scenario.yaml:5:")
                .hasMessageContaining("flow[0].query: line 1, column 28: the end but a name was expected");
    }

    @Test
    void letLoadsThroughThatMeanWhatTheySay() throws Exception {
        try (Script script = new Script(peer -> {
            while (peer.request()) {
                // Every third order is not there
                int id = Integer.parseInt(peer.last().replaceFirst("(?s).*\"id\":(\\d+).*", "$1"));
                String json = id % 3 == 0
                        ? "{\"data\":null,\"errors\":[{\"message\":\"no"
                                + " order\",\"extensions\":{\"code\":\"NOT_FOUND\"}}]}"
                        : "{\"data\":{\"order\":{\"id\":" + id + "}}}";
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                        + "\r\n\r\n" + json);
            }
        })) {
            RunResult run = kit("query Order($id: ID!) { order(id: $id) { id } }", "http://127.0.0.1:" + script.port())
                    .instances(600, 50)
                    .run()
                    .run();

            assertThat(run.total()).isEqualTo(600);
            assertThat(run.failed()).isEqualTo(200);
            assertThat(script.requests).hasSize(600);
        }
    }

    private static PluginTestKit kit(String query, String url) {
        return PluginTestKit.scenario("""
            id: orders
            flow:
              - name: ask
                type: graphql
                query: '%s'
                path: /graphql
                variables: { id: "{{instance}}" }
                expect: [ { jsonpath: $.data.order.id, equals: "{{instance}}" } ]
            """.formatted(query))
                .with(new HttpPlugin())
                .system("services: { api: { base_url: '" + url + "' } }");
    }
}
