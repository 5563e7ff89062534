package io.turbulence.aws;

import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/*
 * A shard may be read five times a second, so one thread reads every shard of a stream in turn. An iterator is a place
 * in a shard that is good for five minutes: the next one comes with each answer, and one that has expired is replaced by
 * one after the record that was read last.
 *
 * When a shard was split or merged it ends, and its children are read from their beginning. Their records begin where the
 * parent's end, so nothing is missed, whatever the time between.
 */
/// All shards of one stream, read by one thread.
final class ShardsSubscription implements Subscription {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int MOST_RECORDS = 5000;

    private final String stream;
    private final String at;
    private final ServiceClient<KinesisClient> client;
    private final Semaphore woken = new Semaphore(0);

    // Of the thread that polls, once it is open
    private final List<Reader> readers = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Queue<Frame> early = new ArrayDeque<>();
    private boolean closed;

    private ShardsSubscription(String stream, String at, ServiceClient<KinesisClient> client) {
        this.stream = stream;
        this.at = at;
        this.client = client;
    }

    /// Where one shard is read.
    private static final class Reader {

        private final String shard;
        private @Nullable String iterator;
        private @Nullable String last;
        private long dueAt;
        private @Nullable GetRecordsResponse over;
        private @Nullable Interruption interruption;

        Reader(String shard, @Nullable String iterator) {
            this.shard = shard;
            this.iterator = iterator;
            this.dueAt = System.nanoTime();
        }
    }

    /// When this returns, every shard has been read once: the places are fixed.
    static ShardsSubscription open(KinesisService service, SubscriptionRequest request, OpenContext context)
            throws Exception {
        String stream = request.channel();
        ServiceClient<KinesisClient> client = ServiceClient.open(service, 1, context, KinesisClients::build);
        boolean good = false;
        try {
            ShardsSubscription subscription =
                    new ShardsSubscription(stream, context.endpoint().authority(), client);
            boolean earliest = request.options().containsKey(Streams.EARLIEST);
            subscription.position(earliest, Duration.ofMillis(context.deadline().timeoutMillis()));
            good = true;
            return subscription;
        } catch (SdkException e) {
            throw Failures.broken(e, "'" + stream + "': the stream cannot be read");
        } finally {
            if (!good) {
                client.close();
            }
        }
    }

    private void position(boolean earliest, Duration most) {
        List<Shard> shards = shards(most);
        for (Shard each : shards) {
            known.add(each.shardId());
            boolean ended = each.sequenceNumberRange().endingSequenceNumber() != null;
            boolean first = each.parentShardId() == null || !contains(shards, each.parentShardId());
            if (earliest ? first : !ended) {
                add(each.shardId(), earliest ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.LATEST, most);
            } else if (earliest) {
                // Read when its parent has ended
                known.remove(each.shardId());
            }
        }
        for (Reader each : List.copyOf(readers)) {
            read(each, early::add, most);
        }
    }

    private static boolean contains(List<Shard> shards, String id) {
        return shards.stream().anyMatch(each -> each.shardId().equals(id));
    }

    private List<Shard> shards(Duration most) {
        List<Shard> shards = new ArrayList<>();
        ListShardsRequest request = ListShardsRequest.builder()
                .streamName(name())
                .streamARN(arn())
                .overrideConfiguration(limit(most))
                .build();
        ListShardsResponse page = client.client().listShards(request);
        shards.addAll(page.shards());
        while (page.nextToken() != null) {
            page = client.client()
                    .listShards(ListShardsRequest.builder()
                            .nextToken(page.nextToken())
                            .overrideConfiguration(limit(most))
                            .build());
            shards.addAll(page.shards());
        }
        return shards;
    }

    private void add(String shard, ShardIteratorType from, Duration most) {
        readers.add(new Reader(shard, iterator(shard, from, null, most)));
        known.add(shard);
    }

    private String iterator(String shard, ShardIteratorType from, @Nullable String after, Duration most) {
        return client.client()
                .getShardIterator(GetShardIteratorRequest.builder()
                        .streamName(name())
                        .streamARN(arn())
                        .shardId(shard)
                        .shardIteratorType(from)
                        .startingSequenceNumber(after)
                        .overrideConfiguration(limit(most))
                        .build())
                .shardIterator();
    }

