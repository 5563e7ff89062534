package io.turbulence.core.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.TurbulenceRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever the host calls of a plugin from a folder sees the plugin's class loader as the thread's.
class ContextClassLoaderTest {

    /// Every mode of connection without a network. Each method writes down its name and the loader that it sees.
    private static final String EVERYTHING = """
        package com.acme;

        import io.turbulence.api.*;
        import io.turbulence.spi.*;
        import java.time.Duration;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.function.Consumer;

        public class Everything implements ProtocolPlugin {

            /// Made by the test: the loader of this class is gone when the test looks.
            @SuppressWarnings("unchecked")
            static final Map<String, String> SEEN = (Map<String, String>) System.getProperties().get("everything.seen");

            static void seen(String what) {
                ClassLoader loader = Thread.currentThread().getContextClassLoader();
                String name = loader == Everything.class.getClassLoader() ? "own" : String.valueOf(loader);
                SEEN.merge(what, name, (one, other) -> one.equals(other) ? one : one + " and " + other);
            }

            public record Server(@Setting(value = "Name.", defaultValue = "here") String host) {}
            public record Step(@Setting(value = "Nothing.", defaultValue = "") String text) {}

            public Everything() { seen("constructor"); }
            public PluginInfo info() { seen("info"); return PluginInfo.of("everything", "1", API_LEVEL); }
            public List<ServiceType<?>> services() { seen("services"); return List.of(ServiceType.of("all", Server.class)); }
            public List<Command> commands() { seen("commands"); return List.of(); }
            public List<ProtocolAction<?, ?>> actions() {
                seen("actions");
                return List.of(
                    new Action<>("all.exclusive", new Exclusive()), new Action<>("all.shared", new Shared()),
                    new Action<>("all.negotiated", new Negotiated()), new Action<>("all.pooled", new Pooled()),
                    new Action<>("all.subscribed", new Subscribed()));
            }

            static class Action<C> implements ProtocolAction<Step, C> {
                final String type;
                final ConnectionFactory<Server, C> factory;
                Action(String type, ConnectionFactory<Server, C> factory) { this.type = type; this.factory = factory; }
                void note(String method) { seen(type + " " + method); }
                public String type() { note("type"); return type; }
                public Class<Step> settings() { return Step.class; }
                public ConnectionFactory<?, C> connection() { return factory; }
                public Endpoint endpoint(Step step, Endpoint service) { note("endpoint"); return service; }
                public void prepare(Preparation<Step> step) { note("prepare"); }
                public List<SubscriptionRequest> subscriptions(Preparation<Step> step) {
                    note("subscriptions");
                    return type.equals("all.subscribed") ? List.of(SubscriptionRequest.of("channel")) : List.of();
                }
                public Outcome.Failed classify(Exception thrown) { note("classify"); return Outcome.Failed.of(thrown); }
                public Observation execute(Step step, C connection, ActionContext context) throws Exception {
                    note("execute");
                    if (step.text().equals("throw")) {
                        throw new java.io.EOFException("cut");
                    }
                    if (step.text().equals("hang")) {
                        CountDownLatch cancelled = new CountDownLatch(1);
                        context.onCancel(() -> { note("hook"); cancelled.countDown(); });
                        cancelled.await();
                    }
                    return Observation.answered(Transport.of("all"), true, "OK", Metadata.empty(),
                        Payload.stream(new Two(), StreamBounds.NONE));
                }
            }

            static class Two implements PayloadStream {
                int left = 2;
                public Frame next(Deadline deadline) {
                    seen("stream next");
                    return left-- > 0 ? Frame.of(Payload.document("x")) : null;
                }
                public void close() { seen("stream close"); }
            }

            static Endpoint place(String mode, Server server) { seen(mode + " endpoint"); return Endpoint.of("all", server.host(), 1); }

            static class Exclusive implements ConnectionFactory.Exclusive<Server, String> {
                public Class<Server> settings() { return Server.class; }
                public String name() { return "exclusive"; }
                public Endpoint endpoint(Server server) { return place("exclusive", server); }
                public void prepare(Preparation<Server> service) { seen("exclusive prepare"); }
                public String open(Server server, OpenContext context) { seen("exclusive open"); return "c"; }
                public void close(String c) { seen("exclusive close"); }
                public boolean isAlive(String c, Deadline deadline) { seen("exclusive isAlive"); return true; }
                public void reset(String c) { seen("exclusive reset"); }
            }

            static class Shared implements ConnectionFactory.Shared<Server, Integer> {
                public Class<Server> settings() { return Server.class; }
                public String name() { return "shared"; }
                public Endpoint endpoint(Server server) { return place("shared", server); }
                public Integer open(Server server, OpenContext context) { seen("shared open"); return 1; }
                public void close(Integer c) { seen("shared close"); }
            }

            static class Negotiated implements ConnectionFactory.Negotiated<Server, Long> {
                public Class<Server> settings() { return Server.class; }
                public String name() { return "negotiated"; }
                public Endpoint endpoint(Server server) { return place("negotiated", server); }
                public Long open(Server server, OpenContext context) { seen("negotiated open"); return 1L; }
                public void close(Long c) { seen("negotiated close"); }
                public int capacity(Long c) { seen("negotiated capacity"); return 1; }
            }

            static class Pooled implements ConnectionFactory.Pooled<Server, Character> {
                public Class<Server> settings() { return Server.class; }
                public String name() { return "pooled"; }
                public Endpoint endpoint(Server server) { return place("pooled", server); }
                public ConnectionPool<Character> open(Server server, OpenContext context) {
                    seen("pooled open");
                    return new ConnectionPool<>() {
                        public Character lease(Deadline deadline) { seen("pool lease"); return 'c'; }
                        public void release(Character c, boolean broken) { seen("pool release"); }
                        public Figures figures() { seen("pool figures"); return new Figures(1, 0, 1, 0); }
                        public void close() { seen("pool close"); }
                    };
                }
            }

            static class Subscribed implements ConnectionFactory.Subscribed<Server> {
                public Class<Server> settings() { return Server.class; }
                public String name() { return "subscribed"; }
                public Endpoint endpoint(Server server) { return place("subscribed", server); }
                public Subscription open(Server server, SubscriptionRequest request, OpenContext context) {
                    seen("subscribed open");
                    Semaphore woken = new Semaphore(0);
                    return new Subscription() {
                        public void poll(Duration most, Consumer<Frame> consumer) throws InterruptedException {
                            seen("subscription poll");
                            woken.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
                        }
                        public void wakeup() { seen("subscription wakeup"); woken.release(); }
                        public void close() { seen("subscription close"); }
                    };
                }
            }
        }
        """;

