package io.turbulence.websocket;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeMatcher;
import io.turbulence.testkit.FakeOpenContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The host's part for tests of single steps: one instance that keeps one connection.
final class WebSocketHost implements AutoCloseable {

    static final Sockets SOCKETS = new Sockets(PoolSettings.Scope.INSTANCE);

    private final Session session;
    private final FakeActionContext context;

    WebSocketHost(WebSocketService service) throws Exception {
        this(service, SOCKETS.endpoint(service));
    }

    WebSocketHost(WebSocketService service, Endpoint at) throws Exception {
        session = SOCKETS.open(service, FakeOpenContext.to(at));
        context = FakeActionContext.of(service).deadline(Duration.ofSeconds(10));
    }

    static WebSocketService service(String url) {
        return service(url, false, null, "16 MiB", false);
    }

    static WebSocketService service(
            String url,
            boolean deflate,
            WebSocketService.@Nullable Heartbeat heartbeat,
            String maxMessage,
            boolean reconnect) {
        return new WebSocketService(
                url, Map.of(), List.of(), deflate, heartbeat, DataSize.parse(maxMessage), reconnect, null, true);
    }

    static WebSocketService tls(String url, WebSocketService.Tls tls) {
        return new WebSocketService(url, Map.of(), List.of(), false, null, DataSize.parse("16 MiB"), false, tls, true);
    }

    static Matcher text(String wanted) {
        return FakeMatcher.of(
                "payload == '" + wanted + "'", frame -> text(frame).equals(wanted));
    }

    static String text(Frame frame) {
        return text(frame.payload());
    }

    static String text(Payload payload) {
        return payload instanceof Payload.Bytes bytes ? new String(bytes.content(), StandardCharsets.UTF_8) : "";
    }

    Session session() {
        return session;
    }

    /// Waits until it knows that the connection is over, which it reads after the last message.
    void awaitEnd() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (session.isOpen()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the connection still stands");
            }
            Thread.sleep(1);
        }
    }

    FakeActionContext context() {
        return context;
    }

    WebSocketHost within(Duration duration) {
        context.deadline(duration);
        return this;
    }

    Observation connect(ConnectSettings settings) throws Exception {
        return new ConnectAction(SOCKETS).execute(settings, session, context);
    }

    Observation connect() throws Exception {
        return connect(new ConnectSettings(null, Map.of(), Map.of(), List.of()));
    }

    Observation send(String text) throws Exception {
        return send(text, null);
    }

    Observation send(String text, @Nullable DataSize fragment) throws Exception {
        return new SendAction(SOCKETS)
                .execute(new SendSettings(text, null, null, fragment, Map.of()), session, context);
    }

    Observation sendBinary(String base64) throws Exception {
        return new SendAction(SOCKETS).execute(new SendSettings(null, null, base64, null, Map.of()), session, context);
    }

    Observation await(@Nullable Matcher match) throws Exception {
        return await(match, 1, null);
    }

    Observation await(@Nullable Matcher match, int count, @Nullable Duration absent) throws Exception {
        return new AwaitAction(SOCKETS).execute(new AwaitSettings(match, count, absent, Map.of()), session, context);
    }

    Observation exchange(ExchangeSettings.Turn... turns) throws Exception {
        return new ExchangeAction(SOCKETS).execute(new ExchangeSettings(List.of(turns), Map.of()), session, context);
    }

    static ExchangeSettings.Turn say(Object tree) {
        return new ExchangeSettings.Turn(tree, null, null, null, null);
    }

    static ExchangeSettings.Turn expect(Matcher matcher, @Nullable Duration timeout) {
        return new ExchangeSettings.Turn(null, null, matcher, timeout, null);
    }

    static ExchangeSettings.Turn goodbye() {
        return new ExchangeSettings.Turn(null, null, null, null, ExchangeSettings.Signal.CLOSE);
    }

    Observation close(int code, String reason) throws Exception {
        return new CloseAction(SOCKETS).execute(new CloseSettings(code, reason), session, context);
    }

    /// The texts of a stream.
    static List<String> texts(Observation observation) throws Exception {
        List<String> texts = new ArrayList<>();
        if (observation.payload() instanceof Payload.Stream stream) {
            try (PayloadStream frames = stream.stream()) {
                for (Frame frame = next(frames); frame != null; frame = next(frames)) {
                    texts.add(text(frame));
                }
            }
        }
        return texts;
    }

    private static @Nullable Frame next(PayloadStream frames) throws Exception {
        return frames.next(Deadline.after(Duration.ofSeconds(10), "10 s"));
    }

    @Override
    public void close() throws Exception {
        context.close();
        SOCKETS.close(session);
    }
}
