package io.turbulence.grpc;

import static io.turbulence.grpc.Steps.metadata;
import static io.turbulence.grpc.Steps.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Messages there and back, described by `.proto` files that protoc compiled.
class MessagesTest {

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.with(
                builder -> {},
                new TestProtos("kinds.proto").service("kinds.Kinds"),
                new TestProtos("older.proto").service("older.Orders"),
                new TestProtos("newer.proto").service("newer.Orders"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String system(String proto) {
        return "services: { api: { protocol: grpc, target: \"127.0.0.1:%d\", proto: \"%s\" } }"
                .formatted(server.port(), TestProtos.file(proto));
    }

    @Test
    void carriesEveryKindOfField() throws Exception {
        Map<String, Object> step = Steps.run(system("kinds.proto"), """
            method: kinds.Kinds/Echo
            message:
              i32: -5
              i64: "9007199254740993"
              u32: 4294967295
              u64: 18446744073709551615
              s64: -7
              f64: 8
              d: 1.5
              f: NaN
              b: true
              s: grüezi
              raw: aGVsbG8=
              color: GREEN
              inner: { name: a, next: { name: b } }
              tags: [x, y]
              counts: { one: 1 }
              inners: { "7": { name: seven } }
              colors: [RED, 2]
              number: 0
              maybe: 0
              at: 2026-11-21T10:15:30.5+01:00
              took: 1.5s
              mask: "name,next.aLongerName"
              struct: { a: [1, null, { b: true }] }
              value: 2.5
              list: [x, 1]
              any: { "@type": type.googleapis.com/kinds.Inner, name: held }
              wrapped: 5
              a_longer_name: yes it is
            """);
        assertThat(step).containsEntry("ok", true);
        assertThat(payload(step))
                .containsEntry("i32", -5)
                .containsEntry("i64", 9007199254740993L)
                .containsEntry("u32", 4294967295L)
                .containsEntry("u64", new BigInteger("18446744073709551615"))
                .containsEntry("s64", -7)
                .containsEntry("f64", 8)
                .containsEntry("d", 1.5)
                .containsEntry("f", "NaN")
                .containsEntry("b", true)
                .containsEntry("s", "grüezi")
                .containsEntry("raw", "aGVsbG8=")
                .containsEntry("color", "GREEN")
                .containsEntry("inner", Map.of("name", "a", "next", Map.of("name", "b")))
                .containsEntry("tags", List.of("x", "y"))
                .containsEntry("counts", Map.of("one", 1))
                .containsEntry("inners", Map.of("7", Map.of("name", "seven")))
                .containsEntry("colors", List.of("RED", "GREEN"))
                .containsEntry("number", 0)
                .doesNotContainKey("text")
                .containsEntry("maybe", 0)
                .containsEntry("at", "2026-11-21T09:15:30.500Z")
                .containsEntry("took", "1.500s")
                .containsEntry("mask", "name,next.aLongerName")
                .containsEntry("value", 2.5)
                .containsEntry("list", List.of("x", 1))
                .containsEntry("any", Map.of("@type", "type.googleapis.com/kinds.Inner", "name", "held"))
                .containsEntry("wrapped", 5)
                .containsEntry("aLongerName", "yes it is");
        assertThat(payload(step).get("struct")).hasToString("{a=[1, null, {b=true}]}");
    }

    @Test
    void tellsDefaultsOfFieldsThatCannotSayWhetherTheyWereSet() throws Exception {
        Map<String, Object> step = Steps.run(system("kinds.proto"), "method: kinds.Kinds/Echo");
        assertThat(payload(step))
                .containsEntry("i32", 0)
                .containsEntry("s", "")
                .containsEntry("color", "NONE")
                .containsEntry("tags", List.of())
                .doesNotContainKeys("inner", "maybe", "text", "number", "at");
    }

    @Test
    void saysWhatIsWrongWithAMessageThatIsRenderedLate() throws Exception {
        Map<String, Object> step = Steps.run(system("kinds.proto"), """
            method: kinds.Kinds/Echo
            message: { color: "{{instance}}x", inner: { name: "{{instance}}" } }
            """);
        assertThat(step.get("errors").toString())
                .contains("'kinds.Kinds/Echo' was not called: message.color: the text '0x'; expected a value of"
                        + " 'kinds.Color' (NONE, RED, GREEN)")
                .contains("message.inner.name: 0; expected a text. Put it in quotes.");
        assertThat(step).containsEntry("failure", "PROTOCOL");
    }

    @Test
    void speaksProtoTwo() throws Exception {
        Map<String, Object> step = Steps.run(system("older.proto"), """
            method: older.Orders/Echo
            message: { sku: A-1, size: LARGE, "[older.note]": soon }
            """);
        assertThat(payload(step)).isEqualTo(Map.of("sku", "A-1", "size", "LARGE", "[older.note]", "soon"));
    }

    @Test
    void refusesAMessageThatLacksARequiredField() throws Exception {
        Map<String, Object> step = Steps.run(system("older.proto"), """
            method: older.Orders/Echo
            message: { count: "{{instance}}" }
            """);
        assertThat(step.get("errors").toString())
                .contains("'older.Orders/Echo' was not called: message lacks the required sku");
    }

    @Test
    void speaksEditions() throws Exception {
        Map<String, Object> step = Steps.run(system("newer.proto"), """
            method: newer.Orders/Echo
            message: { sku: "" }
            """);
        assertThat(payload(step)).isEqualTo(Map.of("sku", "", "count", 0));
    }

    @Test
    void decodesRichErrorDetails() throws Exception {
        Map<String, Object> step = Steps.run(system("kinds.proto"), "method: kinds.Kinds/Fail");
        assertThat(step).containsEntry("ok", false);
        assertThat(metadata(step))
                .containsEntry("status", "INVALID_ARGUMENT")
                .containsEntry("message", "two things are wrong");
        assertThat(metadata(step).get("details").toString())
                .contains("type.googleapis.com/google.rpc.BadRequest")
                .contains("field=sku, description=is empty")
                .contains("retryDelay=3s");
    }

    @Test
    void takesAMessageAsJsonText() throws Exception {
        Map<String, Object> step = Steps.run(system("kinds.proto"), """
            method: kinds.Kinds/Echo
            message: '{"s": "as text", "i32": {{instance}} }'
            """);
        assertThat(payload(step)).containsEntry("s", "as text").containsEntry("i32", 0);
    }
}
