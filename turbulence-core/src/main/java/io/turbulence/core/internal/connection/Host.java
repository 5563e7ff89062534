package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.spi.PoolSettings;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One place that a service connects to: opening with back-off, checking and closing, and all that is counted
/// there. The pools around it decide when. Thread-safe.
final class Host<C> {

    /// A connection that was used so shortly before is not checked before it is lent.
    static final long TRUSTED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /// Sent away because nothing is lent any more.
    static final Object CLOSED = new Object();

    private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_OUTAGES = 100;
    private static final int HOPELESS_AFTER = 5;
    private static final Duration WORTH_TELLING = Duration.ofSeconds(1);
    private static final long LONGEST_WAIT_MICROS = TimeUnit.HOURS.toMicros(1);

    private final Environment environment;
    private final Common common;
    private final Connector<C> connector;
    private final String service;
    private final String title;
    private final Endpoint endpoint;
    private final PoolSettings settings;
    private final Deadlines deadlines;
    private final long idleNanos;
    private final long lifetimeNanos;

    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger alive = new AtomicInteger();
    private volatile int generation;
    private volatile long brokenAt;
    private volatile boolean everBroken;

    private final LongAdder opened = new LongAdder();
    private final LongAdder closedCount = new LongAdder();
    private final LongAdder anew = new LongAdder();
    private final LongAdder openFailed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder evictedIdle = new LongAdder();
    private final LongAdder evictedLifetime = new LongAdder();
    private final LongAdder evictedUnhealthy = new LongAdder();
    private final LongAdder evictedOverLimit = new LongAdder();
    private final LongAdder leaked = new LongAdder();
    private final ConcurrentHistogram waits = new ConcurrentHistogram(LONGEST_WAIT_MICROS, 2);

    private final Object failureLock = new Object();

    // Written under failureLock
    private volatile Outcome.@Nullable Failed lastFailure;
    private volatile boolean failing;
    private volatile long notBefore;
    private long backOff;
    private long failingSince;
    private volatile int failures;

    /// Whether it could not be reached, and did not only refuse what was asked of it.
    private boolean unreached;

    /// Whether that was found by calls over connections that were open.
    private volatile boolean foundByCalls;
    private final List<Outage> pastOutages = new ArrayList<>();

    /// @param common   shared by all places of the service
    /// @param title    names it in messages: the service, and what tells this place from its main one
    /// @param settings with everything filled in that holds for this place
    Host(
            Environment environment,
            Common common,
            Connector<C> connector,
            String service,
            String title,
            Endpoint endpoint,
            PoolSettings settings) {
        this.environment = environment;
        this.common = common;
        this.connector = connector;
        this.service = service;
        this.title = title;
        this.endpoint = endpoint;
        this.settings = settings;
        this.deadlines = new Deadlines(
                "acquire_timeout of " + Durations.text(settings.acquireTimeout()),
                "connect_timeout of " + Durations.text(settings.connectTimeout()));
        this.idleNanos = saturated(settings.idleTimeout());
        this.lifetimeNanos = saturated(settings.maxLifetime());
    }

    private record Deadlines(String acquire, String connect) {}

    /// Why a connection is closed.
    enum Reason {
        IDLE,
        LIFETIME,
        UNHEALTHY,
        OVER_LIMIT,
        /// Its holder said so, or was interrupted.
        BROKEN,
        /// Not wanted any more.
        DONE
    }

    Environment environment() {
        return environment;
    }

    Common common() {
        return common;
    }

    String service() {
        return service;
    }

