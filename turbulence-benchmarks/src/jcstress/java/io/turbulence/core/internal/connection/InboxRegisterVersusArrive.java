package io.turbulence.core.internal.connection;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.spi.Matcher;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A message comes while somebody begins to wait for it.
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "it was taken")
@Outcome(id = "0", expect = FORBIDDEN, desc = "it was lost between looking and waiting")
@Outcome(expect = FORBIDDEN, desc = "the wait broke")
@State
public class InboxRegisterVersusArrive {

    private static final Frame MESSAGE = Frame.of(Metadata.of("key", "a"), Payload.empty());
    private static final Matcher KEY = new ByKey();

    private final MessageStore store = new MessageStore(System::nanoTime, MessageStore.Bounds.CHANNEL, false);

    @Actor
    public void waits(I_Result result) {
        try {
            Frame taken = store.view().take(KEY, Deadline.after(Duration.ofSeconds(5), "test"));
            result.r1 = taken == null ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.r1 = -1;
        }
    }

    @Actor
    public void comes() {
        store.arrive(MESSAGE);
    }

    private static final class ByKey implements Matcher {

        private static final Selector SELECTOR = frame -> frame.metadata().get("key");

        @Override
        public boolean matches(Frame frame) {
            return "a".equals(frame.metadata().get("key"));
        }

        @Override
        public String describe() {
            return "key is a";
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(new Key(SELECTOR, "a"));
        }

        @Override
        public String explain(Frame frame) {
            return "";
        }
    }
}