    @TempDir
    Path temp;

    @Test
    void isThePluginsOwnInEveryCall() throws Exception {
        Path classes =
                PluginJars.compile(temp.resolve("build"), PluginJars.apiClassPath(), Map.of("Everything", EVERYTHING));
        PluginJars.jar(classes, temp.resolve("plugins/everything/everything.jar"), "com.acme.Everything", "1");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Map<String, String> seen = new ConcurrentHashMap<>();
        System.getProperties().put("everything.seen", seen);
        try {
            run();
        } finally {
            System.getProperties().remove("everything.seen");
        }
        assertThat(seen)
                .allSatisfy((call, loader) -> assertThat(loader).as(call).isEqualTo("own"))
                .containsKeys(
                        "constructor",
                        "info",
                        "services",
                        "actions",
                        "commands",
                        "all.exclusive type",
                        "all.exclusive prepare",
                        "all.exclusive subscriptions",
                        "all.exclusive endpoint",
                        "all.exclusive execute",
                        "all.exclusive classify",
                        "all.exclusive hook",
                        "exclusive prepare",
                        "exclusive endpoint",
                        "exclusive open",
                        "exclusive reset",
                        "exclusive isAlive",
                        "exclusive close",
                        "shared open",
                        "shared close",
                        "negotiated open",
                        "negotiated capacity",
                        "negotiated close",
                        "pooled open",
                        "pool lease",
                        "pool release",
                        "pool figures",
                        "pool close",
                        "subscribed open",
                        "subscription poll",
                        "subscription wakeup",
                        "subscription close",
                        "stream next",
                        "stream close");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    private void run() throws Exception {
        Path system = Files.writeString(temp.resolve("system.yaml"), """
            services:
              all: { protocol: all }
            """);
        Path scenario = Files.writeString(temp.resolve("every.yaml"), """
            id: every
            flow:
              - { name: shared, type: all.shared, service: all, text: fine }
              - { name: negotiated, type: all.negotiated, service: all, text: fine }
              - { name: pooled, type: all.pooled, service: all, text: fine }
              - { name: subscribed, type: all.subscribed, service: all, text: fine }
              - { name: exclusive, type: all.exclusive, service: all, text: fine }
              - { name: pause, type: sleep, duration: 600ms }
              - { name: again, type: all.exclusive, service: all, text: fine }
              - { name: cut, type: all.exclusive, service: all, text: throw, on_failure: continue }
              - { name: hang, type: all.exclusive, service: all, text: hang, timeout: 100ms, on_failure: continue }
            """);
        TurbulenceRun.builder()
                .system(system)
                .scenario(scenario)
                .pluginFolder(temp.resolve("plugins"))
                .output(temp.resolve("run"))
                .build()
                .execute();
    }
}
