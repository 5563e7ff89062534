package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.api.Payload;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.tck.SubscriptionTck;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/// Streams of kinesalite, and the kits with it.
@Tag("servers")
@Timeout(180)
class KinesisTest {

    @TempDir
    static Path home;

    private static Kinesalite kinesalite;

    @BeforeAll
    static void start() throws Exception {
        kinesalite = Kinesalite.start(home);
        kinesalite.stream("kit", 1);
    }

    @AfterAll
    static void stop() {
        if (kinesalite != null) {
            kinesalite.close();
        }
    }

    private static PluginTestKit kit(String flow, Object... values) {
        return PluginTestKit.scenario(
                        "id: streams\nflow:\n" + flow.formatted(values).indent(2))
                .system("""
                    services:
                      clicks:
                        protocol: aws.kinesis
                        region: us-east-1
                        endpoint: %s
                        credentials: { access_key_id: an-id, secret_access_key: a-secret }
                        pool: { max: 8, acquire_timeout: 60s }
                    """.formatted(kinesalite.url()))
                .with(new AwsPlugin());
    }

    @Test
    void putsAndFindsItsOwnRecords() throws Exception {
        kinesalite.stream("own", 3);
        kinesalite.put("own", "early", "{\"id\":\"before the run\"}");
        PluginTestKit.Result result = kit("""
            - { name: put, type: kinesis.put, stream: own, key: "{{instance_id}}", json: {id: "{{instance_id}}", n: 1} }
            - name: by_key
              type: kinesis.await
              stream: own
              match: {key: "{{instance_id}}"}
              timeout: 10s
              expect: [{jsonpath: $.n, equals: 1}, {expression: "metadata.shard == steps.put.metadata.shard"}]
            - { name: several, type: kinesis.put, stream: own, records: [{json: {m: "{{instance_id}}"}}, {key: k, data: text}] }
            - { name: by_content, type: kinesis.await, stream: own, match: {jsonpath: $.m, equals: "{{instance_id}}"}, timeout: 10s }
            - { name: before, type: kinesis.await, stream: own, match: {key: early}, absent_for: 500ms }
            """).run();

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
        Map<?, ?> put = (Map<?, ?>) result.observations("put").getFirst().get("metadata");
        Map<?, ?> got = (Map<?, ?>) result.observations("by_key").getFirst().get("metadata");
        assertThat(got.get("sequence_number")).isEqualTo(put.get("sequence_number"));
        assertThat(put.get("shard").toString()).startsWith("shardId-");
    }

    @Test
    void readsWhatTheStreamStillHas() throws Exception {
        kinesalite.stream("old", 2);
        kinesalite.put("old", "early", "{\"id\":7}");
        PluginTestKit.Result result = kit("""
            - { type: kinesis.await, stream: old, match: {key: early}, from: earliest, timeout: 10s, expect: {jsonpath: $.id, equals: 7} }
            """).run();

        assertThat(result.run().exitCode()).as(result.observations().toString()).isZero();
    }

    @Test
    void everyOfManyInstancesFindsItsOwnRecordAndNoOther() throws Exception {
        kinesalite.stream("many", 4);
        PluginTestKit.Result result = kit("""
            - { name: put, type: kinesis.put, stream: many, key: "{{instance_id}}", json: {n: "{{instance}}"}, timeout: 60s }
            - { name: mine, type: kinesis.await, stream: many, match: {key: "{{instance_id}}"}, timeout: 60s, expect: {jsonpath: $.n, equals: "{{instance}}"} }
            """).instances(1000, 1000).run();

        assertThat(result.run().passed()).isEqualTo(1000);
        assertThat(result.observations("mine").stream()
                        .map(step -> ((Map<?, ?>) step.get("metadata")).get("sequence_number"))
                        .distinct())
                .hasSize(1000);
    }

