package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.Messages;
import io.grpc.testing.integration.TestServiceGrpc;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Phase;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.testkit.FakeActionContext;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a call costs in CPU time, beside the same call through gRPC's blocking stub with generated code, in one
/// process and in turn; the server is in another process. The figures are printed: of a call whose message is made for
/// it, as one with templates is, and whose answer is looked at; and of one whose message is always the same and whose
/// answer nobody looks at.
@Tag("stress")
class CostTest {

    private static final int CALLS = 20_000;
    private static final int CALLERS = 50;
    private static final int ROUNDS = 16;
    /// Far above what it is on a quiet machine: found are gross mistakes.
    private static final double MOST = 2.5;
    private static final byte[] BODY = new byte[100];

    /// The server's process.
    public static void main(String[] arguments) throws Exception {
        TestServer server = TestServer.start();
        System.out.println(server.port());
        System.in.read();
        server.close();
    }

    @Test
    void costsLittleMoreThanTheBlockingStub() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CostTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            double ratio = compare(Integer.parseInt(said.readLine()));
            assertThat(ratio).isLessThanOrEqualTo(MOST);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static double compare(int port) throws Exception {
        ManagedChannel bare =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        Channels channels = new Channels(new Schemas());
        GrpcService service = Services.at("127.0.0.1:" + port);
        GrpcChannel channel =
                channels.open(service, service.endpoint(), Deadline.after(Duration.ofSeconds(10), "limit of the test"));
        try {
            List<Double> whole = new ArrayList<>();
            List<Double> least = new ArrayList<>();
            Runnable stub = theirs(bare);
            Runnable templated = ours(channels, channel, service, true);
            Runnable constant = ours(channels, channel, service, false);
            for (int round = 0; round < ROUNDS; round++) {
                double bareMicros = micros(stub);
                double micros = micros(templated);
                double leastMicros = micros(constant);
                System.out.printf(
                        "CPU per call: stub %.1f µs, action %.1f µs (%.2f), at least %.1f µs (%.2f)%n",
                        bareMicros, micros, micros / bareMicros, leastMicros, leastMicros / bareMicros);
                if (round >= ROUNDS / 2) {
                    // What comes before is the compiler's
                    whole.add(micros / bareMicros);
                    least.add(leastMicros / bareMicros);
                }
            }
            System.out.printf("Ratio, the median: %.2f, at least %.2f%n", median(whole), median(least));
            return median(whole);
        } finally {
            channels.close(channel);
            bare.shutdownNow();
        }
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
    }

    private static Runnable theirs(ManagedChannel bare) {
        TestServiceGrpc.TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(bare);
        Messages.SimpleRequest request = Messages.SimpleRequest.newBuilder()
                .setResponseSize(BODY.length)
                .setPayload(Messages.Payload.newBuilder().setBody(ByteString.copyFrom(BODY)))
                .build();
        return () -> {
            if (stub.unaryCall(request).getPayload().getBody().size() != BODY.length) {
                throw new IllegalStateException();
            }
        };
    }

    private static Runnable ours(Channels channels, GrpcChannel channel, GrpcService service, boolean templated) {
        GrpcAction action = new GrpcAction(channels, new Schemas());
        Json json = FakeActionContext.of(service).json();
        String body = Base64.getEncoder().encodeToString(BODY);
        Map<String, Object> constant = message(body);
        return () -> {
            Map<String, Object> message = templated ? message(body) : constant;
            GrpcRequest request = new GrpcRequest(
                    "grpc.testing.TestService/UnaryCall",
                    message,
                    List.of(),
                    List.of(),
                    Map.of(),
                    null,
                    null,
                    0,
                    null,
                    false);
            try {
                Payload payload =
                        action.execute(request, channel, new Context(json)).payload();
                if (!(payload instanceof Payload.Document document) || (templated && document.tree() == null)) {
                    throw new IllegalStateException();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Map<String, Object> message(String body) {
        return Map.of("response_size", BODY.length, "payload", Map.of("body", body));
    }

    private static double micros(Runnable call) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> {
                    for (int j = 0; j < CALLS / CALLERS; j++) {
                        call.run();
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        return (system.getProcessCpuTime() - before) / 1000.0 / CALLS;
    }

    /// The host's side, which does what the host does for a call and no more.
    private static final class Context implements ActionContext {

        private final Json json;
        private final Deadline deadline = Deadline.after(Duration.ofSeconds(10), "timeout of 10 s");
        private final long[] marks = new long[Phase.values().length];
        private final List<Runnable> hooks = new ArrayList<>(1);

        Context(Json json) {
            this.json = json;
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public String instanceId() {
            return "run-1";
        }

        @Override
        public long instance() {
            return 1;
        }

        @Override
        public String step() {
            return "step";
        }

        @Override
        public String service() {
            return "service";
        }

        @Override
        public String correlationId() {
            return "correlation";
        }

        @Override
        public String traceparent() {
            return "00-00000000000000000000000000000001-0000000000000001-01";
        }

        @Override
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public <C> Lease<C> lease(ConnectionFactory<?, C> factory, Endpoint endpoint) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Inbox inbox(ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T instanceState(String key, Class<T> type, Supplier<? extends T> initial) {
            return initial.get();
        }

        @Override
        public <T> T runState(String key, Class<T> type, Supplier<? extends T> initial) {
            return initial.get();
        }

        @Override
        public synchronized void onCancel(Runnable hook) {
            hooks.add(hook);
        }

        @Override
        public void mark(Phase phase) {
            marks[phase.ordinal()] = System.nanoTime();
        }

        @Override
        public Json json() {
            return json;
        }

        @Override
        public boolean verbose() {
            return false;
        }

        @Override
        public void tell(String line) {}
    }
}
