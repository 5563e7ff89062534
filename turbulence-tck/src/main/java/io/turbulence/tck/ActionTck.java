package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.Setting;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeLease;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FakePreparation;
import io.turbulence.testkit.FaultProxy;
import io.turbulence.testkit.FaultProxy.Way;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every action must do. For actions over a connection that is leased; those that wait on a
/// subscription are tested with a fake inbox of the testkit.
///
/// @param <S> the step's settings
/// @param <C> the connection
@Timeout(120)
public abstract class ActionTck<S extends Record, C> {

    private static final Pattern METADATA_NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration TRICKLE_LATENCY = Duration.ofMillis(120);
    private static final int TRICKLE_BYTES_PER_SECOND = 3;

    /// The action under test.
    protected abstract ProtocolAction<S, C> action();

    /// Settings of a service that is there and works.
    protected abstract Record serviceSettings() throws Exception;

    /// Settings of a step that succeeds, and that the peer answers with at least ten bytes.
    protected abstract S settings() throws Exception;

    /// What it can do.
    protected Set<Capability> capabilities() {
        return Capability.all();
    }

    /// Settings of a step that is answered with a stream of at least three messages. Needed only with
    /// [Capability#STREAMING].
    protected S streamingSettings() throws Exception {
        throw new UnsupportedOperationException(
                "override streamingSettings(), or take Capability.STREAMING out of capabilities()");
    }

    /// Settings of the same service at another place. Needed only where the factory does not connect to
    /// the endpoint that it is given.
    protected Record serviceSettingsAt(Endpoint elsewhere) throws Exception {
        return serviceSettings();
    }

    /// Beginnings of the names of threads that belong to the server, where it runs in the test's own process. They may
    /// come and go while the plugin is watched for threads that it leaves behind.
    protected List<String> serverThreads() {
        return List.of();
    }

