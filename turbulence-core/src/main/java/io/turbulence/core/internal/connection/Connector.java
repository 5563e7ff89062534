package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;

/// How connections of one kind are opened, checked and closed for one service, whatever the mode: a factory
/// bound to the settings.
interface Connector<C> {

    C open(OpenContext context) throws Exception;

    void close(C connection) throws Exception;

    boolean isAlive(C connection, Deadline deadline) throws Exception;

    void reset(C connection) throws Exception;

    /// How many may hold it at once.
    int capacity(C connection);

    /// Binds a factory of a mode whose connections core keeps itself.
    static <S extends Record, C> Connector<C> of(ConnectionFactory<S, C> factory, Record settings) {
        S bound = factory.settings().cast(settings);
        return switch (factory) {
            case ConnectionFactory.Exclusive<S, C> exclusive -> new OfExclusive<>(exclusive, bound);
            case ConnectionFactory.Shared<S, C> shared -> new OfShared<>(shared, bound);
            case ConnectionFactory.Negotiated<S, C> negotiated -> new OfNegotiated<>(negotiated, bound);
            case ConnectionFactory.Pooled<S, C> pooled ->
                throw new IllegalArgumentException(pooled.getClass().getName() + " brings its own pool");
            case ConnectionFactory.Subscribed<?> subscribed ->
                throw new IllegalArgumentException(subscribed.getClass().getName() + " is for subscriptions");
        };
    }

    /// One holder at a time.
    record OfExclusive<S extends Record, C>(ConnectionFactory.Exclusive<S, C> factory, S settings)
            implements Connector<C> {

        @Override
        public C open(OpenContext context) throws Exception {
            return factory.open(settings, context);
        }

        @Override
        public void close(C connection) throws Exception {
            factory.close(connection);
        }

        @Override
        public boolean isAlive(C connection, Deadline deadline) throws Exception {
            return factory.isAlive(connection, deadline);
        }

        @Override
        public void reset(C connection) throws Exception {
            factory.reset(connection);
        }

        @Override
        public int capacity(C connection) {
            return 1;
        }
    }

    /// Any number of holders.
    record OfShared<S extends Record, C>(ConnectionFactory.Shared<S, C> factory, S settings) implements Connector<C> {

        @Override
        public C open(OpenContext context) throws Exception {
            return factory.open(settings, context);
        }

        @Override
        public void close(C connection) throws Exception {
            factory.close(connection);
        }

        @Override
        public boolean isAlive(C connection, Deadline deadline) throws Exception {
            return factory.isHealthy(connection, deadline);
        }

        @Override
        public void reset(C connection) {}

        @Override
        public int capacity(C connection) {
            return Integer.MAX_VALUE;
        }
    }

    /// As many holders as the connection says.
    record OfNegotiated<S extends Record, C>(ConnectionFactory.Negotiated<S, C> factory, S settings)
            implements Connector<C> {

        @Override
        public C open(OpenContext context) throws Exception {
            return factory.open(settings, context);
        }

        @Override
        public void close(C connection) throws Exception {
            factory.close(connection);
        }

        @Override
        public boolean isAlive(C connection, Deadline deadline) throws Exception {
            return factory.isAlive(connection, deadline);
        }

        @Override
        public void reset(C connection) throws Exception {
            factory.reset(connection);
        }

        @Override
        public int capacity(C connection) {
            return Math.max(1, factory.capacity(connection));
        }
    }
}