    @Override
    public void poll(Duration most, Consumer<Frame> receiver) throws Exception {
        for (Frame each = early.poll(); each != null; each = early.poll()) {
            receiver.accept(each);
        }
        long until = System.nanoTime() + most.toNanos();
        boolean any = false;
        while (!any) {
            Reader next = readers.stream()
                    .min(Comparator.comparingLong(reader -> reader.dueAt))
                    .orElse(null);
            long left = until - System.nanoTime();
            long due = next == null ? left : next.dueAt - System.nanoTime();
            if (woken.tryAcquire(Math.max(0, Math.min(left, due)), TimeUnit.NANOSECONDS)) {
                return;
            }
            if (next == null || due > left) {
                return;
            }
            any = tryToRead(next, receiver);
        }
    }

    private boolean tryToRead(Reader reader, Consumer<Frame> receiver) throws Exception {
        reader.dueAt = System.nanoTime() + EVERY_NANOS;
        try {
            boolean any = readOrRenew(reader, receiver);
            reader.interruption = null;
            return any;
        } catch (SdkException e) {
            passOver(reader, e);
            return false;
        }
    }

    private boolean readOrRenew(Reader reader, Consumer<Frame> receiver) {
        GetRecordsResponse over = reader.over;
        if (over != null) {
            ended(reader, over);
            return false;
        }
        try {
            return read(reader, receiver, ANSWER);
        } catch (ExpiredIteratorException e) {
            renew(reader);
            return false;
        }
    }

    private void renew(Reader reader) {
        reader.iterator = reader.last == null
                ? iterator(reader.shard, ShardIteratorType.TRIM_HORIZON, null, ANSWER)
                : iterator(reader.shard, ShardIteratorType.AFTER_SEQUENCE_NUMBER, reader.last, ANSWER);
    }

    /// @return whether there was something, so that there may be more
    private boolean read(Reader reader, Consumer<Frame> receiver, Duration most) {
        GetRecordsResponse response = client.client()
                .getRecords(GetRecordsRequest.builder()
                        .shardIterator(reader.iterator)
                        .streamARN(arn())
                        .limit(MOST_RECORDS)
                        .overrideConfiguration(limit(most))
                        .build());
        for (Record each : response.records()) {
            reader.last = each.sequenceNumber();
            receiver.accept(Kinesis.frame(stream, reader.shard, each));
        }
        reader.iterator = response.nextShardIterator();
        if (reader.iterator == null) {
            reader.over = response;
            ended(reader, response);
        }
        return !response.records().isEmpty();
    }

    /// Goes on with the shards that it was split or merged into. The reader stays until that is done.
    private void ended(Reader reader, GetRecordsResponse response) {
        if (response.hasChildShards()) {
            response.childShards().stream()
                    .map(child -> child.shardId())
                    .filter(shard -> !known.contains(shard))
                    .forEach(shard -> add(shard, ShardIteratorType.TRIM_HORIZON, ANSWER));
            readers.remove(reader);
            return;
        }
        for (Shard each : shards(ANSWER)) {
            boolean child =
                    reader.shard.equals(each.parentShardId()) || reader.shard.equals(each.adjacentParentShardId());
            if (child && !known.contains(each.shardId())) {
                add(each.shardId(), ShardIteratorType.TRIM_HORIZON, ANSWER);
            }
        }
        readers.remove(reader);
    }

    /// What passes, throttling among it, is tried again.
    private void passOver(Reader reader, SdkException thrown) {
        if (Failures.isRefusal(thrown)) {
            throw Failures.broken(thrown, "'" + stream + "'");
        }
        reader.interruption = new Interruption(Outcome.Failed.of(Failures.broken(thrown, "'" + at + "'")), false);
    }

    /// As long as one shard cannot be read.
    @Override
    public @Nullable Interruption interruption() {
        for (Reader each : readers) {
            if (each.interruption != null) {
                return each.interruption;
            }
        }
        return null;
    }

    private static AwsRequestOverrideConfiguration limit(Duration most) {
        return AwsRequestOverrideConfiguration.builder().apiCallTimeout(most).build();
    }

    private @Nullable String name() {
        return stream.startsWith("arn:") ? null : stream;
    }

    private @Nullable String arn() {
        return stream.startsWith("arn:") ? stream : null;
    }

    @Override
    public void wakeup() {
        woken.release();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            client.close();
        }
    }
}
