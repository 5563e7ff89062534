package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FaultProxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Channels: how many there are, whether they are healthy, and what goes with every call.
class ChannelsTest {

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(40), "limit of the test");
    }

    private static GrpcRequest unary() {
        return Services.call("grpc.testing.TestService/UnaryCall", Map.of("response_size", 10));
    }

    @Nested
    class OfARun {

        @Test
        @Tag("stress")
        void carryTenThousandInstancesOverTwoConnectionsWithoutMixingUpAnswers() throws Exception {
            try (TestServer server =
                    TestServer.with(builder -> {}, new TestProtos("kinds.proto").service("kinds.Kinds"))) {
                PluginTestKit.Result result = PluginTestKit.scenario("""
                    id: many
                    flow:
                      - name: echo
                        type: grpc
                        method: kinds.Kinds/Echo
                        message: { s: "{{instance_id}}", i64: "{{instance}}" }
                        timeout: 120s
                        expect:
                          - { jsonpath: "$.s", equals: "{{instance_id}}" }
                          - { jsonpath: "$.i64", equals: "{{instance}}" }
                    """)
                        .system("""
                            services:
                              api: { protocol: grpc, target: "127.0.0.1:%d", proto: "%s", pool: { max: 2 } }
                            """.formatted(server.port(), TestProtos.file("kinds.proto")))
                        .with(new GrpcPlugin())
                        .instances(10_000, 10_000)
                        .run();
                assertThat(result.run().passed()).isEqualTo(10_000);
                assertThat(server.connections()).isEqualTo(2);
            }
        }

        @Test
        void goOnAfterTheServerWasAwayAndCameBack() throws Exception {
            try (TestServer server = TestServer.start();
                    FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port())) {
                Channels channels = new Channels(new Schemas());
                GrpcAction action = new GrpcAction(channels, new Schemas());
                GrpcService service = Services.at(proxy.host() + ":" + proxy.port());
                GrpcChannel channel = channels.open(service, service.endpoint(), soon());
                try (FakeActionContext context = FakeActionContext.of(service)) {
                    assertThat(call(action, channel, context).outcome().success())
                            .isTrue();
                    proxy.refuse();
                    proxy.cut();
                    Deadline patience = soon();
                    while (call(action, channel, context).outcome().success() && !patience.expired()) {
                        // The cut has not been noticed yet
                    }
                    assertThat(channels.isHealthy(channel, soon())).isFalse();
                    proxy.heal();
                    while (!call(action, channel, context).outcome().success() && !patience.expired()) {
                        // It tries again at most twice a second
                    }
                    assertThat(patience.expired()).isFalse();
                    assertThat(channels.isHealthy(channel, soon())).isTrue();
                } finally {
                    channels.close(channel);
                }
            }
        }

        private static Observation call(GrpcAction action, GrpcChannel channel, FakeActionContext context)
                throws Exception {
            return action.execute(unary(), channel, context);
        }
    }

    @Nested
    class OfAHealthyServer {

        @Test
        void areAskedOfTheHealthServiceWhereThereIsOne() throws Exception {
            HealthStatusManager health = new HealthStatusManager();
            try (TestServer server = TestServer.with(builder -> {}, health.getHealthService())) {
                Channels channels = new Channels(new Schemas());
                GrpcService service = server.service();
                GrpcChannel channel = channels.open(service, service.endpoint(), soon());
                assertThat(channels.isHealthy(channel, soon())).isTrue();
                health.setStatus("", ServingStatus.NOT_SERVING);
                assertThat(channels.isHealthy(channel, soon())).isFalse();
                channels.close(channel);
            }
        }

        @Test
        void areHealthyWhereThereIsNone() throws Exception {
            try (TestServer server = TestServer.start()) {
                Channels channels = new Channels(new Schemas());
                GrpcService service = server.service();
                GrpcChannel channel = channels.open(service, service.endpoint(), soon());
                assertThat(channels.isHealthy(channel, soon())).isTrue();
                assertThat(channels.isHealthy(channel, soon())).isTrue();
                channels.close(channel);
                assertThatCode(() -> channels.isHealthy(channel, soon())).doesNotThrowAnyException();
            }
        }
    }

    @Nested
    class OfReflection {

        @Test
        void fallBackToItsOlderVersion() throws Exception {
            @SuppressWarnings("deprecation") // that is what is tested
            ProtoReflectionService older = (ProtoReflectionService) ProtoReflectionService.newInstance();
            try (TestServer server = TestServer.with(builder -> {}, older)) {
                assertThat(Steps.run(server.system(), "method: grpc.testing.TestService/EmptyCall"))
                        .containsEntry("ok", true);
            }
        }

        @Test
        void areAskedOnceForAllInstances() throws Exception {
            List<String> methods = new CopyOnWriteArrayList<>();
            try (TestServer server = TestServer.with(
                    builder -> builder.intercept(new Noting(methods)), ProtoReflectionServiceV1.newInstance())) {
                PluginTestKit.Result result = PluginTestKit.scenario("""
                    id: many
                    flow: [ { name: call, type: grpc, method: grpc.testing.TestService/EmptyCall } ]
                    """)
                        .system(server.system())
                        .with(new GrpcPlugin())
                        .instances(50, 50)
                        .run();
                assertThat(result.run().passed()).isEqualTo(50);
                assertThat(methods)
                        .filteredOn(name -> name.startsWith("grpc.reflection."))
                        .hasSize(1);
            }
        }
    }

    @Nested
    class OfSettings {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        private Map<String, Object> run(String service, String step) throws Exception {
            try (TestServer server = TestServer.with(
                    builder -> builder.intercept(new Noting(seen)), ProtoReflectionServiceV1.newInstance())) {
                return Steps.run(
                        "services: { api: { protocol: grpc, target: \"127.0.0.1:%d\", %s } }"
                                .formatted(server.port(), service),
                        step);
            }
        }

        @Test
        void sendTheServicesMetadataUnderTheSteps() throws Exception {
            run("metadata: { a: service, b: service }", """
                method: grpc.testing.TestService/EmptyCall
                metadata: { B: step, x-bin: q6ur, many: [ one, two ] }
                """);
            assertThat(seen)
                    .anySatisfy(call -> assertThat(call)
                            .startsWith("grpc.testing.TestService/EmptyCall")
                            .contains(
                                    "a=service",
                                    "b=step",
                                    "many=one",
                                    "many=two",
                                    "x-bin=",
                                    "x-correlation-id=",
                                    "traceparent="));
        }

        @Test
        void sendNoCorrelationWhenToldSo() throws Exception {
            run("propagate: false", "method: grpc.testing.TestService/EmptyCall");
            assertThat(seen).noneSatisfy(call -> assertThat(call).contains("x-correlation-id"));
        }

        @Test
        void compressWhatIsSent() throws Exception {
            run("compression: gzip", "method: grpc.testing.TestService/EmptyCall");
            assertThat(seen).anySatisfy(call -> assertThat(call).contains("grpc-encoding=gzip"));
        }

        @Test
        void tellTheDeadlineToTheServer() throws Exception {
            run("propagate: false", """
                method: grpc.testing.TestService/EmptyCall
                deadline: 7s
                """);
            assertThat(seen).anySatisfy(call -> assertThat(call).contains("grpc-timeout="));
        }

        @Test
        void findAHostThatStandsApartFromItsPort() throws Exception {
            try (TestServer server = TestServer.start()) {
                assertThat(Steps.run(
                                "services: { api: { protocol: grpc, host: localhost, port: %d, load_balancing: round_robin,"
                                                .formatted(server.port())
                                        + " keepalive: { time: 10s, without_calls: true } } }",
                                "method: grpc.testing.TestService/EmptyCall"))
                        .containsEntry("ok", true);
            }
        }
    }

    /// Over a name with two addresses, both with a server.
    @Nested
    @EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 is no address elsewhere")
    class OfSeveralAddresses {

        private static final int CALLS = 20;

        /// Who answered.
        private static List<String> peers(GrpcService.LoadBalancing balancing, boolean untilBothAnswer)
                throws Exception {
            try (TestServer first = TestServer.start();
                    TestServer second = TestServer.at(
                            new InetSocketAddress(Names.SECOND, first.port()),
                            builder -> {},
                            ProtoReflectionServiceV1.newInstance())) {
                Channels channels = new Channels(new Schemas());
                GrpcAction action = new GrpcAction(channels, new Schemas());
                GrpcService service = Services.balanced(Names.TWO + ":" + first.port(), balancing);
                GrpcChannel channel = channels.open(service, service.endpoint(), soon());
                try (FakeActionContext context = FakeActionContext.of(service)) {
                    Set<String> both = new HashSet<>();
                    Deadline patience = soon();
                    // The second connection may stand later than the first
                    while (untilBothAnswer && both.size() < 2 && !patience.expired()) {
                        both.add(peer(action, channel, context));
                    }
                    List<String> peers = new ArrayList<>();
                    for (int i = 0; i < CALLS; i++) {
                        peers.add(peer(action, channel, context));
                    }
                    return peers;
                } finally {
                    channels.close(channel);
                }
            }
        }

        private static String peer(GrpcAction action, GrpcChannel channel, FakeActionContext context) throws Exception {
            Observation observation = action.execute(unary(), channel, context);
            assertThat(observation.outcome().success()).isTrue();
            return String.valueOf(observation.metadata().get("peer")).replaceAll(":\\d+", "");
        }

        @Test
        void goToAllInTurnWithRoundRobin() throws Exception {
            assertThat(peers(GrpcService.LoadBalancing.ROUND_ROBIN, true))
                    .filteredOn("127.0.0.1"::equals)
                    .hasSize(CALLS / 2);
        }

        @Test
        void goToOneWithPickFirst() throws Exception {
            // The first, unless it was so slow to answer that the second was tried, too
            assertThat(new HashSet<>(peers(GrpcService.LoadBalancing.PICK_FIRST, false)))
                    .hasSize(1);
        }
    }

    @Nested
    @Tag("stress") // A client may not ask for signs of life more often than every 10 s
    class OfAPeerThatFellSilent {

        private static final Duration PATIENCE = Duration.ofSeconds(25);

        @Test
        void findOutByKeepaliveAndOtherwiseNot() throws Exception {
            try (TestServer server = TestServer.start();
                    FaultProxy asked = FaultProxy.to("127.0.0.1", server.port());
                    FaultProxy unasked = FaultProxy.to("127.0.0.1", server.port());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Outcome> asking = threads.submit(() -> waitingInVain(
                        asked, Services.keptAlive(at(asked), Duration.ofSeconds(10), Duration.ofSeconds(1))));
                Future<Outcome> waiting = threads.submit(() -> waitingInVain(unasked, Services.at(at(unasked))));

                assertThat(asking.get()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
                    assertThat(failed.message())
                            .isEqualTo("'%s' gave no sign of life: Keepalive failed. The connection is likely gone"
                                    .formatted(at(asked)));
                });
                assertThat(waiting.get())
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT));
            }
        }

        private static String at(FaultProxy proxy) {
            return proxy.host() + ":" + proxy.port();
        }

        /// A call that nothing comes back of, not even the end of its connection.
        private static Outcome waitingInVain(FaultProxy proxy, GrpcService service) throws Exception {
            Channels channels = new Channels(new Schemas());
            GrpcAction action = new GrpcAction(channels, new Schemas());
            GrpcChannel channel = channels.open(service, service.endpoint(), soon());
            try (FakeActionContext context = FakeActionContext.of(service)) {
                // So that what it describes is known
                assertThat(action.execute(unary(), channel, context).outcome().success())
                        .isTrue();
                proxy.blackHole();
                return action.execute(unary(), channel, context.deadline(PATIENCE))
                        .outcome();
            } finally {
                channels.close(channel);
            }
        }
    }

    /// Notes what calls bring.
    private record Noting(List<String> calls) implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            calls.add(call.getMethodDescriptor().getFullMethodName() + " " + headers);
            return next.startCall(call, headers);
        }
    }
}
