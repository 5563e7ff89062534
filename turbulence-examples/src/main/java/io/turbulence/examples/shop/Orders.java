package io.turbulence.examples.shop;

import io.turbulence.examples.shop.ShopServer.Cart;
import io.turbulence.examples.shop.ShopServer.Item;
import io.turbulence.examples.shop.ShopServer.Order;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Orders and their payment, which takes a while: pending, then paid, then confirmed.
final class Orders implements AutoCloseable {

    private static final int SHORTEST_PAYMENT_MILLIS = 20;
    private static final int LONGEST_PAYMENT_MILLIS = 80;

    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final ScheduledExecutorService payments = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("shop-payments").factory());

    Order place(String id, Cart cart) {
        List<Item> items = List.copyOf(cart.items());
        double total = items.stream()
                .mapToDouble(item -> item.price() * item.quantity())
                .sum();
        Order order = new Order(id, cart.customer_id(), "pending", items, Math.round(total * 100) / 100.0);
        orders.put(id, order);
        long payment = ThreadLocalRandom.current().nextInt(SHORTEST_PAYMENT_MILLIS, LONGEST_PAYMENT_MILLIS);
        advance(id, "paid", payment);
        advance(id, "confirmed", payment * 2);
        return order;
    }

    private void advance(String id, String status, long afterMillis) {
        var unused = payments.schedule(
                () -> orders.computeIfPresent(
                        id, (key, order) -> new Order(key, order.customer_id(), status, order.items(), order.total())),
                afterMillis,
                TimeUnit.MILLISECONDS);
    }

    @Nullable
    Order find(String id) {
        return orders.get(id);
    }

    @Override
    public void close() {
        payments.shutdownNow();
    }
}
