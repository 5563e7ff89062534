package io.turbulence.http;

import io.turbulence.api.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The cookies of one instance (RFC 6265). Thread-safe: branches of an instance share them.
final class Cookies {

    private static final int MOST = 3000;

    private final InstantSource clock;
    /// Guards `kept`.
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Cookie> kept = new ArrayList<>();
    private long made;

    Cookies() {
        this(InstantSource.system());
    }

    Cookies(InstantSource clock) {
        this.clock = clock;
    }

    /// Takes what an answer from this URL sets.
    void store(HttpUrl url, Headers headers) {
        Object fields = headers.get("set-cookie");
        if (fields == null) {
            return;
        }
        List<?> all = fields instanceof List<?> list ? list : List.of(fields);
        lock.lock();
        try {
            for (Object field : all) {
                store(url, String.valueOf(field));
            }
        } finally {
            lock.unlock();
        }
    }

    /// The value of a `Cookie` field for a request to this URL; empty for none.
    String header(HttpUrl url) {
        lock.lock();
        try {
            Instant now = clock.instant();
            kept.removeIf(cookie -> cookie.expired(now));
            return kept.stream()
                    .filter(cookie -> cookie.belongsTo(url))
                    .sorted(Comparator.<Cookie>comparingInt(cookie -> -cookie.path.length())
                            .thenComparingLong(Cookie::number))
                    .map(cookie -> cookie.name + "=" + cookie.value)
                    .collect(Collectors.joining("; "));
        } finally {
            lock.unlock();
        }
    }

    private void store(HttpUrl url, String field) {
        Cookie cookie = parse(url, field, clock.instant());
        if (cookie == null) {
            return;
        }
        Cookie fresh = cookie;
        for (Iterator<Cookie> i = kept.iterator(); i.hasNext(); ) {
            Cookie old = i.next();
            if (old.sameAs(cookie)) {
                fresh = cookie.withNumber(old.number);
                i.remove();
            }
        }
        if (!fresh.expired(clock.instant())) {
            kept.add(fresh);
            if (kept.size() > MOST) {
                kept.removeFirst();
            }
        }
    }

    private @Nullable Cookie parse(HttpUrl url, String field, Instant now) {
        String[] parts = field.split(";", -1);
        int equals = parts[0].indexOf('=');
        if (equals < 1 || parts[0].substring(0, equals).isBlank()) {
            return null;
        }
        Attributes attributes = new Attributes();
        for (int i = 1; i < parts.length; i++) {
            attributes.read(parts[i], now);
        }
        String host = url.endpoint().host();
        String domain = attributes.domain;
        boolean hostOnly = domain.isEmpty() || domain.equals(host);
        // A name without a dot inside would reach the hosts of everybody
        if (!hostOnly && (!matchesDomain(host, domain) || domain.indexOf('.') < 0)) {
            return null;
        }
        return new Cookie(
                parts[0].substring(0, equals).strip(),
                parts[0].substring(equals + 1).strip(),
                hostOnly ? host : domain,
                hostOnly,
                attributes.path.startsWith("/") ? attributes.path : defaultPath(url.path()),
                attributes.secure,
                attributes.expiry(),
                made++);
    }

    private static boolean matchesDomain(String host, String domain) {
        boolean address = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return host.equals(domain) || (!address && host.endsWith("." + domain));
    }

    private static String defaultPath(String path) {
        int last = path.lastIndexOf('/');
        return last < 1 ? "/" : path.substring(0, last);
    }

    /// What stands behind the pair.
    private static final class Attributes {

        private String domain = "";
        private String path = "";
        private boolean secure;
        private @Nullable Instant expires;
        private @Nullable Instant end;

        void read(String attribute, Instant now) {
            int equals = attribute.indexOf('=');
            String name = (equals < 0 ? attribute : attribute.substring(0, equals)).strip();
            String value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
            switch (name.toLowerCase(Locale.ROOT)) {
                case "domain" -> domain = value.toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
                case "path" -> path = value;
                case "secure" -> secure = true;
                case "expires" -> expires = CookieDate.parse(value);
                case "max-age" -> end = end(value, now);
                default -> {}
            }
        }

        private static @Nullable Instant end(String seconds, Instant now) {
            if (!seconds.matches("-?\\d{1,18}")) {
                return null;
            }
            long left = Math.min(Long.parseLong(seconds), 100L * 365 * 24 * 3600);
            return left <= 0 ? Instant.EPOCH : now.plusSeconds(left);
        }

        /// When it ends; null for the end of the instance. `Max-Age` goes before `Expires`.
        @Nullable
        Instant expiry() {
            return end != null ? end : expires;
        }
    }

    private record Cookie(
            String name,
            String value,
            String domain,
            boolean hostOnly,
            String path,
            boolean secure,
            @Nullable Instant end,
            long number) {

        boolean expired(Instant now) {
            return end != null && !end.isAfter(now);
        }

        boolean sameAs(Cookie other) {
            return name.equals(other.name) && domain.equals(other.domain) && path.equals(other.path);
        }

        Cookie withNumber(long earlier) {
            return new Cookie(name, value, domain, hostOnly, path, secure, end, earlier);
        }

        boolean belongsTo(HttpUrl url) {
            String host = url.endpoint().host();
            boolean rightHost = hostOnly ? host.equals(domain) : matchesDomain(host, domain);
            return rightHost
                    && matchesPath(url.path())
                    && (!secure || url.endpoint().scheme().equals("https"));
        }

        private boolean matchesPath(String requested) {
            return requested.equals(path)
                    || (requested.startsWith(path) && (path.endsWith("/") || requested.charAt(path.length()) == '/'));
        }
    }
}
