package io.turbulence.kafka;

import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// A real broker (KRaft, one node) in this process, on the loopback interface.
final class Broker implements AutoCloseable {

    /// Beginnings of the names of its threads, some of which come with the work.
    static final List<String> THREADS = List.of(
            "AddPartitionsToTxn",
            "ExpirationReaper-",
            "SensorExpiryThread",
            "TxnMarkerSender",
            "broker-1-",
            "controller-1-",
            "data-plane-kafka-",
            "group-coordinator-",
            "kafka-1-",
            "kafka-scheduler-",
            "metrics-meter-tick-thread-",
            "share-",
            "transaction-log-manager-");

    private static Broker shared;

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> more;
    private KafkaRaftServer server;

    private Broker(Map<String, String> more) throws IOException {
        folder = Files.createTempDirectory("broker");
        port = FreePort.choose();
        int another = FreePort.choose();
        while (another == port) {
            another = FreePort.choose();
        }
        controllerPort = another;
        this.more = more;
    }

    /// One for all tests of the process.
    static synchronized Broker shared() {
        if (shared == null) {
            shared = start(Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "broker-close"));
        }
        return shared;
    }

    static Broker start(Map<String, String> settings) {
        return start(settings, Uuid.randomUuid().toString(), 1, null);
    }

    /// One of a cluster.
    ///
    /// @param first the one that is also the controller; null for itself
    static Broker start(Map<String, String> settings, String cluster, int node, Broker first) {
        try {
            Map<String, String> more = new HashMap<>(settings);
            if (first != null) {
                more.put("node.id", Integer.toString(node));
                more.put("process.roles", "broker");
                more.put("listeners", "PLAINTEXT://127.0.0.1:{port}");
                more.put("controller.quorum.voters", "1@127.0.0.1:" + first.controllerPort);
            }
            Broker broker = new Broker(more);
            new Formatter()
                    .setClusterId(cluster)
                    .setNodeId(node)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(broker.folder.toString())
                    .addDirectory(broker.folder.toString())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
            broker.startServer();
            return broker;
        } catch (Exception e) {
            throw new IllegalStateException("the broker did not start", e);
        }
    }

    void startServer() {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", folder.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.enable", "false");
        settings.put("controlled.shutdown.enable", "false");
        settings.putAll(more);
        settings.replaceAll((name, value) -> value.replace("{port}", Integer.toString(port))
                .replace("{controller}", Integer.toString(controllerPort)));
        server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
    }

    void stopServer() {
        server.shutdown();
        server.awaitShutdown();
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    KafkaService service() {
        return KafkaService.of(address());
    }

    /// Creates a topic.
    String topic(String name, int partitions) {
        return topic(name, partitions, Map.of());
    }

    String topic(String name, int partitions, Map<String, String> settings) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            admin.createTopics(List.of(
                            new NewTopic(name, Optional.of(partitions), Optional.of((short) 1)).configs(settings)))
                    .all()
                    .get();
            return name;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the topic '" + name + "' could not be created", e);
        }
    }

    /// Adds partitions to a topic, up to so many.
    void grow(String topic, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address()))) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the topic '" + topic + "' could not grow", e);
        }
    }

    @Override
    public void close() {
        stopServer();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
