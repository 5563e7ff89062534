package io.turbulence.aws;

import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Preparation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The addresses of queues by their names, asked for once in a run. Thread-safe.
final class QueueUrls {

    private final Map<String, String> known = new ConcurrentHashMap<>();

    static String of(String queue, SqsClient client, ActionContext context, Call call) {
        if (isUrl(queue)) {
            return queue;
        }
        QueueUrls urls = context.runState("sqs.queues", QueueUrls.class, QueueUrls::new);
        String url = urls.known.get(queue);
        if (url == null) {
            url = client.getQueueUrl(ask -> ask.queueName(queue).overrideConfiguration(call.limits()))
                    .queueUrl();
            urls.known.put(queue, url);
        }
        return url;
    }

    static boolean isUrl(String queue) {
        return queue.startsWith("https://") || queue.startsWith("http://");
    }

    static void check(Preparation<?> step) {
        step.constant("queue", String.class)
                .filter(queue -> !isUrl(queue) && !queue.matches("[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\\.fifo"))
                .ifPresent(queue -> step.problems()
                        .error(
                                "queue",
                                "'" + queue + "'",
                                "a queue's URL, or its name: up to 80 letters, digits, hyphens and underscores",
                                queue.startsWith("arn:") ? "the last part of the ARN is the name" : null));
    }
}
