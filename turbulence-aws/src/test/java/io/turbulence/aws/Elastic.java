package io.turbulence.aws;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// ElasticMQ in this process, on this machine's own address.
final class Elastic implements AutoCloseable {

    static final List<String> THREADS = List.of("elasticmq-");

    private final SQSRestServer server;
    private final String url;
    private final SqsClient client;

    private Elastic(SQSRestServer server, String url) {
        this.server = server;
        this.url = url;
        this.client = SqsClient.builder()
                .endpointOverride(URI.create(url))
                .region(Region.EU_CENTRAL_1)
                .httpClient(Apache5HttpClient.builder().maxConnections(50).build())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .build();
    }

    static Elastic start() {
        SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        int port = server.waitUntilStarted().localAddress().getPort();
        return new Elastic(server, "http://127.0.0.1:" + port);
    }

    String url() {
        return url;
    }

    SqsService service() {
        return serviceAt(url);
    }

    static SqsService serviceAt(String url) {
        return new SqsService(
                "eu-central-1", url, Credentials.of("an-id", "a-secret-of-the-key"), AwsService.Retries.OFF, true);
    }

    /// The SDK's client, for what a test does by itself.
    SqsClient client() {
        return client;
    }

    /// A new queue's name.
    String queue() {
        String name = "q-" + UUID.randomUUID();
        client.createQueue(create -> create.queueName(name));
        return name;
    }

    String fifo() {
        String name = "q-" + UUID.randomUUID() + ".fifo";
        client.createQueue(create -> create.queueName(name)
                .attributes(Map.of(
                        QueueAttributeName.FIFO_QUEUE,
                        "true",
                        QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
                        "true")));
        return name;
    }

    String queueUrl(String queue) {
        return client.getQueueUrl(ask -> ask.queueName(queue)).queueUrl();
    }

    void send(String queue, String body) {
        client.sendMessage(send -> send.queueUrl(queueUrl(queue)).messageBody(body));
    }

    /// How many messages it has: visible ones, and hidden ones.
    String counts(String queue) {
        Map<QueueAttributeName, String> found = client.getQueueAttributes(
                        ask -> ask.queueUrl(queueUrl(queue)).attributeNames(QueueAttributeName.ALL))
                .attributes();
        return found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                + " visible, "
                + found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
                + " hidden";
    }

    @Override
    public void close() {
        client.close();
        server.stopAndWait();
    }
}
