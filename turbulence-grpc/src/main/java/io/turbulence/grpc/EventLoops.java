package io.turbulence.grpc;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.HashedWheelTimer;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The network threads, and the timer, that all channels of a run share: started with the first channel, ended with the
/// last.
/// Thread-safe.
final class EventLoops {

    private static final int MOST_THREADS = 4;
    private static final Duration TICK = Duration.ofMillis(10);
    private static final int WHEEL = 512;

    private final Object lock = new Object();
    private @Nullable Running running;
    private int users;

    Running join() {
        synchronized (lock) {
            Running current = running;
            if (current == null) {
                current = Running.start(Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS));
                running = current;
            }
            users++;
            return current;
        }
    }

    void leave() {
        Running last = null;
        synchronized (lock) {
            if (--users == 0) {
                last = running;
                running = null;
            }
        }
        if (last != null) {
            last.end();
        }
    }

    /// Network threads that have been started.
    ///
    /// @param alarms wakes who waits when their time is up, at most [#TICK] late
    record Running(EventLoopGroup group, List<EventExecutor> all, HashedWheelTimer alarms) {

        static Running start(int threads) {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                    threads, new DefaultThreadFactory("turbulence-grpc-network", true), NioIoHandler.newFactory());
            List<EventExecutor> all = new ArrayList<>();
            group.forEach(all::add);
            return new Running(
                    group,
                    List.copyOf(all),
                    new HashedWheelTimer(
                            new DefaultThreadFactory("turbulence-grpc-deadlines", true),
                            TICK.toMillis(),
                            TimeUnit.MILLISECONDS,
                            WHEEL,
                            false));
        }

        /// The one that is running this; null when none is.
        @Nullable
        EventExecutor current() {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).inEventLoop()) {
                    return all.get(i);
                }
            }
            return null;
        }

        void end() {
            var unused = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
            var unusedToo = alarms.stop();
        }
    }
}
