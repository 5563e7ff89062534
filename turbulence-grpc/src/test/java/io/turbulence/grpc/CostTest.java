package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.Messages;
import io.grpc.testing.integration.TestServiceGrpc;
import io.turbulence.api.Deadline;
import io.turbulence.api.Payload;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a call costs in CPU time, beside the same call through gRPC's blocking stub with generated code, in one
/// process and in turn; the server is in another process. The figures are printed.
@Tag("stress")
class CostTest {

    private static final int CALLS = 40_000;
    private static final int CALLERS = 50;
    private static final int ROUNDS = 7;
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
            double ours = 0;
            double theirs = 0;
            Runnable action = ours(channels, channel, service);
            Runnable stub = theirs(bare);
            for (int round = 0; round < ROUNDS; round++) {
                double bareMicros = micros(stub);
                double micros = micros(action);
                System.out.printf("CPU per call: stub %.1f µs, action %.1f µs%n", bareMicros, micros);
                if (round > ROUNDS / 2) {
                    // What comes before is the compiler's
                    theirs += bareMicros;
                    ours += micros;
                }
            }
            return ours / theirs;
        } finally {
            channels.close(channel);
            bare.shutdownNow();
        }
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

    private static Runnable ours(Channels channels, GrpcChannel channel, GrpcService service) {
        GrpcAction action = new GrpcAction(channels, new Schemas());
        String body = Base64.getEncoder().encodeToString(BODY);
        return () -> {
            // A tree of its own for each call, as one with templates is
            Map<String, Object> message = Map.of("response_size", BODY.length, "payload", Map.of("body", body));
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
            try (FakeActionContext context = FakeActionContext.of(service)) {
                Payload payload = action.execute(request, channel, context).payload();
                if (!(payload instanceof Payload.Document document) || document.tree() == null) {
                    throw new IllegalStateException();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
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
}
