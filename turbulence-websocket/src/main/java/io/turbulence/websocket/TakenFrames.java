package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that are there already, as a stream.
final class TakenFrames implements PayloadStream {

    private final Iterator<Frame> frames;

    private TakenFrames(List<Frame> frames) {
        this.frames = List.copyOf(frames).iterator();
    }

    /// One message as it is, several as a stream.
    static Payload payload(List<Frame> frames) {
        return switch (frames.size()) {
            case 0 -> Payload.empty();
            case 1 -> frames.getFirst().payload();
            default -> Payload.stream(new TakenFrames(frames), StreamBounds.NONE);
        };
    }

    /// Adds the facts of the last message, and how many there were.
    static Metadata.Builder facts(List<Frame> frames, Metadata.Builder connection) {
        if (frames.isEmpty()) {
            return connection;
        }
        Metadata.Builder facts = frames.getLast().metadata().toBuilder();
        connection.build().asMap().forEach(facts::put);
        if (frames.size() > 1) {
            facts.put("messages", frames.size());
        }
        return facts;
    }

    @Override
    public @Nullable Frame next(Deadline deadline) {
        return frames.hasNext() ? frames.next() : null;
    }

    @Override
    public void close() {
        // There is nothing to give back
    }
}
