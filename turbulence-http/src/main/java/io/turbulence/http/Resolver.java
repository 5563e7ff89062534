package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Finds the addresses of host names, and remembers them for a while. Thread-safe.
final class Resolver {

    private static final long AGE = Duration.ofSeconds(30).toNanos();

    private final Map<String, Entry> known = new ConcurrentHashMap<>();

    /// All addresses of the host, those of both families in turn.
    List<InetAddress> resolve(String host, Deadline deadline) {
        InetAddress literal = literal(host);
        if (literal != null) {
            return List.of(literal);
        }
        Entry entry = known.get(host);
        if (entry == null || System.nanoTime() - entry.since > AGE) {
            entry = new Entry(interleave(lookUp(host, deadline)), System.nanoTime());
            known.put(host, entry);
        }
        return entry.addresses;
    }

    private static @Nullable InetAddress literal(String host) {
        boolean maybe = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
        if (!maybe) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// On a thread of its own: the system's resolver listens to no deadline and would hold the carrier.
    private static InetAddress[] lookUp(String host, Deadline deadline) {
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("turbulence-http-resolve " + host).start(() -> {
            try {
                answer.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new FailureException(
                    Failure.RESOLVE,
                    "'" + host + "' could not be resolved to an address: no such host is known",
                    e.getCause());
        } catch (TimeoutException e) {
            throw new FailureException(
                    Failure.TIMEOUT, "'" + host + "' was not resolved to an address within the " + deadline.limit(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(Failure.CANCELLED, "resolving '" + host + "' was cancelled", e);
        }
    }

    private static List<InetAddress> interleave(InetAddress[] addresses) {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> second = new ArrayList<>();
        boolean firstIsFour = addresses[0] instanceof Inet4Address;
        for (InetAddress address : addresses) {
            (address instanceof Inet4Address == firstIsFour ? first : second).add(address);
        }
        List<InetAddress> all = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return List.copyOf(all);
    }

    private record Entry(List<InetAddress> addresses, long since) {}
}
