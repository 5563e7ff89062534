package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.tck.PluginTestKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Scenarios over S3Mock.
@Tag("servers")
@Timeout(120)
class S3ScenarioTest {

    @TempDir
    static Path home;

    private static S3Mock mock;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        mock = S3Mock.start(home);
        mock.bucket("invoices");
    }

    @AfterAll
    static void stop() {
        if (mock != null) {
            mock.close();
        }
    }

    private static PluginTestKit.Result run(String flow, Object... values) throws Exception {
        return PluginTestKit.scenario(
                        "id: objects\nflow:\n" + flow.formatted(values).indent(2))
                .system("""
                    services:
                      files:
                        protocol: aws.s3
                        endpoint: %s
                        region: eu-central-1
                        path_style: true
                        credentials: { access_key_id: an-id, secret_access_key: a-secret }
                    """.formatted(mock.url()))
                .with(new AwsPlugin())
                .run();
    }

    private static Map<String, Object> metadata(PluginTestKit.Result result, String step) {
        Object metadata = result.observations(step).getFirst().get("metadata");
        Map<String, Object> facts = new HashMap<>();
        ((Map<?, ?>) metadata).forEach((name, value) -> facts.put(String.valueOf(name), value));
        return facts;
    }

    @Test
    void storesReadsListsAndDeletes() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: put, type: s3.put, bucket: invoices, key: "2026/ä b.json", json: {total: 12}, metadata: {source: test} }
            - { name: head, type: s3.head, bucket: invoices, key: "2026/ä b.json", expect: {jsonpath: $.size, equals: 12} }
            - name: get
              type: s3.get
              bucket: invoices
              key: "2026/ä b.json"
              expect: [{jsonpath: $.total, equals: 12}, {metadata: user_metadata.source, equals: test}]
            - { name: part, type: s3.get, bucket: invoices, key: "2026/ä b.json", range: 1-7, as: text, expect: {jsonpath: $, equals: '"total"'} }
            - { name: again, type: s3.put, bucket: invoices, key: "2026/ä b.json", body: other, if_none_match: true, expect: {status_code: 412} }
            - { name: delete, type: s3.delete, bucket: invoices, key: "2026/ä b.json" }
            - { name: gone, type: s3.head, bucket: invoices, key: "2026/ä b.json", expect: {status_code: 404} }
            """);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(metadata(result, "put"))
                .containsEntry("status_code", 200)
                .containsEntry("attempts", 1)
                .containsEntry("size", 12)
                .containsKey("etag");
        assertThat(metadata(result, "get"))
                .containsEntry("verified_by", "crc32")
                .containsKey("last_modified");
    }

    @Test
    void readsCsvAndJsonLines() throws Exception {
        PluginTestKit.Result result = run("""
            - { type: s3.put, bucket: invoices, key: rows.csv, body: "id,name\\n1,\\"a, b\\"\\n2,c\\n" }
            - { type: s3.put, bucket: invoices, key: rows.jsonl, jsonl: [{id: 1}, {id: 2}, {id: 3}] }
            - { name: csv, type: s3.get, bucket: invoices, key: rows.csv, expect: {jsonpath: "$[0].name", equals: "a, b"} }
            - { name: lines, type: s3.get, bucket: invoices, key: rows.jsonl, expect: {jsonpath: "$", size: 3} }
            - name: stream
              type: s3.get
              bucket: invoices
              key: rows.jsonl
              stream: true
              expect: [{jsonpath: $.id, equals: 3}, {metadata: rows, equals: 3}]
            """);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
    }

    @Test
    void anEmptyTextIsAText() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: put, type: s3.put, bucket: invoices, key: empty.txt, body: "" }
            - { name: get, type: s3.get, bucket: invoices, key: empty.txt, expect: { expression: "payload == ''" } }
            """);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
    }

    @Test
    void deletesNothingByAPrefixThatTurnsOutEmpty() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: put, type: s3.put, bucket: invoices, key: kept.json, json: {of: ""}, extract: { none: { expression: "''" } } }
            - { name: delete, type: s3.delete, bucket: invoices, prefix: "{{none}}" }
            """);

        assertThat(result.observations("delete").getFirst().get("errors"))
                .isEqualTo(List.of("'invoices': the prefix is empty, so nothing was deleted; expected a prefix of"
                        + " at least one character: an empty one means the whole bucket"));
    }

    @Test
    void listsAllPagesAndDeletesWhatBeginsAlike() throws Exception {
        PluginTestKit.Result result = run("""
            - type: loop
              times: 25
              do: [{ type: s3.put, bucket: invoices, key: "many/{{loop_index}}.txt", body: x }]
            - { name: list, type: s3.list, bucket: invoices, prefix: many/, page_size: 10 }
            - { name: some, type: s3.list, bucket: invoices, prefix: many/, max: 3 }
            - { name: folders, type: s3.list, bucket: invoices, prefix: m, delimiter: / , expect: {jsonpath: $.prefix, equals: many/} }
            - { name: delete, type: s3.delete, bucket: invoices, prefix: many/ }
            - { name: none, type: s3.list, bucket: invoices, prefix: many/ }
            """);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(metadata(result, "list")).containsEntry("objects", 25).containsEntry("pages", 3);
        assertThat(metadata(result, "some")).containsEntry("objects", 3);
        assertThat(metadata(result, "delete")).containsEntry("deleted", 25);
        assertThat(metadata(result, "none")).containsEntry("objects", 0);
    }

    @Test
    void readsALargeObjectToAFileAndVerifiesIt() throws Exception {
        Path large = folder.resolve("large.bin");
        byte[] content = new byte[40 << 20];
        new Random(7).nextBytes(content);
        Files.write(large, content);
        Path copy = folder.resolve("deep/copy.bin");
        PluginTestKit.Result result = run("""
            - { name: put, type: s3.put, bucket: invoices, key: large.bin, file: %s }
            - { name: file, type: s3.get, bucket: invoices, key: large.bin, to: %s }
            - { name: check, type: s3.get, bucket: invoices, key: large.bin, as: none, expect: {jsonpath: $.size, equals: %d} }
            - { name: memory, type: s3.get, bucket: invoices, key: large.bin, max_size: 1 MiB, on_failure: continue }
            """, large, copy, content.length);

        assertThat(copy).hasBinaryContent(content);
        assertThat(metadata(result, "file")).containsEntry("verified_by", "crc32");
        assertThat(result.observations("check").getFirst()).containsEntry("ok", true);
        assertThat(result.observations("memory").getFirst())
                .containsEntry("failure", "TOO_LARGE")
                .containsEntry(
                        "errors",
                        List.of("'invoices/large.bin': the content has 41,943,040 bytes, but 'max_size' is 1 MiB."
                                + " Write it 'to' a file, read it as a 'stream', or raise 'max_size'."));
    }

    @Test
    void waitsForAnObjectThatIsYetToCome() throws Exception {
        PluginTestKit.Result result = run("""
            - type: parallel
              branches:
                - - { name: report_is_there, type: wait, service: files, bucket: invoices, key: late.csv, interval: 100ms, timeout: 10s, expect: {jsonpath: $.size, gt: 0} }
                - - { type: sleep, duration: 500ms }
                  - { type: s3.put, bucket: invoices, key: late.csv, body: "a,b" }
            """);

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        assertThat(((Number) result.observations("report_is_there").getFirst().get("latency_ms")).doubleValue())
                .isGreaterThan(400);
    }

    @Test
    void tellsWhatTheServiceRefuses() throws Exception {
        PluginTestKit.Result result = run("""
            - { name: bucket, type: s3.get, bucket: nowhere, key: a, on_failure: continue }
            - { name: key, type: s3.get, bucket: invoices, key: nothing, on_failure: continue }
            - { name: list, type: s3.list, bucket: nowhere, on_failure: continue }
            """);

        assertThat(result.observations("bucket").getFirst().get("errors"))
                .isEqualTo(List.of("the answer was NoSuchBucket: The specified bucket does not exist."));
        assertThat(result.observations("key").getFirst().get("errors"))
                .isEqualTo(List.of("the answer was NoSuchKey: The specified key does not exist."));
        assertThat(metadata(result, "list")).containsEntry("error_code", "NoSuchBucket");
    }
}
