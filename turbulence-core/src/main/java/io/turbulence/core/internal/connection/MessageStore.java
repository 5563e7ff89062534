package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.ShownText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/*
 * A waiter whose match is an equality names the part of the message that it looks at (a selector) and the value
 * that this part must have. For every distinct selector there is one index: a map from values to buckets. A
 * message is looked at once for each selector, outside the lock, and put into one bucket of each index; the
 * waiters of that bucket get it. So a message costs the same with ten waiters and with ten thousand.
 *
 * A waiter looks into its bucket and joins it under one lock, and a message is put into its buckets under the
 * same lock: either the waiter finds the message or the message finds the waiter.
 *
 * Who waits for something else than an equality (a scanner) is woken for every message and looks for itself,
 * on its own thread.
 *
 * A message that leaves the buffer without ever being taken is counted under exactly one heading. A bucket
 * therefore remembers for as long as a message may stay what was taken from it (a further message of the same
 * content is a duplicate) and that somebody waited in vain (it is late).
 */

/// The messages of one channel: buffered within bounds, found by those who wait for them, and counted.
/// Thread-safe.
final class MessageStore {

    private static final int MOST_INDEXES = 64;
    private static final int NEAREST_LOOKED_AT = 50;
    private static final int NEAREST_SHOWN = 3;
    private static final int SHORTENED = 200;
    private static final long OVERHEAD_BYTES = 512;
    private static final long TREE_BYTES = 1024;

    /// Of what was taken by one value, the newest so many are known again.
    private static final int MOST_DIGESTS = 64;

    /// After so long without a word of the reader nobody knows what was published.
    private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// What a buffer may hold.
    ///
    /// @param age null for no limit
    record Bounds(int frames, long bytes, @Nullable Duration age) {

        /// For a channel that a whole run listens to: 100,000 messages, 256 MiB by estimate, one minute.
        static final Bounds CHANNEL = new Bounds(100_000, 256L << 20, Duration.ofSeconds(60));

        /// For what one connection's peer pushes: 10,000 messages, 64 MiB by estimate.
        static final Bounds MAILBOX = new Bounds(10_000, 64L << 20, null);
    }

