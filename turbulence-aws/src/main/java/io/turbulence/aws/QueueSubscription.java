package io.turbulence.aws;

import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/*
 * A queue gives a message to one receiver and hides it from the others. Here one receiver reads for thousands of
 * waiters and is a guest among the queue's own consumers, so it keeps nothing that is not its own:
 *
 * - A message is handed to the host, which keeps a copy for as long as its buffer does, and held for a moment: who waits
 *   for it already takes it within microseconds. What was taken is deleted, ten at a time. What was not is made visible
 *   again; who waits for it later finds the copy, and then the message is deleted by its newest receipt.
 * - What was made visible comes again. It is known by its id and not handed on a second time, until the host's copy is
 *   too old. When nothing but such messages come, the next look is put off, a little longer each time: every look counts
 *   as a receipt, and a queue may put aside what was received too often.
 */
/// One queue, read by one thread.
final class QueueSubscription implements Subscription {

    /// How long a message is held for who waits for it.
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// As long as the host keeps a message.
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOST_KNOWN = 100_000;

    /// What is held comes back by itself after so long, should this program end meanwhile.
    private static final int VISIBILITY_SECONDS = 30;

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long SECOND_MILLIS = 1000;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    /// How often it is looked whether what is held was taken.
    private static final long LOOK_MILLIS = 5;

    private final String queue;
    private final String at;
    private final String url;
    private final boolean deletesAll;
    private final ServiceClient<SqsClient> client;
    private final Semaphore woken = new Semaphore(0);
    private final Queue<HeldMessage> taken = new ConcurrentLinkedQueue<>();

    // Of the thread that polls
    private final Map<String, HeldMessage> known = new LinkedHashMap<>();
    private final Map<String, HeldMessage> held = new LinkedHashMap<>();
    private long pauseMillis;
    private @Nullable Interruption interruption;
    private boolean closed;

    private QueueSubscription(
            String queue, String at, String url, boolean deletesAll, ServiceClient<SqsClient> client) {
        this.queue = queue;
        this.at = at;
        this.url = url;
        this.deletesAll = deletesAll;
        this.client = client;
    }

    static QueueSubscription open(SqsService service, SubscriptionRequest request, OpenContext context)
            throws Exception {
        String queue = request.channel();
        ServiceClient<SqsClient> client = ServiceClient.open(service, 1, context, SqsClients::build);
        boolean good = false;
        try {
            String url = url(queue, client.client(), context);
            String at = context.endpoint().authority();
            QueueSubscription subscription =
                    new QueueSubscription(queue, at, url, request.options().containsKey(Queues.DELETE_ALL), client);
            good = true;
            return subscription;
        } catch (SdkException e) {
            throw Failures.broken(e, "'" + queue + "': the queue cannot be read");
        } finally {
            if (!good) {
                client.close();
            }
        }
    }

    /// Asks for the queue also where its URL is known, so that a wrong one is found before the run.
    private static String url(String queue, SqsClient client, OpenContext context) {
        Duration most = Duration.ofMillis(context.deadline().timeoutMillis());
        if (QueueUrls.isUrl(queue)) {
            client.getQueueAttributes(
                    ask -> ask.queueUrl(queue).overrideConfiguration(limit -> limit.apiCallTimeout(most)));
            return queue;
        }
        return client.getQueueUrl(
                        ask -> ask.queueName(queue).overrideConfiguration(limit -> limit.apiCallTimeout(most)))
                .queueUrl();
    }

