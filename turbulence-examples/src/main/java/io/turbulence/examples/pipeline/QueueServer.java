package io.turbulence.examples.pipeline;

import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/// Stands in for SQS: ElasticMQ as a program, `QueueServer --port 9324`. Its queues are gone when it ends.
public final class QueueServer {

    private QueueServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        int at = List.of(arguments).indexOf("--port");
        SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withPort(at < 0 ? 9324 : Integer.parseInt(arguments[at + 1]))
                .start();
        server.waitUntilStarted();
        Thread.currentThread().join();
    }
}