    String title() {
        return title;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    PoolSettings settings() {
        return settings;
    }

    int capacity(Connection<C> connection) {
        return connector.capacity(connection.connection);
    }

    /// For what is opened in the background.
    Deadline openDeadline() {
        return Deadline.after(settings.connectTimeout(), deadlines.connect(), environment.nanoClock());
    }

    RegistryClosedException closed() {
        return new RegistryClosedException(title + ": no connection is lent any more; the registry is closed");
    }

    /// What is thrown to who was sent away from a line.
    ///
    /// @param reason [#CLOSED], or the failure of another's attempt to open
    LeaseException refusal(Object reason, long waitingSince) {
        return reason instanceof Outcome.Failed failure
                ? new OpenFailedException(failure, environment.now() - waitingSince, -1)
                : closed();
    }

    Deadline acquireDeadline(Deadline deadline) {
        return deadline.within(settings.acquireTimeout(), deadlines.acquire());
    }

    /// Opens a connection on this thread.
    ///
    /// @param waitNanos what the holder waited before; for the exception
    /// @throws OpenFailedException when it could not be opened
    Connection<C> open(Deadline deadline, long waitNanos) throws InterruptedException {
        Deadline limit = openLimit(deadline, waitNanos);
        boolean hurried = isHurried(deadline, waitNanos);
        Opening opening = new Opening(this, limit, environment.now());
        alive.incrementAndGet();
        boolean done = false;
        try {
            C connection = connector.open(opening);
            long now = environment.now();
            opening.finished(now);
            done = true;
            opened.increment();
            recovered();
            long number = numbers.incrementAndGet();
            return new Connection<>(connection, number, now, opening, now + lifetime(number), generation);
        } catch (InterruptedException | PluginException e) {
            throw e;
        } catch (Exception e) {
            long now = environment.now();
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException("interrupted while opening");
                interrupted.initCause(e);
                throw interrupted;
            }
            Outcome.Failed outcome = explained(Outcome.Failed.of(e), limit);
            boolean provesNothing = hurried && outcome.failure() == Failure.TIMEOUT;
            if (provesNothing) {
                openFailed.increment();
            } else {
                failed(outcome, opening.start(), now);
            }
            throw new OpenFailedException(outcome, waitNanos, now - opening.start(), provesNothing);
        } finally {
            if (!done) {
                alive.decrementAndGet();
            }
        }
    }

    /// What is left of the holder's time, when that is less than connecting may take, says that waiting took the rest.
    private Deadline openLimit(Deadline deadline, long waitNanos) {
        Deadline limit = deadline.within(settings.connectTimeout(), deadlines.connect());
        if (waitNanos <= 0 || limit != deadline || deadline.expired()) {
            return limit;
        }
        Duration left = deadline.remaining();
        String name = Durations.text(left) + " that waiting for the pool had left of the " + deadline.limit();
        return Deadline.after(left, name, environment.nanoClock());
    }

    /// Whether waiting left less than half of the time that connecting would have had without.
    private boolean isHurried(Deadline deadline, long waitNanos) {
        long left = deadline.remainingNanos();
        return waitNanos > 0 && left < Math.min(saturated(settings.connectTimeout()), left + waitNanos) / 2;
    }

    /// Counts a failure to open that happened inside a pool that a plugin brought.
    Outcome.Failed failedElsewhere(Exception thrown, Deadline limit) {
        Outcome.Failed outcome = explained(Outcome.Failed.of(thrown), limit);
        openFailed.increment();
        lastFailure = outcome;
        return outcome;
    }

    /// When it could not be reached, the oldest first.
    List<Outage> outages() {
        synchronized (failureLock) {
            List<Outage> all = new ArrayList<>(pastOutages);
            if (failing && unreached) {
                all.add(outage(null));
            }
            return all;
        }
    }

    /// Whether who waits for a connection would wait in vain: none is open or being opened that could become
    /// free, and the last attempts failed. One failure alone proves little, unless it took its whole time.
    boolean hopeless(OpenFailedException last) {
        boolean proven =
                failures >= HOPELESS_AFTER || (last.outcome().failure() == Failure.TIMEOUT && !last.cutShort());
        return proven && alive.get() == 0;
    }

    /// How long nobody should try to open one; zero or less when they may.
    long backOffNanos(long now) {
        return failing ? notBefore - now : 0;
    }

    Outcome.@Nullable Failed lastFailure() {
        return lastFailure;
    }

    /// Whether an idle connection can be lent; closes it when not. Asks the plugin when it was not used just
    /// before.
    boolean isFit(Connection<C> connection, long now, Deadline deadline) throws InterruptedException {
        Reason reason = stale(connection, now, idleNanos);
        if (reason == null && needsCheck(connection, now)) {
            try {
                reason = check(connection, deadline) ? null : Reason.UNHEALTHY;
            } catch (InterruptedException e) {
                close(connection, Reason.BROKEN);
                throw e;
            }
        }
        if (reason == null) {
            return true;
        }
        close(connection, reason);
        return false;
    }

    /// Why an idle connection is not to be lent again as far as is known without asking it; null when it is.
    @Nullable
    Reason stale(Connection<C> connection, long now) {
        return stale(connection, now, idleNanos);
    }

    /// As [#stale], but however long it was idle.
    @Nullable
    Reason outlived(Connection<C> connection, long now) {
        return stale(connection, now, Long.MAX_VALUE);
    }

