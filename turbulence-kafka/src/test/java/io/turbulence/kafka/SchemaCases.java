package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What must hold with any registry that has Confluent's API.
abstract class SchemaCases {

    private static final String AVRO = """
        {"type": "record", "name": "Order", "namespace": "shop", "fields": [
          {"name": "id", "type": "string"},
          {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": null},
          {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}},
          {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
          {"name": "big", "type": "long", "default": 1}]}\
        """;

    private static final String PROTO = """
        syntax = "proto3";
        package shop;
        import "google/protobuf/timestamp.proto";
        // first comes another message
        message Customer { string name = 1; }
        message Order {
          enum State { NEW = 0; PAID = 1; }
          message Item { string sku = 1; int32 quantity = 2; }
          string order_id = 1;
          int64 total_cents = 2;
          State state = 3;
          repeated Item items = 4;
          map<string, int32> counts = 5;
          optional string note = 6;
          oneof who { string user = 7; Customer customer = 8; }
          google.protobuf.Timestamp at = 9;
          reserved 10 to 12;
        }
        """;

    private static final String JSON = """
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "type": "object",
         "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}, "required": ["id"]}\
        """;

    private static Broker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
    }

    abstract String registry();

    private PluginTestKit.Result run(String scenario) throws IOException {
        return run(scenario, registry());
    }

    PluginTestKit.Result run(String scenario, String url) throws IOException {
        return runWith(scenario, "url: \"" + url + "\"");
    }

    PluginTestKit.Result runWith(String scenario, String registry) throws IOException {
        String text = scenario.replace("TOPIC", broker.topic("schema-" + UUID.randomUUID(), 1))
                .replace(
                        "AVSC",
                        Files.writeString(folder.resolve("order.avsc"), AVRO).toString())
                .replace(
                        "PROTO",
                        Files.writeString(folder.resolve("order.proto"), PROTO).toString())
                .replace(
                        "SCHEMA",
                        Files.writeString(folder.resolve("order.json"), JSON).toString());
        return PluginTestKit.scenario(text)
                .system("services: { events: { bootstrap_servers: \"" + broker.address() + "\", schema_registry: { "
                        + registry + " } } }")
                .with(new KafkaPlugin())
                .run();
    }

    private static void assertGood(PluginTestKit.Result result) {
        assertThat(result.observations())
                .filteredOn(line -> !Boolean.TRUE.equals(line.get("ok")))
                .extracting(line -> line.get("step") + ": " + line.get("errors"))
                .isEmpty();
        assertThat(result.run().exitCode()).isZero();
    }

    static String error(PluginTestKit.Result result, String step) {
        Map<String, Object> line = result.observations(step).getFirst();
        return ((List<?>) line.get("errors")).getFirst().toString();
    }

    @Test
    void sendsAndReadsAvroWithItsLogicalTypes() throws Exception {
        assertGood(run("""
            id: avro
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, schema: { file: AVSC, register: true },
                  avro: { id: o-1, total: 12.5, at: "2026-11-20T10:00:00Z", day: "2026-11-20", state: PAID, big: 9007199254740993 } }
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s,
                  expect: [ { body: { id: o-1, total: 12.50, at: "2026-11-20T10:00:00Z", day: "2026-11-20", state: PAID, tags: [], big: 9007199254740993 } },
                            { metadata: schema_id, exists: true } ] }
              - { name: latest, type: kafka.produce, topic: TOPIC, key: k2, schema: { use: latest },
                  avro: { id: o-2, total: 1, at: 0, state: NEW } }
              - { name: by_path, type: kafka.await, topic: TOPIC, match: { jsonpath: $.id, equals: o-2 }, timeout: 20s, expect: { expression: "payload.day == None" } }
            """));
    }

    @Test
    void sendsAndReadsProtobufOfAMessageThatIsNotTheFirst() throws Exception {
        assertGood(run("""
            id: proto
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, schema: { file: PROTO, register: true, name: shop.Order },
                  protobuf: { order_id: o-1, totalCents: 9007199254740993, state: PAID, items: [ { sku: a, quantity: 2 } ], counts: { a: 1 }, customer: { name: ann }, at: "2026-11-20T10:00:00Z" } }
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s,
                  expect: [ { body: { orderId: o-1, totalCents: 9007199254740993, state: PAID, items: [ { sku: a, quantity: 2 } ], counts: { a: 1 }, customer: { name: ann }, at: "2026-11-20T10:00:00Z" } },
                            { expression: "not has(payload, 'note') and not has(payload, 'user')" } ] }
              - { name: first, type: kafka.produce, topic: TOPIC, key: k2, schema: { use: latest }, protobuf: { name: bob } }
              - { name: got_first, type: kafka.await, topic: TOPIC, match: { jsonpath: $.name, equals: bob }, timeout: 20s }
            """));
    }

    @Test
    void sendsAndReadsJsonThatFitsItsSchema() throws Exception {
        PluginTestKit.Result result = run("""
            id: json
            flow:
              - { name: send, type: kafka.produce, topic: TOPIC, key: k, schema: { file: SCHEMA, register: true }, json_schema: { id: o-1, n: 2 } }
              - { name: got, type: kafka.await, topic: TOPIC, match: { key: k }, timeout: 20s, expect: { body: { id: o-1, n: 2 } } }
              - { name: wrong, type: kafka.produce, topic: TOPIC, key: k, schema: { use: latest }, json_schema: { n: two } }
            """);
        assertThat(result.observations("got").getFirst().get("ok"))
                .as("%s", result.observations())
                .isEqualTo(true);
        assertThat(error(result, "wrong")).startsWith("the value does not fit schema 'Order' (id ");
    }

    @Test
    void saysWhereATreeDoesNotFit() throws Exception {
        PluginTestKit.Result result = run("""
            id: misfit
            flow:
              - { name: wrong, type: kafka.produce, topic: TOPIC, key: k, schema: { file: AVSC, register: true },
                  avro: { id: o-1, total: 12.5, at: 0, state: LOST } }
            """);
        assertThat(error(result, "wrong"))
                .matches("the value does not fit schema 'shop.Order' \\(id \\d+\\): \\$\\.state: 'LOST' is not one of"
                        + " \\[NEW, PAID]");
    }

    @Test
    void namesSubjectsByStrategyAndFollowsReferences() throws Exception {
        String customer = UUID.randomUUID().toString();
        assertGood(run("""
            id: references
            flow:
              - { name: customer, type: kafka.produce, topic: TOPIC, key: c, subject: "CUSTOMER", schema: { register: true,
                  inline: { type: record, name: Customer, namespace: shop, fields: [ { name: name, type: string } ] } }, avro: { name: ann } }
              - { name: order, type: kafka.produce, topic: TOPIC, key: o, schema: { register: true, strategy: topic_record,
                  inline: { type: record, name: Buy, namespace: shop, fields: [ { name: by, type: shop.Customer } ] },
                  references: [ { name: shop.Customer, subject: "CUSTOMER", version: 1 } ] }, avro: { by: { name: ann } } }
              - { name: again, type: kafka.produce, topic: TOPIC, key: o2, subject: "TOPIC-shop.Buy", schema: { use: 1 }, avro: { by: { name: bob } } }
              - { name: got, type: kafka.await, topic: TOPIC, match: { jsonpath: $.by.name, equals: bob }, timeout: 20s }
            """.replace("CUSTOMER", customer)));
    }

    @Test
    void followsReferencesOfProtobufAndJsonSchemas() throws Exception {
        assertGood(run("""
            id: imports
            flow:
              - { name: money, type: kafka.produce, topic: TOPIC, key: m, subject: "SHARED-p", schema: { register: true,
                  inline: "syntax = \\"proto3\\"; package shared; message Money { int64 cents = 1; }" }, protobuf: { cents: 5 } }
              - { name: price, type: kafka.produce, topic: TOPIC, key: p, subject: "SHARED-q", schema: { register: true,
                  inline: "syntax = \\"proto3\\"; import \\"money.proto\\"; message Price { shared.Money money = 1; }",
                  references: [ { name: money.proto, subject: "SHARED-p", version: 1 } ] }, protobuf: { money: { cents: 7 } } }
              - { name: got_price, type: kafka.await, topic: TOPIC, match: { key: p }, timeout: 20s, expect: { jsonpath: $.money.cents, equals: 7 } }
              - { name: name, type: kafka.produce, topic: TOPIC, key: n, subject: "SHARED-j", schema: { register: true,
                  inline: { $schema: "https://json-schema.org/draft/2020-12/schema", type: string } }, json_schema: ann }
              - { name: person, type: kafka.produce, topic: TOPIC, key: j, subject: "SHARED-k", schema: { register: true,
                  inline: { $schema: "https://json-schema.org/draft/2020-12/schema", type: object, properties: { name: { $ref: name.json } } },
                  references: [ { name: name.json, subject: "SHARED-j", version: 1 } ] }, json_schema: { name: ann } }
              - { name: got_person, type: kafka.await, topic: TOPIC, match: { key: j }, timeout: 20s, expect: { jsonpath: $.name, equals: ann } }
            """.replace("SHARED", UUID.randomUUID().toString())));
    }

    @Test
    void tellsThatASubjectIsNotThere() throws Exception {
        PluginTestKit.Result result = run("""
            id: missing
            flow:
              - { name: wrong, type: kafka.produce, topic: TOPIC, key: k, avro: { id: o-1 } }
            """);
        assertThat(error(result, "wrong"))
                .matches("schema registry '" + registry()
                        + "' refused version 'latest' of subject 'schema-.*-value': status 404: .*");
    }

    @Test
    void aPoisonRecordFailsItsOwnWaiterAndNobodyElse() throws Exception {
        PluginTestKit.Result result = run("""
            id: poison
            flow:
              - { name: bad, type: kafka.produce, topic: TOPIC, key: bad, base64: "AAAAAA//////" }
              - { name: good, type: kafka.produce, topic: TOPIC, key: good, json: { id: x } }
              - { name: unhurt, type: kafka.await, topic: TOPIC, match: { jsonpath: $.id, equals: x }, timeout: 20s }
              - { name: hurt, type: kafka.await, topic: TOPIC, match: { key: bad }, timeout: 20s }
            """);
        assertThat(result.observations("unhurt").getFirst().get("ok")).isEqualTo(true);
        assertThat(result.observations("hurt").getFirst().get("failure")).isEqualTo("PROTOCOL");
        assertThat(error(result, "hurt"))
                .contains("the record that matched cannot be decoded")
                .contains("status 404");
    }
}
