package io.turbulence.sql;

import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.time.Duration;

/// What can be said about a service when it is loaded.
///
/// HikariCP corrects limits that it thinks unwise, with a line in a log. A run would then measure another
/// pool than the one that the file describes, so they are refused here instead.
final class ServiceChecks {

    /// What HikariCP would otherwise raise or switch off.
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(10);

    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(30);
    private static final Duration SHORTEST_CHECK = Duration.ofSeconds(30);
    private static final Duration SHORTEST_CONNECT = Duration.ofMillis(250);
    private static final Duration IDLE_BEFORE_LIFETIME = Duration.ofSeconds(1);

    private ServiceChecks() {}

    static void check(Preparation<Database> service, Drivers drivers) {
        service.constant("url", String.class).ifPresent(url -> url(url, drivers, service.problems()));
        pool(service.pool(), service.problems());
    }

    private static void url(String text, Drivers drivers, Problems problems) {
        JdbcUrl url;
        try {
            url = JdbcUrl.parse(text);
        } catch (IllegalArgumentException e) {
            problems.error(
                    "url",
                    String.valueOf(e.getMessage()),
                    "a URL such as 'jdbc:postgresql://localhost:5432/shop'",
                    null);
            return;
        }
        if (drivers.forUrl(text).isEmpty()) {
            problems.error(
                    "url",
                    "'" + url.shown() + "' has no driver",
                    "a URL that a driver takes; there are: " + drivers.names(),
                    Drivers.hint(url));
        }
    }

    private static void pool(PoolSettings pool, Problems problems) {
        shortest("max_lifetime", pool.maxLifetime(), SHORTEST_LIFETIME, problems);
        shortest("idle_timeout", pool.idleTimeout(), SHORTEST_IDLE, problems);
        shortest("health_check_interval", pool.healthCheckInterval(), SHORTEST_CHECK, problems);
        shortest("connect_timeout", pool.connectTimeout(), SHORTEST_CONNECT, problems);
        if (pool.idleTimeout().plus(IDLE_BEFORE_LIFETIME).compareTo(pool.maxLifetime()) > 0) {
            problems.error(
                    "pool.idle_timeout",
                    text(pool.idleTimeout()),
                    "at least 1s less than 'max_lifetime', which is " + text(pool.maxLifetime()),
                    "HikariCP would never close idle connections.");
        }
        if (pool.healthCheckInterval().compareTo(pool.maxLifetime()) >= 0) {
            problems.error(
                    "pool.health_check_interval",
                    text(pool.healthCheckInterval()),
                    "less than 'max_lifetime', which is " + text(pool.maxLifetime()),
                    "HikariCP would not check at all.");
        }
        Integer max = pool.max();
        if (max != null && pool.min() > max) {
            problems.error("pool.min", String.valueOf(pool.min()), "at most 'max', which is " + max, null);
        }
        pool.perHost().forEach((host, own) -> {
            Duration idle = own.idleTimeout();
            if (idle != null) {
                shortest("per_host." + host + ".idle_timeout", idle, SHORTEST_IDLE, problems);
            }
        });
    }

    private static void shortest(String key, Duration found, Duration least, Problems problems) {
        if (found.compareTo(least) < 0) {
            problems.error(
                    "pool." + key,
                    text(found),
                    "at least " + text(least) + " for a database",
                    "HikariCP would silently use another value.");
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
