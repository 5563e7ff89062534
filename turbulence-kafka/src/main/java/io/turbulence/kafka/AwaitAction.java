package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Waits for the instance's own records among all of a topic.
final class AwaitAction implements ProtocolAction<AwaitSettings, Inbox> {

    private static final Matcher ANY = new Any();

    /// What the host finds by an index.
    private static final Set<Set<String>> LOOKED_UP =
            Set.of(Set.of("key"), Set.of("header"), Set.of("jsonpath", "equals"));

    private final Topics topics;

    AwaitAction(Topics topics) {
        this.topics = topics;
    }

    @Override
    public String type() {
        return "kafka.await";
    }

    @Override
    public Class<AwaitSettings> settings() {
        return AwaitSettings.class;
    }

    @Override
    public ConnectionFactory<?, Inbox> connection() {
        return topics;
    }

    @Override
    public void prepare(Preparation<AwaitSettings> step) {
        step.constant("topic", String.class).ifPresent(topic -> Topics.check(topic, step.problems()));
        step.constant("from", String.class).ifPresent(from -> Topics.checkFrom(from, step.problems()));
        checkMatch(step);
    }

    private static void checkMatch(Preparation<AwaitSettings> step) {
        if (!step.has("match")) {
            step.problems()
                    .warning(
                            "topic",
                            "without 'match' any record is taken, also another instance's",
                            "match a key: 'match: {key: …}'");
            return;
        }
        boolean isEvaluated = step.sketch("match")
                .filter(given -> given instanceof Map<?, ?> keys && !LOOKED_UP.contains(keys.keySet()))
                .isPresent();
        if (isEvaluated) {
            step.problems()
                    .warning(
                            "match",
                            "every waiter evaluates it for every record of the topic, which costs under load",
                            "'{key: …}', '{header: {name: …}}' and '{jsonpath: …, equals: …}' are looked up instead");
        }
    }

    @Override
    public List<SubscriptionRequest> subscriptions(Preparation<AwaitSettings> step) {
        Optional<String> topic = step.constant("topic", String.class);
        if (topic.isEmpty()) {
            return List.of();
        }
        String from = step.constant("from", String.class).orElse("start");
        SubscriptionRequest request = SubscriptionRequest.of(topic.get());
        // What begins with the step is among what comes from the start on
        return List.of(from.equals("start") || from.equals("step") ? request : request.with(Topics.FROM, from));
    }

    @Override
    public Observation execute(AwaitSettings settings, Inbox inbox, ActionContext context) throws Exception {
        long begun = System.currentTimeMillis();
        Duration absent = settings.absentFor();
        Deadline deadline = absent == null ? context.deadline() : absence(absent, context.deadline());
        Matcher matcher = settings.match() == null ? ANY : settings.match();
        List<Frame> taken = new ArrayList<>(settings.count());
        while (taken.size() < settings.count()) {
            Frame frame = take(settings, matcher, inbox, deadline, begun);
            if (frame == null) {
                break;
            }
            context.mark(Phase.FIRST_BYTE);
            taken.add(frame);
            if (context.verbose()) {
                context.tell("< " + describe(frame));
            }
        }
        if (absent != null) {
            if (!taken.isEmpty()) {
                return present(taken.getFirst(), settings, matcher, absent);
            }
            return deadline == context.deadline()
                    ? unproven(settings, absent, deadline)
                    : absent(settings, matcher, inbox);
        }
        return taken.size() < settings.count()
                ? ranOut(settings, matcher, inbox, context.deadline(), taken.size())
                : found(taken, settings, context);
    }

    private static String describe(Frame frame) {
        return "%s-%s@%s key %s, %s bytes"
                .formatted(
                        frame.metadata().get("topic"),
                        frame.metadata().get("partition"),
                        frame.metadata().get("offset"),
                        frame.metadata().get("key"),
                        frame.metadata().get("value_size"));
    }

    /// The step's own time may end before the absence is proven: then it is not.
    private static Deadline absence(Duration absent, Deadline step) {
        return step.within(absent, "absence of " + absent.toMillis() + " ms");
    }

    private static @Nullable Frame take(
            AwaitSettings settings, Matcher matcher, Inbox inbox, Deadline deadline, long begun)
            throws InterruptedException {
        while (true) {
            Frame frame = inbox.take(matcher, deadline);
            boolean early = frame != null
                    && settings.from().equals("step")
                    && frame.metadata().get("received_at") instanceof Long received
                    && received < begun;
            if (!early) {
                return frame;
            }
        }
    }

