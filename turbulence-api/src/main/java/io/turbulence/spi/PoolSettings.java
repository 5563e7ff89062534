package io.turbulence.spi;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `pool` block of a service: the same keys for every protocol. The host applies them; a
/// [ConnectionFactory.Pooled] factory hands them to the pool that it brings.
///
/// @param max                 most connections open at once, for each endpoint; null for the mode's default
/// @param scope               who may share a connection
/// @param leakAfter           null for off
/// @param perHost             overrides by `host:port`
public record PoolSettings(
        @Setting(
                value = "Most connections open at once, for each host and port; of multiplexed clients the most"
                        + " clients. A queue or topic that steps wait on is read over one more.",
                aliases = {"max_connections", "max_per_host"},
                range = "1..1000000",
                templates = Setting.Templates.LOAD)
        @Nullable
        Integer max,

        @Setting(
                value = "Connections kept open; opened before the first instance.",
                aliases = "min_connections",
                defaultValue = "0",
                range = "0..1000000",
                templates = Setting.Templates.LOAD)
        int min,

        @Setting(
                value = "Who may share a connection: all instances, one instance for its life, or one step.",
                defaultValue = "run",
                templates = Setting.Templates.LOAD)
        Scope scope,

        @Setting(
                value = "Longest wait for a free connection.",
                defaultValue = "30s",
                range = "0..",
                templates = Setting.Templates.LOAD)
        Duration acquireTimeout,

        @Setting(
                value = "Longest time to open a connection.",
                aliases = "connection_timeout",
                defaultValue = "10s",
                range = "0..",
                templates = Setting.Templates.LOAD)
        Duration connectTimeout,

        @Setting(
                value = "An idle connection older than this is closed.",
                defaultValue = "30s",
                range = "0..",
                templates = Setting.Templates.LOAD)
        Duration idleTimeout,

        @Setting(
                value = "A connection older than this is closed when it is next idle; with jitter.",
                defaultValue = "30m",
                range = "0..",
                templates = Setting.Templates.LOAD)
        Duration maxLifetime,

        @Setting(
                value = "How often idle connections are checked; broken ones are replaced.",
                defaultValue = "60s",
                range = "0..",
                templates = Setting.Templates.LOAD)
        Duration healthCheckInterval,

        @Setting(
                value = "A connection held longer than this is reported with its holder.",
                templates = Setting.Templates.LOAD)
        @Nullable
        Duration leakAfter,

        @Setting(
                value = "Overrides by \"host:port\".",
                example = "{\"api.local:80\": {idle_timeout: 5s}}",
                templates = Setting.Templates.LOAD)
        Map<String, PerHost> perHost) {

    public PoolSettings {
        perHost = Map.copyOf(perHost);
    }

    /// Who may share a connection.
    public enum Scope {
        /// All instances of the run.
        RUN,
        /// One instance keeps its own for its life, as a browser does.
        INSTANCE,
        /// A new one for each step.
        STEP
    }

    /// What may differ for one host.
    public record PerHost(
            @Setting(
                    value = "An idle connection to this host older than this is closed.",
                    range = "0..",
                    templates = Setting.Templates.LOAD)
            @Nullable
            Duration idleTimeout,

            @Setting(
                    value = "Most connections open at once to this host.",
                    aliases = {"max_connections"},
                    range = "1..1000000",
                    templates = Setting.Templates.LOAD)
            @Nullable
            Integer max) {}

    /// All defaults.
    public static PoolSettings defaults() {
        return new PoolSettings(
                null,
                0,
                Scope.RUN,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                Duration.ofSeconds(60),
                null,
                Map.of());
    }
}
