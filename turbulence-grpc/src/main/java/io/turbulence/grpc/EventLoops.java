package io.turbulence.grpc;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The network threads that all channels of a run share: started with the first channel, ended with the last.
/// Thread-safe.
final class EventLoops {

    private static final int MOST_THREADS = 4;

    private final Object lock = new Object();
    private @Nullable EventLoopGroup group;
    private int users;

    EventLoopGroup join() {
        synchronized (lock) {
            EventLoopGroup current = group;
            if (current == null) {
                int threads = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS);
                current = new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("turbulence-grpc-network", true), NioIoHandler.newFactory());
                group = current;
            }
            users++;
            return current;
        }
    }

    void leave() {
        EventLoopGroup last = null;
        synchronized (lock) {
            if (--users == 0) {
                last = group;
                group = null;
            }
        }
        if (last != null) {
            var unused = last.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        }
    }
}
