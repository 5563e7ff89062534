package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Rows of an object, read by a thread of their own a few ahead of who takes them: a slow reader holds the service
/// back.
final class RowStream implements PayloadStream {

    /// How many rows are read ahead.
    private static final int WINDOW = 128;

    private final Download download;
    private final Opening rows;
    private final BlockingQueue<Event> window = new ArrayBlockingQueue<>(WINDOW);
    private final Thread reader;
    private volatile boolean closed;

    // Of the thread that takes them
    private @Nullable Event last;
    private long count;

    private RowStream(Download download, Opening rows, String name) {
        this.download = download;
        this.rows = rows;
        this.reader = Thread.ofVirtual().name(name).unstarted(this::read);
    }

    static RowStream start(Download download, Opening rows, String name) {
        RowStream stream = new RowStream(download, rows, name);
        stream.reader.start();
        return stream;
    }

    /// Begins to read rows.
    interface Opening {

        Rows open() throws Exception;
    }

    /// What the reader tells.
    private sealed interface Event {

        record Next(Rows.Row row) implements Event {}

        record End() implements Event {}

        record Broken(Exception thrown) implements Event {}
    }

    private void read() {
        try {
            try {
                Rows opened = rows.open();
                for (Rows.Row row = opened.next(); row != null; row = opened.next()) {
                    window.put(new Event.Next(row));
                }
                window.put(new Event.End());
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                window.put(new Event.Broken(e));
            }
        } catch (InterruptedException e) {
            // Closed: nobody takes what is left
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        Event event = last;
        if (event == null) {
            event = closed
                    ? new Event.End()
                    : window.poll(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        }
        return switch (event) {
            case null -> throw new TimeoutException("no row within the " + deadline.limit());
            case Event.Next next -> {
                count++;
                yield Frame.of(Payload.document(next.row().tree()));
            }
            case Event.End end -> {
                last = end;
                yield null;
            }
            case Event.Broken broken -> {
                last = broken;
                throw broken.thrown();
            }
        };
    }

    @Override
    public Ending ending() {
        return new Ending(
                null,
                Metadata.builder()
                        .put("rows", count)
                        .put("bytes", download.count())
                        .build());
    }

    @Override
    public void close() {
        closed = true;
        download.close();
        reader.interrupt();
        // Who waits is told; what was read ahead is of no use
        window.clear();
        window.offer(new Event.End());
    }
}