    /// What became of the messages that came. The first is the sum of the others.
    ///
    /// @param taken      by at least one instance
    /// @param unmatched  left the buffer and nobody ever wanted them
    /// @param late       left the buffer after somebody had waited for them in vain
    /// @param duplicate  left the buffer after one with the same key and content had been taken
    /// @param overflowed were dropped, not taken, because the buffer was full
    /// @param buffered   are still there, not taken yet
    record Counts(long arrived, long taken, long unmatched, long late, long duplicate, long overflowed, long buffered) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    arrived + more.arrived,
                    taken + more.taken,
                    unmatched + more.unmatched,
                    late + more.late,
                    duplicate + more.duplicate,
                    overflowed + more.overflowed,
                    buffered + more.buffered);
        }
    }

    private final String name;
    private final LongSupplier clock;
    private final Bounds bounds;
    private final long ageNanos;
    private final boolean takenOnce;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition indexed = lock.newCondition();

    // Written under lock, read without it to look at a message
    private volatile Index[] indexes = new Index[0];

    // Guarded by lock
    private final Deque<Message> buffer = new ArrayDeque<>();
    private final Map<Matcher.Selector, Index> indexBySelector = new HashMap<>();
    private final Deque<Bucket> remembered = new ArrayDeque<>();
    private final Set<Waiter> scanners = new LinkedHashSet<>();
    private long bytes;
    private volatile long nextSequence;
    private long lastOverflowed = -1;
    private Outcome.@Nullable Failed failure;
    private boolean closed;
    private long taken;
    private long untaken;
    private long unmatched;
    private long late;
    private long duplicate;
    private long overflowed;

    // Of the reader of a channel; what is pushed over a connection has none
    private volatile boolean isRead;
    private volatile long heardAt;
    private volatile Outcome.@Nullable Failed silence;

    /// @param name      of the channel, for messages
    /// @param takenOnce whether a message is gone when it is taken; otherwise each view may take it
    MessageStore(String name, LongSupplier clock, Bounds bounds, boolean takenOnce) {
        this.name = name;
        this.clock = clock;
        this.bounds = bounds;
        Duration age = bounds.age();
        this.ageNanos = age == null ? Long.MAX_VALUE : age.toNanos();
        this.takenOnce = takenOnce;
    }

    /// The messages as one instance sees them.
    TimedInbox view() {
        return new View(this);
    }

    /// Takes a message in and gives it to whoever waits for it. Does not block.
    void arrive(Frame frame) {
        long size = sizeOf(frame);
        Index[] known = indexes;
        @Nullable Object[] values = select(known, frame, 0, new Object[0]);
        List<Waiter> served = new ArrayList<>();
        lock.lock();
        try {
            while (indexes.length > known.length) {
                Index[] more = indexes;
                lock.unlock();
                try {
                    values = select(more, frame, known.length, values);
                    known = more;
                } finally {
                    lock.lock();
                }
            }
            if (closed) {
                return;
            }
            long now = clock.getAsLong();
            expire(now);
            makeRoom(size);
            long sequence = nextSequence;
            nextSequence = sequence + 1;
            Message message = new Message(sequence, frame, size, now);
            buffer.addLast(message);
            bytes += size;
            untaken++;
            for (int i = 0; i < known.length; i++) {
                Object value = values[i];
                if (value != null) {
                    known[i].bucket(value).arrive(message, served);
                }
            }
            for (Waiter scanner : scanners) {
                if (!scanner.signalled) {
                    scanner.signalled = true;
                    served.add(scanner);
                }
            }
        } finally {
            lock.unlock();
        }
        served.forEach(Waiter::wake);
    }

    /// Drops what is too old. To be called from time to time when nothing arrives.
    void expire() {
        lock.lock();
        try {
            expire(clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /// Ends all waiting, now and later, once what came before is taken.
    void fail(Outcome.Failed why) {
        List<Waiter> all = new ArrayList<>();
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            collectWaiters(all);
        } finally {
            lock.unlock();
        }
        all.forEach(Waiter::wake);
    }

    /// Ends the waits that are in progress.
    void interrupt(Outcome.Failed why) {
        List<Waiter> all = new ArrayList<>();
        lock.lock();
        try {
            collectWaiters(all);
            all.forEach(waiter -> waiter.failure = why);
        } finally {
            lock.unlock();
        }
        all.forEach(Waiter::wake);
    }

    private void collectWaiters(List<Waiter> into) {
        for (Index index : indexes) {
            index.buckets.values().forEach(bucket -> into.addAll(bucket.waiters));
        }
        scanners.forEach(scanner -> scanner.signalled = true);
        into.addAll(scanners);
    }

    /// The reader of the channel has heard from its peer, which had nothing, or what has arrived.
    void heard() {
        heardAt = clock.getAsLong();
        silence = null;
        isRead = true;
    }

    /// When the reader heard from its peer the last time.
    long heardAt() {
        return heardAt;
    }

    /// The reader gets no answer: until it is heard of again, who has waited in vain does not know what came.
    void silent(Outcome.Failed why) {
        silence = why;
    }

    private void requireHeard() {
        Outcome.Failed why = silence;
        if (why != null) {
            throw broken(why);
        }
        long silentFor = clock.getAsLong() - heardAt;
        if (isRead && silentFor > OVERDUE_NANOS) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    "%s: nothing is known of the last %s: its reader still waits for an answer"
                            .formatted(name, Durations.text(Duration.ofMillis(silentFor / 1_000_000))));
        }
    }

    /// Takes messages again after [#fail]; drops what came before, each under its heading.
    void reopen() {
        lock.lock();
        try {
            failure = null;
            while (!buffer.isEmpty()) {
                drop(buffer.getFirst(), false);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Drops everything, each under its heading, and ends all waiting.
    void close(Outcome.Failed why) {
        fail(why);
        lock.lock();
        try {
            closed = true;
            while (!buffer.isEmpty()) {
                drop(buffer.getFirst(), false);
            }
        } finally {
            lock.unlock();
        }
    }

    Counts counts() {
        lock.lock();
        try {
            return new Counts(nextSequence, taken, unmatched, late, duplicate, overflowed, untaken);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Message take(View view, Matcher matcher, Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Matcher.Key key = matcher.key().orElse(null);
        Index index = key == null ? null : index(key.selector());
        return key == null || index == null
                ? scan(view, matcher, deadline)
                : takeByKey(view, index, key.value(), deadline);
    }

    private @Nullable Message takeByKey(View view, Index index, Object value, Deadline deadline)
            throws InterruptedException {
        Waiter waiter = new Waiter(view);
        Bucket bucket;
        lock.lockInterruptibly();
        try {
            view.begin();
            while (!index.ready) {
                if (indexed.awaitNanos(Math.max(0, deadline.remainingNanos())) <= 0 && !index.ready) {
                    return null;
                }
            }
            bucket = index.bucket(value);
            Message message = bucket.firstFor(view);
            if (message != null) {
                return taken(view, message, bucket);
            }
            if (failure != null) {
                bucket.tidy();
                throw broken(failure);
            }
            bucket.waiters.add(waiter);
        } finally {
            lock.unlock();
        }
        try {
            // The message is looked for last: taking the lock may use up the permit that told of it
            while (!deadline.expired() && !isBroken() && waiter.failure == null && waiter.message == null) {
                LockSupport.parkNanos(this, deadline.remainingNanos());
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return finish(waiter, bucket);
        } finally {
            leave(waiter, bucket);
        }
    }

    private @Nullable Message finish(Waiter waiter, Bucket bucket) {
        lock.lock();
        try {
            Message message = waiter.message;
            if (message != null) {
                return taken(waiter.view, message, bucket);
            }
            Outcome.Failed why = failure == null ? waiter.failure : failure;
            if (why != null) {
                throw broken(why);
            }
            // Whatever came while it waited was looked at
            waiter.view.sawAll(nextSequence);
            bucket.remember(clock.getAsLong(), null);
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiter waiter, Bucket bucket) {
        lock.lock();
        try {
            bucket.waiters.remove(waiter);
            bucket.tidy();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Message scan(View view, Matcher matcher, Deadline deadline) throws InterruptedException {
        Waiter waiter = new Waiter(view);
        long cursor = 0;
        boolean begun = false;
        try {
            while (true) {
                List<Message> fresh = new ArrayList<>();
                Outcome.Failed over;
                lock.lockInterruptibly();
                try {
                    if (!begun) {
                        view.begin();
                        begun = true;
                    }
                    scanners.add(waiter);
                    waiter.signalled = false;
                    over = failure == null ? waiter.failure : failure;
                    collectSince(cursor, fresh);
                    cursor = nextSequence;
                    view.lookedAt(cursor);
                } finally {
                    lock.unlock();
                }
                for (Message message : fresh.reversed()) {
                    if (!view.hasTaken(message) && matches(matcher, message.frame)) {
                        return takenByScan(view, message);
                    }
                }
                if (over != null) {
                    throw broken(over);
                }
                if (deadline.expired()) {
                    return null;
                }
                if (!waiter.signalled) {
                    LockSupport.parkNanos(this, deadline.remainingNanos());
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            lock.lock();
            try {
                scanners.remove(waiter);
            } finally {
                lock.unlock();
            }
        }
    }

    private Message takenByScan(View view, Message message) {
        lock.lock();
        try {
            return taken(view, message, null);
        } finally {
            lock.unlock();
        }
    }

    /// Newest first.
    private void collectSince(long sequence, List<Message> into) {
        for (var all = buffer.descendingIterator(); all.hasNext(); ) {
            Message message = all.next();
            if (message.sequence < sequence) {
                return;
            }
            into.add(message);
        }
    }

    /// The index for this selector, made when it is first asked for; null when there are too many.
    private @Nullable Index index(Matcher.Selector selector) {
        List<Message> before = new ArrayList<>();
        Index index;
        lock.lock();
        try {
            Index known = indexBySelector.get(selector);
            if (known != null || indexBySelector.size() >= MOST_INDEXES) {
                return known;
            }
            index = new Index(this, selector);
            indexBySelector.put(selector, index);
            Index[] more = Arrays.copyOf(indexes, indexes.length + 1);
            more[more.length - 1] = index;
            indexes = more;
            collectSince(0, before);
        } finally {
            lock.unlock();
        }
        List<@Nullable Object> values = new ArrayList<>();
        before.forEach(message -> values.add(select(selector, message.frame)));
        lock.lock();
        try {
            for (int i = 0; i < before.size(); i++) {
                Message message = before.get(i);
                Object value = values.get(i);
                if (value != null && !message.dropped) {
                    index.bucket(value).precede(message);
                }
            }
            index.ready = true;
            indexed.signalAll();
        } finally {
            lock.unlock();
        }
        return index;
    }

    private Message taken(View view, Message message, @Nullable Bucket bucket) {
        if (!message.taken) {
            message.taken = true;
            taken++;
            untaken--;
        }
        if (bucket != null) {
            bucket.remember(clock.getAsLong(), message);
        }
        if (takenOnce) {
            drop(message, false);
        } else {
            view.remember(message, oldestSequence());
        }
        return message;
    }

    private long oldestSequence() {
        Message oldest = buffer.peekFirst();
        return oldest == null ? nextSequence : oldest.sequence;
    }

    private void makeRoom(long size) {
        while (!buffer.isEmpty() && (buffer.size() >= bounds.frames() || bytes + size > bounds.bytes())) {
            drop(buffer.getFirst(), true);
        }
    }

    private void expire(long now) {
        for (Message oldest = buffer.peekFirst();
                oldest != null && now - oldest.arrivedAt >= ageNanos;
                oldest = buffer.peekFirst()) {
            drop(oldest, false);
        }
        for (Bucket bucket = remembered.peekFirst();
                bucket != null && (now - bucket.filedAt >= ageNanos || remembered.size() > bounds.frames());
                bucket = remembered.peekFirst()) {
            remembered.removeFirst();
            if (now - bucket.touchedAt >= ageNanos || remembered.size() >= bounds.frames()) {
                bucket.forget();
            } else {
                bucket.filedAt = bucket.touchedAt;
                remembered.addLast(bucket);
            }
        }
    }

    private void drop(Message message, boolean overflow) {
        message.dropped = true;
        if (buffer.peekFirst() == message) {
            buffer.removeFirst();
        } else {
            buffer.remove(message);
        }
        bytes -= message.size;
        if (!message.taken) {
            untaken--;
            count(message, overflow);
        }
        message.buckets.forEach(bucket -> bucket.drop(message));
    }

    private void count(Message message, boolean overflow) {
        if (overflow) {
            overflowed++;
            lastOverflowed = message.sequence;
        } else if (message.buckets.stream().anyMatch(bucket -> bucket.knows(message))) {
            duplicate++;
        } else if (message.buckets.stream().anyMatch(bucket -> bucket.inVain)) {
            late++;
        } else {
            unmatched++;
        }
    }

    private boolean isBroken() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    /// How many were dropped, because it was full, of those that came as this one or later.
    private long overflowedFrom(long sequence) {
        return Math.max(0, lastOverflowed - sequence + 1);
    }

    private Inbox.Arrivals arrivals(View view, Matcher matcher) {
        List<Message> newest = new ArrayList<>();
        long count;
        long dropped;
        lock.lock();
        try {
            count = nextSequence - view.beganAt;
            dropped = view.unseen();
            for (var all = buffer.descendingIterator(); all.hasNext() && newest.size() < NEAREST_LOOKED_AT; ) {
                newest.add(all.next());
            }
        } finally {
            lock.unlock();
        }
        // A message that has the part at all is nearer than one that has not
        Matcher.Selector selector = matcher.key().map(Matcher.Key::selector).orElse(null);
        List<Message> nearest = new ArrayList<>();
        if (selector != null) {
            newest.stream()
                    .filter(message -> select(selector, message.frame) != null)
                    .forEach(nearest::add);
        }
        newest.stream().filter(message -> !nearest.contains(message)).forEach(nearest::add);
        List<String> texts = nearest.stream()
                .filter(message -> !view.hasTaken(message))
                .map(message -> explain(matcher, message.frame))
                .filter(text -> !text.isEmpty())
                .distinct()
                .limit(NEAREST_SHOWN)
                .toList();
        return new Inbox.Arrivals(count, dropped, texts);
    }

    private static String explain(Matcher matcher, Frame frame) {
        String text;
        try {
            text = matcher.explain(frame);
        } catch (RuntimeException e) {
            text = "could not be evaluated: " + e.getMessage();
        }
        return ShownText.shortened(text, SHORTENED);
    }

    private static boolean matches(Matcher matcher, Frame frame) {
        try {
            return matcher.matches(frame);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static @Nullable Object[] select(Index[] all, Frame frame, int from, @Nullable Object[] before) {
        @Nullable Object[] values = Arrays.copyOf(before, all.length);
        for (int i = from; i < all.length; i++) {
            values[i] = select(all[i].selector, frame);
        }
        return values;
    }

    private static @Nullable Object select(Matcher.Selector selector, Frame frame) {
        try {
            return selector.select(frame);
        } catch (RuntimeException e) {
            // What cannot be evaluated does not match
            return null;
        }
    }

    private static FailureException broken(Outcome.Failed why) {
        return new FailureException(why.failure(), why.message(), why.cause());
    }

    private static long sizeOf(Frame frame) {
        return OVERHEAD_BYTES
                + switch (frame.payload()) {
                    case Payload.Bytes bytes -> bytes.content().length;
                    case Payload.Document document -> TREE_BYTES + encodedLength(document);
                    case Payload.Empty empty -> 0;
                    case Payload.Stream stream -> 0;
                };
    }

    private static int encodedLength(Payload.Document document) {
        byte[] encoded = document.encoded();
        return encoded == null ? 0 : encoded.length;
    }

    /// The same for messages of the same key and content, and for hardly any others; null when the content is a tree,
    /// which only its plugin's code could make.
    private static @Nullable Long digest(Frame frame) {
        byte[] content = switch (frame.payload()) {
            case Payload.Bytes bytes -> bytes.content();
            case Payload.Document document -> document.encoded();
            case Payload.Empty empty -> new byte[0];
            case Payload.Stream stream -> null;
        };
        if (content == null) {
            return null;
        }
        CRC32C sum = new CRC32C();
        sum.update(content);
        int hash = 31 * Arrays.hashCode(content)
                + Objects.hashCode(frame.metadata().get("key"));
        return sum.getValue() << 32 | Integer.toUnsignedLong(hash);
    }

    private static final class Message {

        private final long sequence;
        private final Frame frame;
        private final long size;
        private final long arrivedAt;
        private final List<Bucket> buckets = new ArrayList<>(1);
        private boolean taken;
        private boolean dropped;
        private @Nullable Long digest;
        private boolean isDigested;

        Message(long sequence, Frame frame, long size, long arrivedAt) {
            this.sequence = sequence;
            this.frame = frame;
            this.size = size;
            this.arrivedAt = arrivedAt;
        }

        @Nullable
        Long digest() {
            if (!isDigested) {
                isDigested = true;
                digest = MessageStore.digest(frame);
            }
            return digest;
        }
    }

    /// The messages by one part of theirs. Guarded by the store's lock.
    private static final class Index {

        private final MessageStore store;
        private final Matcher.Selector selector;
        private final Map<Object, Bucket> buckets = new HashMap<>();
        private boolean ready;

        Index(MessageStore store, Matcher.Selector selector) {
            this.store = store;
            this.selector = selector;
        }

        Bucket bucket(Object value) {
            return buckets.computeIfAbsent(value, key -> new Bucket(this, key));
        }
    }

    /// The messages whose part has one value, and who waits for such. Guarded by the store's lock.
    private static final class Bucket {

        private static final long[] NO_DIGESTS = new long[0];

        private final Index index;
        private final Object value;
        private final Deque<Message> messages = new ArrayDeque<>(2);
        private final List<Waiter> waiters = new ArrayList<>(1);
        private long[] digests = NO_DIGESTS;
        private int digested;
        private boolean inVain;
        private boolean isRemembered;
        private long touchedAt;
        private long filedAt;

        Bucket(Index index, Object value) {
            this.index = index;
            this.value = value;
        }

        void arrive(Message message, List<Waiter> served) {
            messages.addLast(message);
            message.buckets.add(this);
            if (index.store.takenOnce && !waiters.isEmpty()) {
                serve(waiters.removeFirst(), message, served);
                return;
            }
            waiters.forEach(waiter -> serve(waiter, message, served));
            waiters.clear();
        }

        private static void serve(Waiter waiter, Message message, List<Waiter> served) {
            waiter.message = message;
            served.add(waiter);
        }

        /// Adds a message that is older than all that are there.
        void precede(Message message) {
            messages.addFirst(message);
            message.buckets.add(this);
        }

        @Nullable
        Message firstFor(View view) {
            for (Message message : messages) {
                if (!view.hasTaken(message)) {
                    return message;
                }
            }
            return null;
        }

        void drop(Message message) {
            if (messages.peekFirst() == message) {
                messages.removeFirst();
            } else {
                messages.remove(message);
            }
            tidy();
        }

        /// @param message what was taken; null when somebody waited in vain
        void remember(long now, @Nullable Message message) {
            if (message == null) {
                inVain = true;
            } else if (!knows(message)) {
                learn(message);
            }
            touchedAt = now;
            if (!isRemembered) {
                isRemembered = true;
                filedAt = now;
                index.store.remembered.addLast(this);
            }
        }

        private void learn(Message message) {
            Long digest = message.digest();
            if (digest == null) {
                return;
            }
            if (digested == digests.length && digested < MOST_DIGESTS) {
                digests = Arrays.copyOf(digests, Math.max(1, 2 * digested));
            }
            digests[digested++ % digests.length] = digest;
        }

        /// Whether one of the same key and content was taken.
        boolean knows(Message message) {
            Long digest = digested == 0 ? null : message.digest();
            if (digest == null) {
                return false;
            }
            for (int i = 0; i < Math.min(digested, digests.length); i++) {
                if (digests[i] == digest) {
                    return true;
                }
            }
            return false;
        }

        void forget() {
            isRemembered = false;
            if (messages.isEmpty() && waiters.isEmpty()) {
                digests = NO_DIGESTS;
                digested = 0;
                inVain = false;
            }
            tidy();
        }

        void tidy() {
            if (messages.isEmpty() && waiters.isEmpty() && !isRemembered) {
                index.buckets.remove(value, this);
            }
        }
    }

    private static final class Waiter {

        private final View view;
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Message message;
        private volatile Outcome.@Nullable Failed failure;
        private volatile boolean signalled;

        Waiter(View view) {
            this.view = view;
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    private static final class View implements TimedInbox {

        private final MessageStore store;
        private final Set<Long> taken = new HashSet<>();
        private long prunedBelow;
        private long beganAt;

        // The first message that may be meant, the first that the newest wait has not looked at, and how many between
        // them were dropped before it could
        private long since;
        private long next;
        private long missed;
        private long overflowedBefore;

        View(MessageStore store) {
            this.store = store;
            restart();
        }

        @Override
        public @Nullable Frame take(Matcher matcher, Deadline deadline) throws InterruptedException {
            Message message = taken(matcher, deadline);
            return message == null ? null : message.frame;
        }

        @Override
        public @Nullable Arrival takeTimed(Matcher matcher, Deadline deadline) throws InterruptedException {
            Message message = taken(matcher, deadline);
            return message == null ? null : new Arrival(message.frame, message.arrivedAt);
        }

        private @Nullable Message taken(Matcher matcher, Deadline deadline) throws InterruptedException {
            Message message = store.take(this, matcher, deadline);
            if (message == null) {
                store.requireHeard();
            }
            return message;
        }

        @Override
        public Arrivals arrivals(Matcher matcher) {
            return store.arrivals(this, matcher);
        }

        @Override
        public final void restart() {
            store.lock.lock();
            try {
                since = store.nextSequence;
                next = since;
                missed = 0;
                overflowedBefore = store.overflowed;
            } finally {
                store.lock.unlock();
            }
        }

        @Override
        public long overflowed() {
            store.lock.lock();
            try {
                return unseen();
            } finally {
                store.lock.unlock();
            }
        }

        void begin() {
            beganAt = store.nextSequence;
            missed = store.overflowedFrom(since);
            next = beganAt;
        }

        /// The newest wait has looked at all before this one that had not been dropped by then.
        void lookedAt(long sequence) {
            missed += store.overflowedFrom(next);
            next = sequence;
        }

        /// The newest wait was given all that came before this one.
        void sawAll(long sequence) {
            next = sequence;
        }

        long unseen() {
            return Math.min(missed + store.overflowedFrom(next), store.overflowed - overflowedBefore);
        }

        boolean hasTaken(Message message) {
            return taken.contains(message.sequence);
        }

        void remember(Message message, long oldestSequence) {
            taken.add(message.sequence);
            if (oldestSequence - prunedBelow > 1000) {
                taken.removeIf(sequence -> sequence < oldestSequence);
                prunedBelow = oldestSequence;
            }
        }
    }
}