    @Test
    void followsShardsThatAreSplit() throws Exception {
        kinesalite.stream("split", 1);
        Streams streams = new Streams();
        try (Subscription subscription = streams.open(
                kinesalite.service(),
                SubscriptionRequest.of("split"),
                FakeOpenContext.to(streams.endpoint(kinesalite.service())))) {
            kinesalite.put("split", "a", "before");
            kinesalite
                    .client()
                    .splitShard(split -> split.streamName("split")
                            .shardToSplit("shardId-000000000000")
                            .newStartingHashKey("170141183460469231731687303715884105728"));
            kinesalite.awaitActive("split");
            for (int i = 0; i < 10; i++) {
                kinesalite.put("split", "key-" + i, "after-" + i);
            }
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < 50 && frames.size() < 11; i++) {
                subscription.poll(Duration.ofMillis(300), frames::add);
            }
            assertThat(frames)
                    .extracting(
                            frame -> new String(((Payload.Bytes) frame.payload()).content(), StandardCharsets.UTF_8))
                    .hasSize(11)
                    .contains("before", "after-0", "after-9");
            assertThat(frames.stream()
                            .map(frame -> frame.metadata().get("shard"))
                            .distinct())
                    .hasSize(3);
        }
    }

    @Test
    void saysSoWhenTheServiceCannotBeReachedAnyMore() throws Exception {
        String stream = "away-" + UUID.randomUUID();
        kinesalite.stream(stream, 2);
        Endpoint real = new Streams().endpoint(kinesalite.service());
        try (FaultProxy proxy = FaultProxy.to(real.host(), real.port())) {
            Endpoint through = Endpoint.of("http", proxy.host(), proxy.port());
            try (Subscription subscription = new Streams()
                    .open(
                            Kinesalite.serviceAt(through.toString()),
                            SubscriptionRequest.of(stream),
                            FakeOpenContext.to(through))) {
                subscription.poll(Duration.ofMillis(500), frame -> {});
                assertThat(subscription.interruption()).isNull();

                proxy.refuse().cut();
                subscription.poll(Duration.ofMillis(500), frame -> {});
                Subscription.Interruption away = subscription.interruption();
                assertThat(away).isNotNull();
                assertThat(away.loses()).isFalse();
                assertThat(away.why().message()).startsWith("'" + through.authority() + "': ");

                proxy.heal();
                kinesalite.put(stream, "key", "sent after it");
                List<Frame> received = new ArrayList<>();
                while (received.isEmpty() || subscription.interruption() != null) {
                    subscription.poll(Duration.ofMillis(500), received::add);
                }
            }
        }
    }

    @Test
    void tellsOfAStreamThatIsMissing() throws Exception {
        PluginTestKit.Result result = kit("""
            - { name: put, type: kinesis.put, stream: nowhere, key: a, data: x }
            """).run();

        assertThat(result.observations("put").getFirst().get("errors"))
                .isEqualTo(List.of("the answer was ResourceNotFoundException: Stream nowhere under account 000000000000"
                        + " not found."));
    }

    @Nested
    class Put extends ActionTck<PutRecordSettings, Access<KinesisClient>> {

        @Override
        protected ProtocolAction<PutRecordSettings, Access<KinesisClient>> action() {
            return new PutRecordAction(new KinesisClients());
        }

        @Override
        protected Record serviceSettings() {
            return kinesalite.service();
        }

        @Override
        protected Record serviceSettingsAt(Endpoint elsewhere) {
            return Kinesalite.serviceAt(elsewhere.toString());
        }

        @Override
        protected PutRecordSettings settings() {
            return new PutRecordSettings("kit", "key", "hello", null, null, null, List.of());
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.STREAMING);
        }
    }

    @Nested
    class Subscriptions extends SubscriptionTck<KinesisService> {

        @Override
        protected ConnectionFactory.Subscribed<KinesisService> factory() {
            return new Streams();
        }

        @Override
        protected KinesisService settings() {
            return kinesalite.service();
        }

        @Override
        protected KinesisService settingsAt(Endpoint elsewhere) {
            return Kinesalite.serviceAt(elsewhere.toString());
        }

        @Override
        protected SubscriptionRequest request() throws Exception {
            String name = "kit-" + UUID.randomUUID();
            kinesalite.stream(name, 1);
            return SubscriptionRequest.of(name);
        }

        @Override
        protected void publish(SubscriptionRequest request, String text) {
            kinesalite.put(request.channel(), "key", text);
        }
    }
}
