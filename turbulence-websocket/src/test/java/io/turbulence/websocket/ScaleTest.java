package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeMatcher;
import io.turbulence.testkit.FakeOpenContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ten thousand conversations in one process.
@Tag("stress")
@Timeout(300)
class ScaleTest {

    private static final int AT_ONCE = 100;
    private static final int BROADCASTS = 3;

    @TempDir
    private Path folder;

    @Test
    void holdsTenThousandSockets() throws Exception {
        try (ScaleServer.Running server = new ScaleServer.Running()) {
            WebSocketService service = WebSocketHost.service("ws://127.0.0.1:" + server.port() + "/");
            double each = converse(server, service, 10_000);
            assertThat(each).as("KiB of heap for each socket").isLessThan(20);
        }
    }

    @Test
    void tellsWhatASecuredSocketCosts() throws Exception {
        try (ScaleServer.Running server = new ScaleServer.Running(folder.toString())) {
            WebSocketService service = WebSocketHost.tls(
                    "wss://127.0.0.1:" + server.port() + "/", new WebSocketService.Tls(null, null, null, null, true));
            assertThat(converse(server, service, 1_000))
                    .as("KiB of heap for each socket")
                    .isLessThan(100);
        }
    }

    private static double converse(ScaleServer.Running server, WebSocketService service, int count) throws Exception {
        WebSocketHost.SOCKETS.close(open(service));
        long before = usedHeap();
        long residentBefore = resident();
        Session[] sessions = new Session[count];
        forAll(count, number -> sessions[number] = open(service));
        assertThat(server.ask("count")).isEqualTo(String.valueOf(count));
        double each = (usedHeap() - before) / 1024.0 / count;
        double residentEach = (resident() - residentBefore) / (double) count;
        long platformThreads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isVirtual())
                .count();
        System.out.printf(
                "%,d sockets, %s: %.1f KiB of heap each, %.1f KiB resident each, %d platform threads%n",
                count, service.url().split(":", 2)[0], each, residentEach, platformThreads);
        assertThat(platformThreads).isLessThan(60);

        AtomicInteger echoes = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        Thread noise = Thread.ofVirtual().name("noise").start(() -> {
            try {
                server.ask("broadcast " + BROADCASTS);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        forAll(count, number -> {
            others.addAndGet(converse(sessions[number], "message of " + number));
            echoes.incrementAndGet();
            return null;
        });
        noise.join();
        assertThat(echoes).hasValue(count);
        assertThat(others).as("messages that were meant for others").hasValue(0);
        forAll(count, number -> {
            WebSocketHost.SOCKETS.close(sessions[number]);
            return null;
        });
        awaitNobody(server);
        return each;
    }

    private static Session open(WebSocketService service) throws Exception {
        Session session = WebSocketHost.SOCKETS.open(
                service,
                FakeOpenContext.to(WebSocketHost.SOCKETS.endpoint(service))
                        .withDeadline(Deadline.after(Duration.ofSeconds(60), "60 s")));
        try (FakeActionContext context = FakeActionContext.of(service).deadline(Duration.ofSeconds(60))) {
            Observation connected = new ConnectAction(WebSocketHost.SOCKETS)
                    .execute(new ConnectSettings(null, Map.of(), Map.of(), List.of()), session, context);
            assertThat(connected.outcome().success()).as(connected.toString()).isTrue();
        }
        return session;
    }

    /// @return how many messages came that are neither its own nor for all
    private static int converse(Session session, String mine) throws Exception {
        try (FakeActionContext context = FakeActionContext.of(session.service()).deadline(Duration.ofMinutes(2))) {
            new SendAction(WebSocketHost.SOCKETS)
                    .execute(new SendSettings(mine, null, null, null, Map.of()), session, context);
            Observation own = new AwaitAction(WebSocketHost.SOCKETS)
                    .execute(new AwaitSettings(WebSocketHost.text(mine), 1, null, Map.of()), session, context);
            assertThat(own.outcome().success()).as(own.toString()).isTrue();
            int others = 0;
            Deadline now = Deadline.after(Duration.ZERO, "now");
            for (Frame frame = session.inbox(context).take(FakeMatcher.any(), now);
                    frame != null;
                    frame = session.inbox(context).take(FakeMatcher.any(), now)) {
                others += WebSocketHost.text(frame).startsWith("noise ") ? 0 : 1;
            }
            return others;
        }
    }

    private static void forAll(int count, Each each) throws Exception {
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> all = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit((Callable<Object>) () -> {
                        places.acquire();
                        try {
                            return String.valueOf(each.run(number));
                        } finally {
                            places.release();
                        }
                    }))
                    .toList();
            for (Future<Object> one : all) {
                one.get();
            }
        }
    }

    private static void awaitNobody(ScaleServer.Running server) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String count = server.ask("count");
        while (!"0".equals(count) && System.nanoTime() - until < 0) {
            Thread.sleep(50);
            count = server.ask("count");
        }
        assertThat(count).as("connections that the server still has").isEqualTo("0");
    }

    private static long usedHeap() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// In KiB, by the system; 0 where it does not tell.
    private static long resident() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /// Something to do for one socket.
    private interface Each {

        Object run(int number) throws Exception;
    }
}