    @Test
    public void answersWithSuccess() throws Exception {
        Observation observation = executeOnce(settings());
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Completed.class, completed -> {
            assertThat(completed.success()).isTrue();
            assertThat(completed.status()).isNotBlank();
        });
        assertThat(observation.payload()).isNotInstanceOf(Payload.Stream.class);
    }

    @Test
    public void namesItsTransportAndMetadataByTheRules() throws Exception {
        Observation observation = executeOnce(settings());
        assertThat(observation.transport().name()).matches("[a-z][a-z0-9-]*");
        assertThat(observation.metadata().asMap().keySet())
                .allSatisfy(name -> assertThat(name).matches(METADATA_NAME));
    }

    @Test
    public void keepsNoStateBetweenSteps() throws Exception {
        Outcome first = executeOnce(settings()).outcome();
        assertThat(executeOnce(settings()).outcome()).isEqualTo(first);
        assertThat(action().type()).isEqualTo(action().type());
    }

    @Test
    public void runsOverOneConnectionAgainAndAgain() throws Exception {
        try (FakeLease<C> lease = open(endpoint());
                FakeActionContext context = context()) {
            for (int i = 0; i < 5; i++) {
                assertThat(execute(lease.connection(), settings(), context)
                                .outcome()
                                .success())
                        .isTrue();
            }
            assertThat(context.leasesHeld())
                    .as("second leases that were not given back")
                    .isZero();
        }
    }

    @Test
    public void runsForManyInstancesAtOnce() throws Exception {
        S settings = settings();
        Concurrently.run(50, number -> {
            try (FakeLease<C> lease = open(endpoint());
                    FakeActionContext context = context().instance(number)) {
                assertThat(action().execute(settings, lease.connection(), context)
                                .outcome()
                                .success())
                        .isTrue();
            }
        });
    }

    @Test
    public void marksPhasesInOrder() throws Exception {
        try (FakeLease<C> lease = open(endpoint());
                FakeActionContext context = context()) {
            execute(lease.connection(), settings(), context);
            assertThat(context.marks()).isSorted();
            assertThat(context.marks().isEmpty()).isEqualTo(!capabilities().contains(Capability.PHASES));
        }
    }

    @Test
    public void reportsNothingWrongWithGoodSettings() throws Exception {
        FakePreparation<S> preparation = FakePreparation.ofStep(settings(), serviceSettings());
        action().prepare(preparation);
        assertThat(preparation.reported()).isEmpty();
    }

    @Test
    public void findsNothingWrongWithGoodSettingsWhenItAsksItsPeer() throws Exception {
        FakePreparation<S> preparation = FakePreparation.ofStep(settings(), serviceSettings());
        PeerCheck<C> check = action().peerCheck(preparation).orElse(null);
        if (check == null) {
            return;
        }
        try (FakeLease<C> lease = open(endpoint())) {
            Promptly.doing("the peer check", () -> check.check(lease.connection(), deadline(Duration.ofSeconds(30))));
        }
        assertThat(preparation.reported()).isEmpty();
    }

    @Test
    public void endsItsPeerCheckWhenNothingComes() throws Exception {
        PeerCheck<C> check = action().peerCheck(FakePreparation.ofStep(settings(), serviceSettings()))
                .orElse(null);
        if (check == null) {
            return;
        }
        withProxy((proxy, connection) -> {
            proxy.blackHole();
            // What it was told before is enough, or it says that it could not ask
            Promptly.run("a peer check that nobody answers", () -> {
                try {
                    check.check(connection, deadline(SHORT));
                    return "asked";
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    return "could not ask: " + action().classify(e);
                }
            });
        });
    }

    @Test
    public void tellsNoSecrets() throws Exception {
        List<String> secrets = new ArrayList<>();
        collectSecrets(serviceSettings(), secrets);
        collectSecrets(settings(), secrets);
        try (FakeLease<C> lease = open(endpoint());
                FakeActionContext context = context().verbose(true)) {
            Observation observation = execute(lease.connection(), settings(), context);
            String told = context.told() + " " + observation.metadata() + " " + observation.outcome();
            assertThat(secrets).allSatisfy(secret -> assertThat(told).doesNotContain(secret));
        }
    }

    @Test
    public void failsWithTimeoutWhenNothingComes() throws Exception {
        withProxy((proxy, connection) -> {
            proxy.blackHole();
            try (FakeActionContext context = context().deadline(SHORT)) {
                assertFailure(execute(connection, settings(), context), Failure.TIMEOUT);
            }
        });
    }

    @Test
    public void failsWithTimeoutWhenTheAnswerTrickles() throws Exception {
        withProxy((proxy, connection) -> {
            // Each byte comes in time, all of them do not, be they but two
            long before = proxy.bytes(Way.TO_CLIENT);
            proxy.latency(TRICKLE_LATENCY).bandwidth(Way.TO_CLIENT, TRICKLE_BYTES_PER_SECOND);
            try (FakeActionContext context = context().deadline(SHORT)) {
                Observation observation = execute(connection, settings(), context);
                boolean ofOneByte = proxy.bytes(Way.TO_CLIENT) - before <= 1;
                if (!ofOneByte || observation.outcome() instanceof Outcome.Failed) {
                    assertFailure(observation, Failure.TIMEOUT);
                }
            }
        });
    }

    @Test
    public void failsWithClosedWhenTheAnswerBreaksOff() throws Exception {
        withProxy((proxy, connection) -> {
            proxy.cutAfter(Way.TO_CLIENT, proxy.bytes(Way.TO_CLIENT) + 1);
            try (FakeActionContext context = context()) {
                assertFailure(execute(connection, settings(), context), Failure.CLOSED);
            }
        });
    }

    @Test
    public void failsWithClosedWhenTheConnectionIsReset() throws Exception {
        withProxy((proxy, connection) -> {
            proxy.resetAfter(Way.TO_CLIENT, proxy.bytes(Way.TO_CLIENT) + 1);
            try (FakeActionContext context = context()) {
                assertFailure(execute(connection, settings(), context), Failure.CLOSED);
            }
        });
    }

    @Test
    public void endsSoonWhenCancelled() throws Exception {
        withProxy((proxy, connection) -> {
            proxy.blackHole();
            try (FakeActionContext context = context().deadline(Duration.ofMinutes(5))) {
                Promptly<Observation> running =
                        Promptly.start("a cancelled action", () -> executeHere(connection, settings(), context));
                // As the host does: first the hooks, then the interrupt
                Promptly.doing("the hooks of onCancel", context::cancel);
                running.interrupt();
                Outcome outcome = running.join().outcome();
                assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                assertThat(((Outcome.Failed) outcome).failure()).isIn(Failure.CANCELLED, Failure.CLOSED);
            }
        });
    }

    @Test
    public void leavesNoThreadBehind() throws Exception {
        ThreadWatch threads = new ThreadWatch(serverThreads());
        executeOnce(settings());
        threads.assertNoneLeft();
    }

    @Test
    public void deliversAStreamToItsEndAndNoFurther() throws Exception {
        withStream(stream -> {
            int messages = 0;
            while (Promptly.run("the next message", () -> stream.next(deadline(Promptly.soon()))) != null) {
                messages++;
            }
            assertThat(messages).isGreaterThanOrEqualTo(3);
            assertThat(stream.ending()).isNotNull();
        });
    }

    @Test
    public void closesAStreamEarlyAndTwice() throws Exception {
        withStream(stream -> {
            Promptly.run("the first message", () -> stream.next(deadline(Promptly.soon())));
            Promptly.doing("closing early", stream::close);
            Promptly.doing("closing again", stream::close);
        });
    }

    @Test
    public void keepsAStreamUsableAfterATimeout() throws Exception {
        withStream(stream -> {
            List<@Nullable Frame> early = new ArrayList<>();
            assertThatCode(() -> early.add(stream.next(deadline(Duration.ZERO))))
                    .satisfiesAnyOf(
                            thrown -> assertThat(thrown).isNull(),
                            thrown -> assertThat(thrown).isInstanceOf(TimeoutException.class));
            assertThat(Promptly.run("the next message", () -> stream.next(deadline(Promptly.soon()))))
                    .isNotNull();
        });
    }

    @Test
    public void endsAWaitingStreamThatIsClosedByAnother() throws Exception {
        if (!capabilities().contains(Capability.NETWORK)) {
            return;
        }
        withProxy((proxy, connection) -> {
            if (!capabilities().contains(Capability.STREAMING)) {
                return;
            }
            try (FakeActionContext context = context().deadline(Duration.ofMinutes(5))) {
                Payload payload =
                        execute(connection, streamingSettings(), context).payload();
                assertThat(payload).isInstanceOf(Payload.Stream.class);
                PayloadStream stream = ((Payload.Stream) payload).stream();
                proxy.blackHole();
                Promptly<String> reading = Promptly.start("a stream that is closed by another", () -> {
                    try {
                        while (stream.next(deadline(Duration.ofMinutes(5))) != null) {
                            // What was on its way may still come
                        }
                    } catch (Exception e) {
                        return "ended by " + e;
                    }
                    return "ended";
                });
                Promptly.doing("closing from another thread", stream::close);
                assertThat(reading.join()).startsWith("ended");
            }
        });
    }

    private Observation executeOnce(S settings) throws Exception {
        try (FakeLease<C> lease = open(endpoint());
                FakeActionContext context = context()) {
            return execute(lease.connection(), settings, context);
        }
    }

    private Observation execute(C connection, S settings, FakeActionContext context) throws Exception {
        return Promptly.run("'" + action().type() + "'", () -> executeHere(connection, settings, context));
    }

    /// As the host does: what is thrown becomes an outcome.
    @Test
    public void endsSoonWhenItWasCancelledBeforeItBegan() throws Exception {
        withProxy((proxy, connection) -> {
            proxy.blackHole();
            try (FakeActionContext context = context().deadline(Duration.ofMinutes(5))) {
                context.cancel();
                Promptly<Observation> running = Promptly.start(
                        "an action that is cancelled at once", () -> executeHere(connection, settings(), context));
                running.interrupt();
                Outcome outcome = running.join().outcome();
                assertThat(outcome).isInstanceOf(Outcome.Failed.class);
                assertThat(((Outcome.Failed) outcome).failure()).isIn(Failure.CANCELLED, Failure.CLOSED);
            }
        });
    }

    private Observation executeHere(C connection, S settings, FakeActionContext context) {
        try {
            return action().execute(settings, connection, context);
        } catch (Exception e) {
            return Observation.failed(io.turbulence.api.Transport.of("thrown"), action().classify(e));
        }
    }

    private void withProxy(ThroughProxy<C> test) throws Exception {
        if (!capabilities().contains(Capability.NETWORK)) {
            return;
        }
        Endpoint real = endpoint();
        try (FaultProxy proxy = FaultProxy.to(real.host(), real.port());
                FakeLease<C> lease = open(Endpoint.of(real.scheme(), proxy.host(), proxy.port()))) {
            test.run(proxy, lease.connection());
        }
    }

    private void withStream(OverStream test) throws Exception {
        if (!capabilities().contains(Capability.STREAMING)) {
            assertThatThrownBy(this::streamingSettings).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        try (FakeLease<C> lease = open(endpoint());
                FakeActionContext context = context()) {
            Payload payload =
                    execute(lease.connection(), streamingSettings(), context).payload();
            assertThat(payload).isInstanceOf(Payload.Stream.class);
            try (PayloadStream stream = ((Payload.Stream) payload).stream()) {
                test.run(stream);
            }
        }
    }

    private FakeLease<C> open(Endpoint at) throws Exception {
        ConnectionFactory<?, C> factory = action().connection();
        Record service = at.equals(endpoint()) ? serviceSettings() : serviceSettingsAt(at);
        return Promptly.run(
                "opening",
                () -> FakeLease.open(
                        factory, service, FakeOpenContext.to(at).withDeadline(deadline(Duration.ofSeconds(30)))));
    }

    private Endpoint endpoint() throws Exception {
        return action().endpoint(settings(), endpoint(action().connection(), serviceSettings()));
    }

    private static <T extends Record> Endpoint endpoint(ConnectionFactory<T, ?> factory, Record service) {
        return factory.endpoint(factory.settings().cast(service));
    }

    private FakeActionContext context() throws Exception {
        return FakeActionContext.of(serviceSettings()).deadline(Duration.ofSeconds(30));
    }

    private static Deadline deadline(Duration duration) {
        return Deadline.after(duration, "TCK limit of " + duration.toMillis() + " ms");
    }

    private static void assertFailure(Observation observation, Failure expected) {
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure()).as("the failure of '%s'", failed).isEqualTo(expected);
            assertThat(failed.message()).isNotBlank();
        });
    }

    private static void collectSecrets(Record settings, List<String> secrets) throws ReflectiveOperationException {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(settings);
            Setting setting = component.getAnnotation(Setting.class);
            if (value instanceof Record nested) {
                collectSecrets(nested, secrets);
            } else if (value instanceof String text && setting != null && setting.secret() && !text.isBlank()) {
                secrets.add(text);
            }
        }
    }

    /// A test of an action whose connection leads through a proxy.
    private interface ThroughProxy<C> {

        void run(FaultProxy proxy, C connection) throws Exception;
    }

    /// A test of a stream.
    private interface OverStream {

        void run(PayloadStream stream) throws Exception;
    }
}
