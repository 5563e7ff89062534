package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// The brokers of a service as a whole.
final class Brokers {

    private Brokers() {}

    /// A cluster has no one place: its name is the list of brokers to begin with.
    static Endpoint endpoint(KafkaService service) {
        return Endpoint.of("kafka", service.bootstrapServers().replace(" ", ""), 0);
    }

    /// Makes sure that one of them takes connections: the client library would go on trying in silence.
    ///
    /// @throws IOException when none does, as the last one said it
    static void reach(KafkaService service, OpenContext context) throws IOException {
        IOException last = null;
        List<String> servers = servers(service);
        for (int i = 0; i < servers.size(); i++) {
            Duration share = context.deadline().remaining().dividedBy(servers.size() - i);
            try {
                reach(
                        servers.get(i),
                        context.deadline().within(share, context.deadline().limit()),
                        context);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last == null ? new UnknownHostException(service.bootstrapServers()) : last;
    }

    private static void reach(String server, Deadline deadline, OpenContext context) throws IOException {
        int colon = server.lastIndexOf(':');
        String host = colon < 0 ? server : server.substring(0, colon).replaceAll("^\\[|]$", "");
        InetSocketAddress address =
                new InetSocketAddress(host, colon < 0 ? 9092 : Integer.parseInt(server.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, deadline.timeoutMillis());
            context.mark(Phase.CONNECTED);
        }
    }

    static List<String> servers(KafkaService service) {
        return Stream.of(service.bootstrapServers().split(","))
                .map(String::strip)
                .filter(server -> !server.isEmpty())
                .toList();
    }

    /// Asks the cluster who it is, so that a wrong password is known when a client opens and not at its first record.
    static void greet(KafkaService service, OpenContext context) throws Exception {
        try (Admin admin = Admin.create(ClientSettings.admin(service, context.service()))) {
            Deadline deadline = context.deadline();
            await(
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(deadline.timeoutMillis()))
                            .nodes(),
                    deadline);
        }
    }

    /// Creates a topic; one that is there already is fine.
    static void create(
            String topic, KafkaService service, KafkaService.CreateTopics how, String name, Deadline deadline)
            throws Exception {
        try (Admin admin = Admin.create(ClientSettings.admin(service, name))) {
            NewTopic wanted =
                    new NewTopic(topic, Optional.of(how.partitions()), Optional.of((short) how.replicationFactor()));
            await(
                    admin.createTopics(List.of(wanted), new CreateTopicsOptions().timeoutMs(deadline.timeoutMillis()))
                            .all(),
                    deadline);
        } catch (TopicExistsException e) {
            // Somebody was quicker, which serves as well
            return;
        }
    }

    private static <T extends @Nullable Object> T await(KafkaFuture<T> future, Deadline deadline) throws Exception {
        try {
            return future.get(deadline.timeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw KafkaFailures.cause(e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new FailureException(Failure.TIMEOUT, "the brokers did not answer within the " + deadline.limit(), e);
        }
    }
}
