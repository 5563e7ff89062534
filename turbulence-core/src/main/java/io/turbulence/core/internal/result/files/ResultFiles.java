package io.turbulence.core.internal.result.files;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/* Lines are collected in one buffer for each file under one lock and written by one thread, which swaps the
 * buffers for empty ones. So appending costs a copy, nobody but the writer waits for the disk, and a
 * line of instances.jsonl never stands in its file before the lines of the instance's steps.
 * When the disk cannot follow, appending waits. */

/// The run's files that grow line by line. `append` is thread-safe; `write` belongs to one thread.
public final class ResultFiles implements Closeable {

    /// The files, in the order in which they are written.
    public enum File {
        STEPS("steps.jsonl"),
        ASSERTIONS("assertions.jsonl"),
        EXAMPLES("examples.jsonl"),
        TIMELINE("timeline.jsonl"),
        INSTANCES("instances.jsonl");

        private final String fileName;

        File(String fileName) {
            this.fileName = fileName;
        }

        public String fileName() {
            return fileName;
        }
    }

    /// Bytes that wait for the disk before appending waits.
    private static final int MOST_PENDING = 8 * 1024 * 1024;

    /// A buffer that grew above this is let go after it was written.
    private static final int KEPT = 1024 * 1024;

    private static final int WRITE_EARLY = 256 * 1024;

    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition drained = lock.newCondition();
    private final Condition filled = lock.newCondition();
    private final Map<File, FileChannel> channels = new EnumMap<>(File.class);

    /// Guarded by the lock.
    private Map<File, Buffer> pending = buffers();

    /// Guarded by the lock.
    private int pendingBytes;

    /// Guarded by the lock: nothing is taken any more.
    private boolean closed;

    /// Guarded by the lock: the writer is not to wait.
    private boolean ending;

    /// The writer's own.
    private Map<File, Buffer> spare = buffers();

    public ResultFiles(Path folder) throws IOException {
        this.folder = folder;
        try {
            for (File file : File.values()) {
                channels.put(file, open(folder.resolve(file.fileName())));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Takes a line, its end included. Waits while too much waits for the disk; after [#close] or
    /// [#discard] nothing is taken.
    public void append(File file, byte[] line) {
        lock.lock();
        try {
            while (pendingBytes >= MOST_PENDING && !closed) {
                drained.awaitUninterruptibly();
            }
            add(file, line);
        } finally {
            lock.unlock();
        }
    }

    /// The same for the thread that calls [#write], which must not wait for itself.
    public void appendByWriter(File file, byte[] line) {
        lock.lock();
        try {
            add(file, line);
        } finally {
            lock.unlock();
        }
    }

    /// The lock is held when it is called.
    private void add(File file, byte[] line) {
        if (closed) {
            return;
        }
        buffer(pending, file).add(line);
        boolean early = pendingBytes < WRITE_EARLY && pendingBytes + line.length >= WRITE_EARLY;
        pendingBytes += line.length;
        if (early) {
            filled.signal();
        }
    }

    /// Lets the writer wait no more.
    public void end() {
        lock.lock();
        try {
            ending = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is much to write or the time is up.
    public void awaitLines(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (pendingBytes < WRITE_EARLY && !closed && !ending && left > 0) {
                left = filled.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Writes what was appended so far.
    public void write() throws IOException {
        Map<File, Buffer> taken;
        lock.lock();
        try {
            if (pendingBytes == 0) {
                return;
            }
            taken = pending;
            pending = spare;
            pendingBytes = 0;
            drained.signalAll();
        } finally {
            lock.unlock();
        }
        IOException first = null;
        for (File file : File.values()) {
            try {
                buffer(taken, file).writeTo(requireNonNull(channels.get(file)));
            } catch (IOException e) {
                // The others may still find room
                first = first != null
                        ? first
                        : new IOException(
                                "'" + folder.resolve(file.fileName()) + "' could not be written: " + e.getMessage(), e);
            }
        }
        spare = taken;
        if (first != null) {
            throw first;
        }
    }

    /// Takes nothing more and lets everybody go who waits.
    public void discard() {
        lock.lock();
        try {
            closed = true;
            drained.signalAll();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        discard();
        IOException first = null;
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private static Map<File, Buffer> buffers() {
        Map<File, Buffer> buffers = new EnumMap<>(File.class);
        for (File file : File.values()) {
            buffers.put(file, new Buffer());
        }
        return buffers;
    }

    private static Buffer buffer(Map<File, Buffer> buffers, File file) {
        return requireNonNull(buffers.get(file));
    }

    private static final class Buffer {

        private byte[] bytes = new byte[8 * 1024];
        private int length;

        void add(byte[] line) {
            int needed = length + line.length;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
            }
            System.arraycopy(line, 0, bytes, length, line.length);
            length = needed;
        }

        void writeTo(FileChannel channel) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            length = 0;
            if (bytes.length > KEPT) {
                bytes = new byte[8 * 1024];
            }
        }
    }
}
