package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.PayloadStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that are there already, as a stream.
final class TakenFrames implements PayloadStream {

    private final Iterator<Frame> frames;

    TakenFrames(List<Frame> frames) {
        this.frames = List.copyOf(frames).iterator();
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