    @Override
    public void poll(Duration most, Consumer<Frame> receiver) throws Exception {
        long until = System.nanoTime() + most.toNanos();
        try {
            settle();
            if (woken.tryAcquire(Math.min(pauseMillis, most.toMillis()), TimeUnit.MILLISECONDS)) {
                return;
            }
            receive(most.toMillis() >= SECOND_MILLIS / 2 ? 1 : 0, receiver);
            interruption = null;
            // What is held must not wait for what is yet to come
            while (!held.isEmpty()) {
                settle();
                if (!held.isEmpty() && System.nanoTime() - until < 0) {
                    receive(0, receiver);
                }
                if (!held.isEmpty() && woken.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (SdkException e) {
            passOver(e, most);
        }
    }

    private void receive(int waitSeconds, Consumer<Frame> receiver) {
        List<Message> messages = client.client()
                .receiveMessage(ReceiveMessageRequest.builder()
                        .queueUrl(url)
                        .maxNumberOfMessages(Sqs.BATCH)
                        .waitTimeSeconds(waitSeconds)
                        .visibilityTimeout(VISIBILITY_SECONDS)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .overrideConfiguration(limit -> limit.apiCallTimeout(ANSWER))
                        .build())
                .messages();
        boolean news = messages.isEmpty() && held.isEmpty();
        for (Message each : messages) {
            news |= deliver(each, receiver);
        }
        if (news) {
            pauseMillis = 0;
        } else if (!messages.isEmpty()) {
            pauseMillis = Math.clamp(pauseMillis * 2, 50, LONGEST_PAUSE_MILLIS);
        }
        forget();
    }

    /// @return whether it is new, or was waited for
    private boolean deliver(Message message, Consumer<Frame> receiver) {
        HeldMessage earlier = known.get(message.messageId());
        if (earlier != null) {
            earlier.holdAgain(message.receiptHandle());
            held.put(earlier.id(), earlier);
            return earlier.isTaken();
        }
        HeldMessage fresh =
                new HeldMessage(message.messageId(), message.receiptHandle(), Sqs.attributes(message), taken::add);
        known.put(fresh.id(), fresh);
        held.put(fresh.id(), fresh);
        receiver.accept(Sqs.frame(queue, message, fresh));
        return true;
    }

    /// What the host has forgotten is handed on anew when it comes again.
    private void forget() {
        Iterator<HeldMessage> oldest = known.values().iterator();
        while (oldest.hasNext()) {
            HeldMessage each = oldest.next();
            if (each.ageNanos() < KNOWN_NANOS && known.size() <= MOST_KNOWN) {
                return;
            }
            oldest.remove();
        }
    }

    /// Deletes what was taken, and makes visible what was held long enough.
    private void settle() {
        List<HeldMessage> done = new ArrayList<>();
        for (HeldMessage each = taken.poll(); each != null; each = taken.poll()) {
            if (!each.isDeleted() && !each.isHeld()) {
                done.add(each);
            }
        }
        List<HeldMessage> foreign = new ArrayList<>();
        for (HeldMessage each : held.values()) {
            if (each.isTaken() || deletesAll) {
                done.add(each);
            } else if (closed || each.heldNanos() >= HOLD_NANOS) {
                foreign.add(each);
            }
        }
        for (int from = 0; from < done.size(); from += Sqs.BATCH) {
            delete(done.subList(from, Math.min(done.size(), from + Sqs.BATCH)));
        }
        for (int from = 0; from < foreign.size(); from += Sqs.BATCH) {
            release(foreign.subList(from, Math.min(foreign.size(), from + Sqs.BATCH)));
        }
    }

    private void delete(List<HeldMessage> some) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(some.size());
        for (HeldMessage each : some) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id("m" + entries.size())
                    .receiptHandle(each.receiptHandle())
                    .build());
        }
        client.client()
                .deleteMessageBatch(batch -> batch.queueUrl(url)
                        .entries(entries)
                        .overrideConfiguration(limit -> limit.apiCallTimeout(ANSWER)));
        // One that was not deleted comes again and is then deleted
        some.forEach(each -> {
            each.delete();
            held.remove(each.id());
        });
    }

    private void release(List<HeldMessage> some) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(some.size());
        for (HeldMessage each : some) {
            entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id("m" + entries.size())
                    .receiptHandle(each.receiptHandle())
                    .visibilityTimeout(0)
                    .build());
        }
        client.client()
                .changeMessageVisibilityBatch(batch -> batch.queueUrl(url)
                        .entries(entries)
                        .overrideConfiguration(limit -> limit.apiCallTimeout(ANSWER)));
        some.forEach(each -> {
            each.letGo();
            held.remove(each.id());
        });
    }

    /// What passes is tried again.
    private void passOver(SdkException thrown, Duration most) throws Exception {
        if (Failures.isRefusal(thrown)) {
            throw Failures.broken(thrown, "'" + queue + "'");
        }
        interruption = new Interruption(Outcome.Failed.of(Failures.broken(thrown, "'" + at + "'")), false);
        pauseMillis = Math.clamp(pauseMillis * 2, 50, LONGEST_PAUSE_MILLIS);
        if (woken.tryAcquire(Math.min(pauseMillis, most.toMillis()), TimeUnit.MILLISECONDS)) {
            woken.release();
        }
    }

    @Override
    public @Nullable Interruption interruption() {
        return interruption;
    }

    @Override
    public void wakeup() {
        woken.release();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            settle();
        } catch (SdkException e) {
            System.getLogger(QueueSubscription.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "'" + queue + "': what was held comes back in " + VISIBILITY_SECONDS + " s",
                            e);
        } finally {
            client.close();
        }
    }
}
