package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// What the actions of SQS have in common.
final class Sqs {

    static final Transport TRANSPORT = Transport.of("sqs");

    /// As many as the service takes and gives at a time.
    static final int BATCH = 10;

    private Sqs() {}

    /// A message as it was received. Its attributes are its headers.
    static Frame frame(String queue, Message message, Map<String, Object> attributes) {
        byte[] body = message.body().getBytes(UTF_8);
        Metadata.Builder facts = Metadata.builder()
                .put("status_code", 200)
                .put("queue", queue)
                .put("message_id", message.messageId())
                .put("receipt_handle", message.receiptHandle())
                .put("headers", attributes);
        Map<MessageSystemAttributeName, String> system = message.attributes();
        Facts.put(facts, "key", system.get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
        Facts.put(facts, "sequence_number", system.get(MessageSystemAttributeName.SEQUENCE_NUMBER));
        number(facts, "timestamp", system.get(MessageSystemAttributeName.SENT_TIMESTAMP));
        number(facts, "receive_count", system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
        facts.put("size", body.length);
        Object type = attributes.get("content-type");
        return Frame.of(facts.build(), Payload.bytes(body, type instanceof String text ? text : null));
    }

    private static void number(Metadata.Builder facts, String name, @Nullable String value) {
        if (value != null && value.matches("\\d{1,18}")) {
            facts.put(name, Long.parseLong(value));
        }
    }

    static Map<String, Object> attributes(Message message) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        message.messageAttributes().forEach((name, value) -> {
            if (value.stringValue() != null) {
                attributes.put(name, value.stringValue());
            } else if (value.binaryValue() != null) {
                attributes.put(
                        name,
                        Base64.getEncoder().encodeToString(value.binaryValue().asByteArray()));
            }
        });
        return attributes;
    }
}
