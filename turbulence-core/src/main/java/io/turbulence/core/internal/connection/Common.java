package io.turbulence.core.internal.connection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What all connections of one service have in common: what their plugin keeps for them, and what became of the
/// messages that came over them. Thread-safe.
final class Common {

    private final Map<Class<?>, Object> kept = new ConcurrentHashMap<>();
    private final Map<String, Mailboxes> mailboxes = new ConcurrentHashMap<>();

    <T> T of(Class<T> type, Supplier<? extends T> initial) {
        Object there = kept.get(type);
        if (there == null) {
            // Not within the map's lock: it is the plugin's code
            Object made = initial.get();
            Object other = kept.putIfAbsent(type, made);
            there = other == null ? made : other;
        }
        return type.cast(there);
    }

    ConnectionMailbox mailbox(String name, LongSupplier clock) {
        Mailboxes all = mailboxes.computeIfAbsent(name, ignored -> new Mailboxes());
        return all.add(new ConnectionMailbox(name, clock, all::closed));
    }

    /// What became of the messages of all mailboxes, by name; without those that nothing came to.
    List<SubscriptionFigures> figures(String service) {
        List<SubscriptionFigures> figures = new ArrayList<>();
        mailboxes.forEach((name, all) -> {
            MessageStore.Counts counts = all.counts();
            if (counts.arrived() > 0) {
                figures.add(SubscriptionFigures.of(service, name, counts));
            }
        });
        return figures;
    }

    /// The mailboxes of one name: those that are open, and what those came to that are closed.
    private static final class Mailboxes {

        private final Object lock = new Object();

        // Guarded by lock
        private final Set<ConnectionMailbox> open = new HashSet<>();
        private MessageStore.Counts before = MessageStore.Counts.NONE;

        ConnectionMailbox add(ConnectionMailbox mailbox) {
            synchronized (lock) {
                open.add(mailbox);
            }
            return mailbox;
        }

        void closed(ConnectionMailbox mailbox) {
            synchronized (lock) {
                if (open.remove(mailbox)) {
                    before = before.plus(mailbox.counts());
                }
            }
        }

        MessageStore.Counts counts() {
            synchronized (lock) {
                MessageStore.Counts sum = before;
                for (ConnectionMailbox each : open) {
                    sum = sum.plus(each.counts());
                }
                return sum;
            }
        }
    }
}