    private static Observation found(List<Frame> taken, AwaitSettings settings, ActionContext context) {
        for (Frame frame : taken) {
            String damage = damage(frame);
            if (damage != null) {
                return new Observation(
                        KafkaFailures.TRANSPORT,
                        new io.turbulence.api.Outcome.Failed(
                                Failure.PROTOCOL,
                                "'%s': the record that matched cannot be decoded: %s"
                                        .formatted(settings.topic(), damage),
                                null),
                        frame.metadata(),
                        Payload.empty());
            }
        }
        Frame last = taken.getLast();
        Payload payload =
                taken.size() == 1 ? last.payload() : Payload.stream(new TakenFrames(taken), StreamBounds.NONE);
        Metadata.Builder facts = last.metadata().toBuilder();
        if (taken.size() > 1) {
            facts.put("messages", taken.size());
        }
        context.cause().ifPresent(cause -> {
            // By the broker's clock or the producer's: 'timestamp_type' says which. It may be behind ours
            if (last.metadata().get("timestamp") instanceof Long timestamp) {
                long millis = timestamp - cause.sentAt().toEpochMilli();
                if (millis >= 0) {
                    facts.put("propagation_to_broker_ms", millis);
                }
            }
        });
        return Observation.answered(KafkaFailures.TRANSPORT, true, "OK", facts.build(), payload);
    }

    /// Why its value cannot be decoded; null when it can.
    private static @Nullable String damage(Frame frame) {
        if (frame.payload() instanceof Payload.Document document) {
            try {
                document.tree();
            } catch (RuntimeException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return null;
    }

    private static Observation unproven(AwaitSettings settings, Duration absent, Deadline deadline) {
        return Observation.failed(
                KafkaFailures.TRANSPORT,
                Failure.TIMEOUT,
                "'%s': the %s was over before 'absent_for' of %d ms was. Raise 'timeout'."
                        .formatted(settings.topic(), deadline.limit(), absent.toMillis()),
                null);
    }

    private static Observation absent(AwaitSettings settings, Matcher matcher, Inbox inbox) {
        long overflowed = inbox.arrivals(matcher).overflowed();
        if (overflowed > 0) {
            return Observation.failed(
                    KafkaFailures.TRANSPORT,
                    Failure.TOO_LARGE,
                    "'%s': nobody knows whether a record%s came: %d were dropped because the buffer was full, before this step looked at them"
                            .formatted(settings.topic(), which(matcher), overflowed),
                    null);
        }
        return Observation.answered(
                KafkaFailures.TRANSPORT,
                true,
                "OK",
                Metadata.builder().put("status_code", 0).put("absent", true).build(),
                Payload.empty());
    }

    private static Observation present(Frame frame, AwaitSettings settings, Matcher matcher, Duration absent) {
        return Observation.answered(
                KafkaFailures.TRANSPORT,
                false,
                "a record on '%s'%s, partition %s, offset %s, where none was to come for %d ms"
                        .formatted(
                                settings.topic(),
                                which(matcher),
                                frame.metadata().get("partition"),
                                frame.metadata().get("offset"),
                                absent.toMillis()),
                frame.metadata().toBuilder().put("absent", false).build(),
                frame.payload());
    }

    private static Observation ranOut(
            AwaitSettings settings, Matcher matcher, Inbox inbox, Deadline deadline, int taken) {
        Inbox.Arrivals arrivals = inbox.arrivals(matcher);
        StringBuilder message = new StringBuilder("'").append(settings.topic()).append("': ");
        message.append(settings.count() == 1 ? "no record" : taken + " of " + settings.count() + " records");
        message.append(which(matcher));
        message.append(" within the ").append(deadline.limit()).append("; ");
        message.append(
                arrivals.count() == 0
                        ? "none came meanwhile"
                        : arrivals.count() == 1
                                ? "1 record came meanwhile"
                                : arrivals.count() + " records came meanwhile");
        if (arrivals.overflowed() > 0) {
            message.append("; ")
                    .append(arrivals.overflowed())
                    .append(" were dropped because the buffer was full, before this step looked at them");
        }
        if (!arrivals.nearest().isEmpty()) {
            message.append("; nearest: ").append(String.join("; ", arrivals.nearest()));
        }
        return Observation.failed(KafkaFailures.TRANSPORT, Failure.TIMEOUT, message.toString(), null);
    }

    private static String which(Matcher matcher) {
        if (matcher instanceof Any) {
            return "";
        }
        return (matcher.key().isPresent() ? " with " : " that meets ") + matcher.describe();
    }

    /// Every record matches.
    private static final class Any implements Matcher {

        @Override
        public boolean matches(Frame frame) {
            return true;
        }

        @Override
        public String describe() {
            return "any key";
        }
    }
}
