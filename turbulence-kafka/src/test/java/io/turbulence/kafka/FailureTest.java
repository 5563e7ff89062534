package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FreePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What goes wrong has its own outcome, and the run goes on.
class FailureTest {

    private static Observation produce(RecordSender sender, KafkaService service, ProduceSettings step, Duration limit)
            throws Exception {
        try (FakeActionContext context = FakeActionContext.of(service).deadline(limit)) {
            return Produce.action().execute(step, sender, context);
        }
    }

    private static RecordSender open(KafkaService service) throws Exception {
        return new Producers.Plain()
                .open(
                        service,
                        FakeOpenContext.to(Brokers.endpoint(service))
                                .withDeadline(Deadline.after(Duration.ofSeconds(20), "test")));
    }

    private static Failure failure(Observation observation) {
        assertThat(observation.outcome()).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) observation.outcome()).failure();
    }

    @Test
    void aRecordThatIsTooLargeIsTooLargeForTheClientAndForTheBroker() throws Exception {
        Broker broker = Broker.shared();
        String topic = broker.topic("small-" + UUID.randomUUID(), 1, Map.of("max.message.bytes", "1000"));
        RecordSender sender = open(broker.service());
        try {
            Duration limit = Duration.ofSeconds(20);
            assertThat(failure(produce(sender, broker.service(), Produce.text(topic, "k", "x".repeat(2_000)), limit)))
                    .isEqualTo(Failure.TOO_LARGE);
            assertThat(failure(
                            produce(sender, broker.service(), Produce.text(topic, "k", "x".repeat(2_000_000)), limit)))
                    .isEqualTo(Failure.TOO_LARGE);
            assertThat(produce(sender, broker.service(), Produce.text(topic, "k", "x"), limit)
                            .outcome()
                            .success())
                    .isTrue();
        } finally {
            sender.close();
        }
    }

    @Test
    void aTopicThatIsNotThereIsNamed() throws Exception {
        Broker broker = Broker.shared();
        RecordSender sender = open(broker.service());
        try {
            Observation observation =
                    produce(sender, broker.service(), Produce.text("nowhere", "k", "x"), Duration.ofSeconds(3));
            assertThat(failure(observation)).isEqualTo(Failure.TIMEOUT);
            assertThat(((Outcome.Failed) observation.outcome()).message())
                    .isEqualTo("'nowhere': no such topic on '" + broker.address()
                            + "' within the timeout of 3000 ms. Create it, or set 'create_topics' on the service.");
        } finally {
            sender.close();
        }
    }

    @Test
    void aTopicThatIsNotThereEndsTheRunBeforeItBegins() throws Exception {
        PluginTestKit.Result result = PluginTestKit.scenario(
                        "{ id: none, flow: [ { name: wait, type: kafka.await, topic: nowhere-2, match: { key: k } } ]"
                                + " }")
                .system("services: { events: { bootstrap_servers: \""
                        + Broker.shared().address() + "\", pool: { connect_timeout: 5s } } }")
                .with(new KafkaPlugin())
                .run();
        assertThat(result.run().exitCode()).isEqualTo(6);
        assertThat(result.run().message())
                .contains("'nowhere-2': no such topic on '" + Broker.shared().address()
                        + "' within the connect_timeout of 5 s. Create it, or set 'create_topics' on the service.")
                .doesNotContain("could not connect");
    }

    @Test
    void aBrokerThatIsNotThereEndsTheRunBeforeItBegins() throws Exception {
        try (ClosedPort port = ClosedPort.reserve()) {
            PluginTestKit.Result result = PluginTestKit.scenario(
                            "{ id: none, flow: [ { name: wait, type: kafka.await, topic: t, match: { key: k } } ] }")
                    .system("services: { events: { bootstrap_servers: \"" + port.host() + ":" + port.port() + "\" } }")
                    .with(new KafkaPlugin())
                    .run();
            assertThat(result.run().exitCode()).isEqualTo(6);
            assertThat(result.run().message()).contains("Connection refused");
        }
    }

    @Test
    void aBrokerThatAnswersIsNotAwayHoweverLittleIsWritten() throws Exception {
        try (Broker broker = Broker.start(Map.of())) {
            KafkaService service = broker.service();
            String topic = broker.topic("idle", 3);
            try (Subscription subscription = new Topics()
                    .open(
                            service,
                            SubscriptionRequest.of(topic),
                            FakeOpenContext.to(Brokers.endpoint(service))
                                    .withDeadline(Deadline.after(Duration.ofSeconds(20), "test")))) {
                Deadline deadline = Deadline.after(Duration.ofMillis(2500), "test");
                while (!deadline.expired()) {
                    subscription.poll(Duration.ofMillis(500), frame -> {});
                }
                // A busy machine's broker may be late once; one that were taken for away for want of records stays so
                Deadline late = Deadline.after(Duration.ofSeconds(20), "test");
                while (subscription.interruption() != null && !late.expired()) {
                    subscription.poll(Duration.ofMillis(500), frame -> {});
                }
                assertThat(subscription.interruption()).isNull();
            }
        }
    }

    @Test
    @Tag("servers")
    void goesOnAfterTheBrokerWasKilledAndStartedAgain() throws Exception {
        try (Broker broker = Broker.start(Map.of())) {
            String topic = broker.topic("killed", 1);
            KafkaService service = broker.service();
            RecordSender sender = open(service);
            try (Subscription subscription = new Topics()
                    .open(
                            service,
                            SubscriptionRequest.of(topic),
                            FakeOpenContext.to(Brokers.endpoint(service))
                                    .withDeadline(Deadline.after(Duration.ofSeconds(20), "test")))) {
                assertThat(produce(sender, service, Produce.text(topic, "k", "before"), Duration.ofSeconds(20))
                                .outcome()
                                .success())
                        .isTrue();
                broker.stopServer();
                assertThat(failure(produce(sender, service, Produce.text(topic, "k", "while"), Duration.ofSeconds(1))))
                        // Whether it was handed over before the loss was noticed
                        .isIn(Failure.TIMEOUT, Failure.CONNECT);
                Observation unsent =
                        produce(sender, service, Produce.text("another", "k", "while"), Duration.ofSeconds(1));
                assertThat(failure(unsent)).isEqualTo(Failure.CONNECT);
                assertThat(((Outcome.Failed) unsent.outcome()).message())
                        .isEqualTo("'another': no broker of '" + broker.address()
                                + "' can be reached; the record was not sent within the timeout of 1000 ms");
                subscription.poll(Duration.ofMillis(200), frame -> {});
                Subscription.Interruption away = subscription.interruption();
                assertThat(away).isNotNull();
                assertThat(away.loses()).isFalse();
                assertThat(away.why().failure()).isEqualTo(Failure.CONNECT);
                assertThat(away.why().message()).isEqualTo("'" + broker.address() + "': Connection refused");
                broker.startServer();
                assertThat(produce(sender, service, Produce.text(topic, "k", "after"), Duration.ofSeconds(60))
                                .outcome()
                                .success())
                        .isTrue();
                List<String> received = new ArrayList<>();
                Deadline deadline = Deadline.after(Duration.ofSeconds(60), "test");
                while (!received.contains("after") && !deadline.expired()) {
                    subscription.poll(Duration.ofMillis(200), frame -> received.add(text(frame)));
                }
                assertThat(received).contains("after").doesNotHaveDuplicates();
                assertThat(subscription.interruption()).isNull();
            } finally {
                sender.close();
            }
        }
    }

    private static String text(Frame frame) {
        return new String(
                ((io.turbulence.api.Payload.Bytes) frame.payload()).content(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Nested
    class WithUsers {

        private Broker secured() throws Exception {
            int port = FreePort.choose();
            Broker broker = Broker.start(Map.of(
                    "listeners",
                    "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},USERS://127.0.0.1:" + port,
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,USERS:SASL_PLAINTEXT",
                    "sasl.enabled.mechanisms",
                    "PLAIN,SCRAM-SHA-256",
                    "listener.name.users.plain.sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required user_ann=\"secret\";",
                    "listener.name.users.scram-sha-256.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "super.users",
                    "User:ANONYMOUS"));
            usersPort = port;
            return broker;
        }

        private int usersPort;

        private KafkaService as(String mechanism, String user, String password) {
            return new KafkaService(
                    "127.0.0.1:" + usersPort,
                    Map.of(),
                    new KafkaService.Security(null, mechanism, user, password, null),
                    null,
                    "all",
                    KafkaService.Compression.NONE,
                    null,
                    true);
        }

        @Test
        void eachHasItsOutcome() throws Exception {
            try (Broker broker = secured()) {
                String open = broker.topic("open", 1);
                String closed = broker.topic("closed", 1);
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
                    admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                                    "bob", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "word")))
                            .all()
                            .get();
                    admin.createAcls(List.of(acl(open, "ann"), acl(open, "bob")))
                            .all()
                            .get();
                }
                Duration limit = Duration.ofSeconds(20);
                for (KafkaService service : List.of(as("PLAIN", "ann", "secret"), as("SCRAM-SHA-256", "bob", "word"))) {
                    RecordSender sender = open(service);
                    try {
                        Observation good = produce(sender, service, Produce.text(open, "k", "v"), limit);
                        assertThat(good.outcome().success()).as("%s", good).isTrue();
                        Observation refused = produce(sender, service, Produce.text(closed, "k", "v"), limit);
                        assertThat(refused.outcome()).isInstanceOf(Outcome.Completed.class);
                        assertThat(refused.outcome().success()).isFalse();
                        assertThat(refused.metadata().get("error")).isEqualTo("TOPIC_AUTHORIZATION_FAILED");
                        assertThat(refused.metadata().get("status_code")).isEqualTo(29);
                    } finally {
                        sender.close();
                    }
                }
                assertThatThrownBy(() -> open(as("PLAIN", "ann", "wrong")))
                        .isInstanceOfSatisfying(
                                FailureException.class,
                                thrown -> assertThat(thrown.failure()).isEqualTo(Failure.CONNECT))
                        .hasMessageContaining("Authentication failed")
                        .hasMessageNotContaining("wrong");
                assertThatThrownBy(() -> new Topics()
                                .open(
                                        as("PLAIN", "ann", "secret"),
                                        SubscriptionRequest.of(closed),
                                        FakeOpenContext.to(Brokers.endpoint(as("PLAIN", "ann", "secret")))))
                        .isInstanceOf(FailureException.class)
                        .hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
            }
        }

        private AclBinding acl(String topic, String user) {
            return new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                    new AccessControlEntry("User:" + user, "*", AclOperation.ALL, AclPermissionType.ALLOW));
        }
    }

    /// Three brokers: the one that leads a partition goes away.
    @Tag("stress")
    @Test
    void followsALeaderThatMoves() throws Exception {
        try (Cluster cluster = Cluster.start(3)) {
            String topic = "moved";
            cluster.topic(topic, 1, 3);
            KafkaService service = KafkaService.of(cluster.addresses());
            RecordSender sender = open(service);
            try (Subscription subscription = new Topics()
                    .open(
                            service,
                            SubscriptionRequest.of(topic),
                            FakeOpenContext.to(Brokers.endpoint(service))
                                    .withDeadline(Deadline.after(Duration.ofSeconds(20), "test")))) {
                assertThat(produce(sender, service, Produce.text(topic, "k", "before"), Duration.ofSeconds(20))
                                .outcome()
                                .success())
                        .isTrue();
                int leader = cluster.moveLeader(topic);
                assertThat(produce(sender, service, Produce.text(topic, "k", "after"), Duration.ofSeconds(60))
                                .outcome()
                                .success())
                        .isTrue();
                assertThat(cluster.leader(topic)).isNotEqualTo(leader);
                List<String> received = new ArrayList<>();
                Deadline deadline = Deadline.after(Duration.ofSeconds(60), "test");
                while (received.size() < 2 && !deadline.expired()) {
                    subscription.poll(Duration.ofMillis(200), frame -> received.add(text(frame)));
                }
                assertThat(received).containsExactly("before", "after");
            } finally {
                sender.close();
            }
        }
    }
}
