package io.turbulence.testkit;

import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.Lease;
import io.turbulence.spi.OpenContext;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lease of a connection of its own, without a pool: opened for it and closed with it.
///
/// @param <C> the connection's type
public final class FakeLease<C> implements Lease<C> {

    private final C connection;
    private final Closing closing;
    private final Instant createdAt = Instant.now();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean invalidated;

    private FakeLease(C connection, Closing closing) {
        this.connection = connection;
        this.closing = closing;
    }

    /// Opens a connection through its factory.
    ///
    /// @throws IllegalArgumentException when the settings are not the factory's, or it is one of
    ///                                  subscriptions
    /// @throws Exception                what the factory throws
    public static <C> FakeLease<C> open(ConnectionFactory<?, C> factory, Record settings, OpenContext context)
            throws Exception {
        return openWith(factory, settings, context);
    }

    private static <S extends Record, C> FakeLease<C> openWith(
            ConnectionFactory<S, C> factory, Record untyped, OpenContext context) throws Exception {
        if (!factory.settings().isInstance(untyped)) {
            throw new IllegalArgumentException(
                    "settings were a " + untyped.getClass().getName() + " but the factory takes a "
                            + factory.settings().getName());
        }
        S settings = factory.settings().cast(untyped);
        return switch (factory) {
            case ConnectionFactory.Shared<S, C> shared -> {
                C connection = shared.open(settings, context);
                yield new FakeLease<>(connection, broken -> shared.close(connection));
            }
            case ConnectionFactory.Exclusive<S, C> exclusive -> {
                C connection = exclusive.open(settings, context);
                yield new FakeLease<>(connection, broken -> exclusive.close(connection));
            }
            case ConnectionFactory.Negotiated<S, C> negotiated -> {
                C connection = negotiated.open(settings, context);
                yield new FakeLease<>(connection, broken -> negotiated.close(connection));
            }
            case ConnectionFactory.Pooled<S, C> pooled -> {
                ConnectionPool<C> pool = pooled.open(settings, context);
                C connection = pool.lease(context.deadline());
                yield new FakeLease<>(connection, broken -> {
                    try (pool) {
                        pool.release(connection, broken);
                    }
                });
            }
            case ConnectionFactory.Subscribed<?> subscribed ->
                throw new IllegalArgumentException("a subscription is not leased: give the context an inbox instead");
        };
    }

    @Override
    public C connection() {
        return connection;
    }

    @Override
    public Instant createdAt() {
        return createdAt;
    }

    @Override
    public Instant lastUsedAt() {
        return createdAt;
    }

    @Override
    public long uses() {
        return 1;
    }

    @Override
    public void invalidate() {
        invalidated = true;
    }

    /// Whether it was said to be broken.
    public boolean invalidated() {
        return invalidated;
    }

    /// Whether it was given back.
    public boolean closed() {
        return closed.get();
    }

    /// Gives it back and closes its connection.
    ///
    /// @throws IllegalStateException when the factory's close throws
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            closing.close(invalidated);
        } catch (Exception e) {
            throw new IllegalStateException("the factory could not close a connection: " + e, e);
        }
    }

    private interface Closing {

        void close(boolean broken) throws Exception;
    }
}
