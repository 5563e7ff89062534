package io.turbulence.examples.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes an invoice of each list of goods that is put into the bucket, and tells of it:
/// `Worker --objects http://… --queues http://…`.
public final class Worker {

    private final JsonMapper json = JsonMapper.builder().build();
    private final S3Client objects;
    private final SqsClient queues;
    private final String uploads;
    private final String results;

    private Worker(S3Client objects, SqsClient queues) {
        this.objects = objects;
        this.queues = queues;
        this.uploads = queue(Clients.UPLOADS);
        this.results = queue(Clients.RESULTS);
    }

    private String queue(String name) {
        return queues.createQueue(create -> create.queueName(name)).queueUrl();
    }

    public static void main(String[] arguments) {
        Options options = Options.of(arguments);
        Worker worker = new Worker(Clients.objects(options.text("objects")), Clients.queues(options.text("queues")));
        System.out.println("The worker is ready");
        while (true) {
            worker.work();
        }
    }

    private void work() {
        List<Message> messages = queues.receiveMessage(receive ->
                        receive.queueUrl(uploads).maxNumberOfMessages(10).waitTimeSeconds(1))
                .messages();
        for (Message each : messages) {
            for (JsonNode event : json.readTree(each.body()).path("Records")) {
                JsonNode s3 = event.path("s3");
                bill(
                        s3.path("bucket").path("name").asString(),
                        URLDecoder.decode(s3.path("object").path("key").asString(), UTF_8));
            }
            queues.deleteMessage(delete -> delete.queueUrl(uploads).receiptHandle(each.receiptHandle()));
        }
    }

    private void bill(String bucket, String key) {
        BigDecimal total = BigDecimal.ZERO;
        int lines = 0;
        for (String line : goods(bucket, key).lines().skip(1).toList()) {
            String[] fields = line.split(",", -1);
            total = total.add(new BigDecimal(fields[1]).multiply(new BigDecimal(fields[2])));
            lines++;
        }
        String invoice = key.replace("incoming/", "invoices/").replace(".csv", ".json");
        byte[] content = json.writeValueAsBytes(Map.of("lines", lines, "total", total));
        objects.putObject(
                put -> put.bucket(bucket).key(invoice).contentType("application/json"), RequestBody.fromBytes(content));
        String told = json.writeValueAsString(Map.of("source", key, "invoice", invoice));
        queues.sendMessage(send -> send.queueUrl(results).messageBody(told));
    }

    private String goods(String bucket, String key) {
        try {
            return objects.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
        } catch (NoSuchKeyException e) {
            // Deleted since
            return "";
        }
    }
}
