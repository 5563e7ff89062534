package io.turbulence.core.internal.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Things made once by key and kept until closing, which goes in reverse order. Thread-safe: who asks
/// while one is being made waits for it; a failure to make one is not kept.
final class States implements AutoCloseable {

    private final Map<String, CompletableFuture<Object>> byKey = new HashMap<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    <T> T get(String key, Class<T> type, Supplier<? extends T> initial) {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        CompletableFuture<Object> there;
        synchronized (byKey) {
            there = byKey.putIfAbsent(key, mine);
        }
        if (there != null) {
            return type.cast(join(there));
        }
        try {
            T made = initial.get();
            synchronized (byKey) {
                if (made instanceof AutoCloseable closeable) {
                    toClose.add(closeable);
                }
            }
            mine.complete(made);
            return made;
        } catch (RuntimeException | Error e) {
            synchronized (byKey) {
                byKey.remove(key);
            }
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private static Object join(CompletableFuture<Object> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Closes all. What goes wrong is told to the logger, for there is nobody left to act on it.
    @Override
    public void close() {
        List<AutoCloseable> closing;
        synchronized (byKey) {
            closing = new ArrayList<>(toClose.reversed());
            toClose.clear();
            byKey.clear();
        }
        for (AutoCloseable state : closing) {
            try {
                state.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                System.getLogger(States.class.getName())
                        .log(System.Logger.Level.WARNING, "closing a state of a plugin failed", e);
            }
        }
    }
}
