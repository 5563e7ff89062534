package io.turbulence.core;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A protocol without a network: it answers what a test told it to, by path, and remembers what was asked.
final class FakePlugin implements ProtocolPlugin {

    /// What an action `fake` sent.
    record Sent(
            String service,
            String instanceId,
            long instance,
            String step,
            String method,
            String path,
            Map<String, @Nullable Object> headers,
            @Nullable Object json) {}

    /// What the peer says of a path that begins with `/asked`, before the run.
    interface Peer {
        void say(String path, Problems problems) throws Exception;
    }

    /// How one call is answered.
    interface Answer {
        Observation to(Sent sent, ActionContext context) throws Exception;
    }

    private final Map<String, Iterator<Answer>> scripts = new ConcurrentHashMap<>();
    private final Map<String, Answer> last = new ConcurrentHashMap<>();
    final List<String> asked = new ArrayList<>();
    private Runnable preparing = () -> {};
    private Supplier<@Nullable Endpoint> endpoint = () -> Endpoint.of("fake", "fake", 1);
    private Peer peer = (path, problems) -> {};
    final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private volatile Callable<@Nullable Object> opening = Object::new;
    private volatile Callable<@Nullable Object> resetting = () -> null;
    private volatile @Nullable Function<Exception, Outcome.@Nullable Failed> classifying;
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();

    /// Opens no connection until it is interrupted.
    FakePlugin stuckInOpen() {
        return opening(() -> {
            new CountDownLatch(1).await();
            throw new AssertionError();
        });
    }

    FakePlugin opening(Callable<@Nullable Object> how) {
        opening = how;
        return this;
    }

    FakePlugin standingAt(Supplier<@Nullable Endpoint> what) {
        endpoint = what;
        return this;
    }

    /// What is done with each step while it is loaded.
    FakePlugin preparing(Runnable what) {
        preparing = what;
        return this;
    }

    FakePlugin asked(Peer what) {
        peer = what;
        return this;
    }

    FakePlugin resetting(Callable<@Nullable Object> how) {
        resetting = how;
        return this;
    }

    FakePlugin classifying(Function<Exception, Outcome.@Nullable Failed> how) {
        classifying = how;
        return this;
    }

    /// Answers the calls of a path one after the other; the last answer is repeated.
    FakePlugin on(String path, Answer... answers) {
        scripts.put(path, List.of(answers).iterator());
        last.put(path, answers[answers.length - 1]);
        return this;
    }

    List<Sent> sent(String path) {
        return sent.stream().filter(one -> one.path().equals(path)).toList();
    }

    static Answer ok(@Nullable Object payload) {
        return status(200, payload);
    }

    static Answer status(int status, @Nullable Object payload) {
        return (sent, context) -> observation(status, payload, Map.of());
    }

    static Answer withHeaders(Map<String, ?> headers, @Nullable Object payload) {
        return (sent, context) -> observation(200, payload, headers);
    }

    static Answer failing(Failure failure, String message) {
        return (sent, context) -> Observation.failed(Transport.of("fake"), failure, message, null);
    }

    /// The settings as they were sent.
    static Answer echo() {
        return (sent, context) -> observation(200, sent.json(), Map.of());
    }

    static Observation observation(int status, @Nullable Object payload, Map<String, ?> headers) {
        return Observation.answered(
                Transport.of("fake"),
                status < 400,
                String.valueOf(status),
                Metadata.builder()
                        .put("status_code", status)
                        .put("headers", headers)
                        .build(),
                payload == null ? Payload.empty() : Payload.document(payload));
    }

    @Override
    public PluginInfo info() {
        return PluginInfo.of("fake", "1.0", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("fake", Service.class)
                .impliedBy("base_url")
                .defaultAction("fake")
                .shorthands("headers")
                .status("status_code")
                .statusRange(100, 599));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new Fake());
    }

    /// What stands under `services`.
    record Service(
            @Setting(value = "Where it is.", defaultValue = "fake:1")
            String baseUrl,

            @Setting("Headers of every call.") Map<String, @Nullable Object> headers,

            @Setting(value = "A secret.", secret = true) @Nullable
            String password) {}

    /// What stands in a step.
    record Settings(
            @Setting(value = "The method.", defaultValue = "GET")
            String method,

            @Setting("The path.") String path,

            @Setting(
                    value = "Headers.",
                    inherits = {"^default_headers", "headers"},
                    ignoreCase = true)
            Map<String, @Nullable Object> headers,

            @Setting(value = "What is sent.", aliases = "body") @Nullable
            Object json) {}

    private final class Fake implements ProtocolAction<Settings, Object> {

        private final Connections connections = new Connections();

        @Override
        public String type() {
            return "fake";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public ConnectionFactory<?, Object> connection() {
            return connections;
        }

        @Override
        public void prepare(Preparation<Settings> preparation) {
            preparing.run();
            preparation
                    .constant("path", String.class)
                    .filter("/forbidden"::equals)
                    .ifPresent(path -> preparation
                            .problems()
                            .error("path", "'/forbidden', which nobody may ask for", "another path", null));
        }

        @Override
        public Optional<PeerCheck<Object>> peerCheck(Preparation<Settings> step) {
            return step.constant("path", String.class)
                    .filter(path -> path.startsWith("/asked"))
                    .map(path -> (connection, deadline) -> {
                        asked.add(path);
                        peer.say(path, step.problems());
                    });
        }

        @Override
        public Observation execute(Settings settings, Object connection, ActionContext context) throws Exception {
            Sent now = new Sent(
                    context.service(),
                    context.instanceId(),
                    context.instance(),
                    context.step(),
                    settings.method(),
                    settings.path(),
                    settings.headers(),
                    settings.json());
            sent.add(now);
            return next(settings.path()).to(now, context);
        }

        @Override
        public Outcome.Failed classify(Exception thrown) {
            Function<Exception, Outcome.@Nullable Failed> how = classifying;
            return how == null ? ProtocolAction.super.classify(thrown) : how.apply(thrown);
        }

        private Answer next(String path) {
            Iterator<Answer> script = scripts.get(path);
            if (script == null) {
                return echo();
            }
            synchronized (script) {
                return script.hasNext() ? script.next() : last.get(path);
            }
        }
    }

    private final class Connections implements ConnectionFactory.Exclusive<Service, Object> {

        @Override
        public Class<Service> settings() {
            return Service.class;
        }

        @Override
        public Endpoint endpoint(Service service) {
            if (service.baseUrl().startsWith("nowhere")) {
                throw new IllegalArgumentException("'" + service.baseUrl() + "' is no place");
            }
            return endpoint.get();
        }

        @Override
        public Object open(Service service, OpenContext context) throws Exception {
            Object made = opening.call();
            opened.incrementAndGet();
            return made;
        }

        @Override
        public void reset(Object connection) throws Exception {
            Object unused = resetting.call();
        }

        @Override
        public void close(Object connection) {
            closed.incrementAndGet();
        }
    }
}
