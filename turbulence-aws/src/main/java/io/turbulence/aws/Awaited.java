package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Waits for the instance's own messages among all of a channel.
///
/// @param subject   of messages, in quotes
/// @param thing     what comes: `message`, `record`
/// @param absentFor instead of waiting for some: none may come for so long
record Awaited(
        Transport transport,
        String subject,
        String thing,
        @Nullable Matcher match,
        int count,
        @Nullable Duration absentFor) {

    private static final Matcher ANY = new Any();

    /// What the host finds by an index.
    private static final Set<Set<String>> LOOKED_UP =
            Set.of(Set.of("key"), Set.of("header"), Set.of("jsonpath", "equals"));

    static void check(Preparation<?> step, String channel, String things) {
        if (!step.has("match")) {
            step.problems()
                    .warning(
                            channel,
                            "without 'match' any %s is taken, also another instance's".formatted(things),
                            "match a part of it: 'match: {jsonpath: …, equals: …}'");
            return;
        }
        boolean isEvaluated = step.sketch("match")
                .filter(given -> given instanceof Map<?, ?> keys && !LOOKED_UP.contains(keys.keySet()))
                .isPresent();
        if (isEvaluated) {
            step.problems()
                    .warning(
                            "match",
                            "every waiter evaluates it for every %s, which costs under load".formatted(things),
                            "'{key: …}', '{header: {name: …}}' and '{jsonpath: …, equals: …}' are looked up instead");
        }
    }

    /// @param taken is given each one that was waited for
    Observation in(Inbox inbox, ActionContext context, Consumer<Frame> taken) throws InterruptedException {
        Matcher matcher = match == null ? ANY : match;
        Deadline deadline = absentFor == null
                ? context.deadline()
                : context.deadline().within(absentFor, "absence of " + absentFor.toMillis() + " ms");
        List<Frame> frames = new ArrayList<>(Math.min(count, 16));
        while (frames.size() < count) {
            Frame frame = inbox.take(matcher, deadline);
            if (frame == null) {
                break;
            }
            context.mark(Phase.FIRST_BYTE);
            frames.add(frame);
            taken.accept(frame);
            if (context.verbose()) {
                context.tell("< a " + thing + " of " + subject + which(matcher));
            }
        }
        if (absentFor != null) {
            return absence(frames, matcher, inbox, deadline == context.deadline(), deadline, absentFor);
        }
        return frames.size() < count ? ranOut(matcher, inbox, deadline, frames.size()) : found(frames);
    }

    private Observation found(List<Frame> frames) {
        Frame last = frames.getLast();
        if (frames.size() == 1) {
            return Observation.answered(transport, true, "200", last.metadata(), last.payload());
        }
        Metadata facts =
                last.metadata().toBuilder().put("messages", frames.size()).build();
        return Observation.answered(
                transport, true, "200", facts, Payload.stream(new TakenFrames(frames), StreamBounds.NONE));
    }

    private Observation absence(
            List<Frame> frames, Matcher matcher, Inbox inbox, boolean isStepsOwn, Deadline deadline, Duration absent) {
        if (!frames.isEmpty()) {
            Frame first = frames.getFirst();
            return Observation.answered(
                    transport,
                    false,
                    "a %s of %s%s, where none was to come for %d ms"
                            .formatted(thing, subject, which(matcher), absent.toMillis()),
                    first.metadata(),
                    first.payload());
        }
        if (isStepsOwn) {
            return Observation.failed(
                    transport,
                    Failure.TIMEOUT,
                    "%s: the %s was over before 'absent_for' of %d ms was. Raise 'timeout'."
                            .formatted(subject, deadline.limit(), absent.toMillis()),
                    null);
        }
        long overflowed = inbox.arrivals(matcher).overflowed();
        if (overflowed > 0) {
            return Observation.failed(
                    transport,
                    Failure.TOO_LARGE,
                    "%s: nobody knows whether a %s%s came: %d were dropped because the buffer was full, before this step looked at them"
                            .formatted(subject, thing, which(matcher), overflowed),
                    null);
        }
        return Observation.answered(
                transport,
                true,
                "200",
                Metadata.builder().put("status_code", 200).put("absent", true).build(),
                Payload.empty());
    }

    private Observation ranOut(Matcher matcher, Inbox inbox, Deadline deadline, int taken) {
        Inbox.Arrivals arrivals = inbox.arrivals(matcher);
        StringBuilder message = new StringBuilder(subject).append(": ");
        message.append(count == 1 ? "no " + thing : taken + " of " + count + " " + thing + "s");
        message.append(which(matcher))
                .append(" within the ")
                .append(deadline.limit())
                .append("; ");
        message.append(
                arrivals.count() == 0
                        ? "none came meanwhile"
                        : arrivals.count() == 1
                                ? "1 " + thing + " came meanwhile"
                                : arrivals.count() + " " + thing + "s came meanwhile");
        if (arrivals.overflowed() > 0) {
            message.append("; ")
                    .append(arrivals.overflowed())
                    .append(" were dropped because the buffer was full, before this step looked at them");
        }
        if (!arrivals.nearest().isEmpty()) {
            message.append("; nearest: ").append(String.join("; ", arrivals.nearest()));
        }
        return Observation.failed(transport, Failure.TIMEOUT, message.toString(), null);
    }

    private static String which(Matcher matcher) {
        if (matcher instanceof Any) {
            return "";
        }
        return (matcher.key().isPresent() ? " with " : " that meets ") + matcher.describe();
    }

    /// Every message matches.
    private static final class Any implements Matcher {

        @Override
        public boolean matches(Frame frame) {
            return true;
        }

        @Override
        public String describe() {
            return "anything";
        }
    }
}