    /// Asks the plugin.
    boolean check(Connection<C> connection, Deadline deadline) throws InterruptedException {
        Deadline limit = deadline.within(settings.connectTimeout(), deadlines.connect());
        try {
            boolean alive = connector.isAlive(connection.connection, limit);
            connection.checkedAt = environment.now();
            return alive;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            environment.log().log(Level.DEBUG, title + ": a connection failed its check", e);
            return false;
        }
    }

    /// Makes it ready for its next holder.
    ///
    /// @return false when it cannot be lent again
    boolean reset(Connection<C> connection) {
        try {
            connector.reset(connection.connection);
            return true;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            environment.log().log(Level.DEBUG, title + ": a connection could not be reset", e);
            return false;
        }
    }

    /// Closes it on this thread, unless it is closed already.
    void close(Connection<C> connection, Reason reason) {
        if (!connection.markClosed()) {
            return;
        }
        count(reason);
        environment.closer().closeNow(title, () -> connector.close(connection.connection));
        gone();
    }

    /// Closes it on another thread, unless it is closed already.
    ///
    /// @param after run when it is closed
    void closeLater(Connection<C> connection, Reason reason, Runnable after) {
        if (!connection.markClosed()) {
            after.run();
            return;
        }
        count(reason);
        environment.closer().closeLater(title, () -> connector.close(connection.connection), () -> {
            gone();
            after.run();
        });
    }

    /// Says that a holder found its connection broken: others are checked before they are lent.
    void suspect() {
        brokenAt = environment.now();
        everBroken = true;
    }

    /// All connections opened before this are closed when they are next idle.
    void newGeneration() {
        synchronized (failureLock) {
            generation++;
        }
    }

    void waited(long nanos) {
        waits.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LONGEST_WAIT_MICROS));
    }

    /// @param reused whether a holder that counts was lent a connection that should have been open
    void reconnected(int times, boolean reused) {
        if (times > 0) {
            opened.add(times);
            closedCount.add(times);
            if (reused) {
                anew.increment();
            }
        }
    }

    /// Somebody who counts got no connection.
    void refused(LeaseException why) {
        refused.increment();
        if (why instanceof AcquireTimeoutException) {
            // Whoever got nothing waited longest: left out, a starved pool would look like one without waits
            waited(why.waitNanos());
        }
    }

    void leaked() {
        leaked.increment();
    }

    AcquireTimeoutException timeout(Deadline limit, long waitNanos, int max, int inUse, int idle, int waiting) {
        boolean ownLimit = limit.limit().equals(deadlines.acquire());
        Duration waited =
                ownLimit ? settings.acquireTimeout() : Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(waitNanos));
        Outcome.Failed last = lastFailure;
        String message = title + ": no connection free after " + Durations.text(waited)
                + (ownLimit ? "" : ", cut short by " + limit.limit())
                + " (max=" + max + ", in use=" + inUse + ", idle=" + idle + ", waiting=" + waiting + ")."
                + (last == null ? "" : " Last failure to open: " + sentence(last.message()))
                + " Raise pool.max or lower the load.";
        return new AcquireTimeoutException(message, last == null ? null : last.cause(), waitNanos);
    }

    /// Adds what is counted here. What only the pool knows is added by the pool.
    void addTo(Tally tally) {
        // Closed first, so that what is open is never negative
        tally.closed += closedCount.sum();
        tally.opened += opened.sum();
        tally.anew += anew.sum();
        tally.openFailed += openFailed.sum();
        tally.refused += refused.sum();
        tally.evictedIdle += evictedIdle.sum();
        tally.evictedLifetime += evictedLifetime.sum();
        tally.evictedUnhealthy += evictedUnhealthy.sum();
        tally.evictedOverLimit += evictedOverLimit.sum();
        tally.leaked += leaked.sum();
        Histogram copy = waits.copy();
        tally.waits.add(copy);
    }

    private @Nullable Reason stale(Connection<C> connection, long now, long idleLimit) {
        if (connection.generation != generation) {
            return Reason.DONE;
        }
        if (now - connection.expiresAt >= 0) {
            return Reason.LIFETIME;
        }
        return now - connection.lastUsedAt >= idleLimit ? Reason.IDLE : null;
    }

    /// When it was last used or checked.
    static long knownGoodAt(Connection<?> connection) {
        return connection.checkedAt - connection.lastUsedAt > 0 ? connection.checkedAt : connection.lastUsedAt;
    }

    /// Whether the plugin must be asked before it is lent.
    boolean needsCheck(Connection<C> connection, long now) {
        long known = connection.checkedAt - connection.lastUsedAt > 0 ? connection.checkedAt : connection.lastUsedAt;
        return now - known > TRUSTED_NANOS || (everBroken && known - brokenAt < 0);
    }

    private void count(Reason reason) {
        closedCount.increment();
        switch (reason) {
            case IDLE -> evictedIdle.increment();
            case LIFETIME -> evictedLifetime.increment();
            case UNHEALTHY -> evictedUnhealthy.increment();
            case OVER_LIMIT -> evictedOverLimit.increment();
            case BROKEN, DONE -> {}
        }
    }

    private void gone() {
        alive.decrementAndGet();
    }

    private void failed(Outcome.Failed outcome, long started, long now) {
        openFailed.increment();
        lastFailure = outcome;
        boolean refused = outcome.failure() == Failure.PROTOCOL;
        synchronized (failureLock) {
            if (!failing || (!refused && !unreached)) {
                failingSince = now;
            }
            unreached = !refused || (failing && unreached);
            if (!failing) {
                failing = true;
                failures = 1;
                backOff = 0;
                notBefore = now;
                // One failure alone is no reason to hold anybody back
                return;
            }
            failures = failures + 1;
            if (started - notBefore < 0) {
                // Attempts that were made side by side count once
                return;
            }
            backOff = Math.clamp(backOff * 2, FIRST_BACK_OFF_NANOS, LONGEST_BACK_OFF_NANOS);
            notBefore = now + backOff;
        }
    }

    /// Says that the peer answers.
    void recovered() {
        if (failing) {
            Outage over;
            synchronized (failureLock) {
                if (!failing) {
                    return;
                }
                over = outage(environment.instant(environment.now()));
                failing = false;
                foundByCalls = false;
                if (!unreached) {
                    return;
                }
                if (pastOutages.size() < MOST_OUTAGES) {
                    pastOutages.add(over);
                }
            }
            boolean lasted = over.length().compareTo(WORTH_TELLING) >= 0;
            environment.log().log(lasted ? Level.INFO : Level.DEBUG, over::toString);
        }
    }

    /// What a call over a connection that many share came to: its peer may be gone and come back without a connection
    /// being opened here.
    ///
    /// @param since when it began
    void told(Outcome outcome, long since) {
        if (outcome instanceof Outcome.Failed failed && failed.failure() == Failure.CONNECT) {
            foundByCalls = true;
            away(failed, since);
        } else if (foundByCalls && outcome instanceof Outcome.Completed) {
            recovered();
        }
    }

    /// Says that what is open gets no answer at present.
    ///
    /// @param since when it got the last one
    void away(Outcome.Failed why, long since) {
        lastFailure = why;
        synchronized (failureLock) {
            if (!failing) {
                failing = true;
                failingSince = since;
                failures = 0;
                backOff = 0;
                notBefore = since;
            }
            unreached = true;
            failures = failures + 1;
        }
    }

    private Outage outage(@Nullable Instant until) {
        Outcome.Failed last = lastFailure;
        return new Outage(
                service,
                endpoint.authority(),
                environment.instant(failingSince).truncatedTo(ChronoUnit.MILLIS),
                until == null ? null : until.truncatedTo(ChronoUnit.MILLIS),
                failures,
                last == null ? "" : last.message());
    }

    /// Whether it says that the place itself could not be reached. A message of the plugin's own subject, such as a
    /// queue that is not there or credentials that nobody has, does not.
    private static boolean isOfThePlace(Outcome.Failed outcome) {
        return outcome.failure() != Failure.PROTOCOL || !outcome.message().startsWith("'");
    }

    private Outcome.Failed explained(Outcome.Failed outcome, Deadline limit) {
        if (!isOfThePlace(outcome)) {
            return outcome;
        }
        String where = endpoint.authority();
        String message = outcome.message().contains(where)
                ? outcome.message()
                : "could not connect to '" + where + "': " + outcome.message();
        if (outcome.failure() == Failure.TIMEOUT && !message.contains(limit.limit())) {
            message += " (" + limit.limit() + ")";
        }
        return new Outcome.Failed(outcome.failure(), message, outcome.cause());
    }

    private long lifetime(long number) {
        // Up to 10 % less, so that connections that were opened together are not closed together; a mix of the
        // number instead of a generator, so that a run can be repeated
        long mixed = (number * 0x9E3779B97F4A7C15L) >>> 11;
        double part = mixed * 0x1.0p-53;
        return lifetimeNanos - (long) (lifetimeNanos * 0.1 * part);
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private static long saturated(Duration duration) {
        long most = Long.MAX_VALUE / 4;
        return duration.compareTo(Duration.ofNanos(most)) >= 0 ? most : duration.toNanos();
    }
}
