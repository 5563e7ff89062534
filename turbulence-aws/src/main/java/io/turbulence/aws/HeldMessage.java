package io.turbulence.aws;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The attributes of a message that a subscription has received, which know their message.
///
/// A message's frame goes through the host to whoever waits for it; what becomes of the message at the service is
/// settled
/// by the subscription. The attributes are the one part of the frame that the two have in common.
final class HeldMessage extends AbstractMap<String, Object> {

    private final Map<String, Object> attributes;
    private final String id;
    private final Consumer<HeldMessage> whenTaken;
    private final long receivedAt = System.nanoTime();
    private volatile boolean taken;

    // Of the thread that polls
    private String receiptHandle;
    private long heldSince = receivedAt;
    private boolean held = true;
    private boolean deleted;

    HeldMessage(String id, String receiptHandle, Map<String, Object> attributes, Consumer<HeldMessage> whenTaken) {
        this.id = id;
        this.receiptHandle = receiptHandle;
        this.attributes = Map.copyOf(attributes);
        this.whenTaken = whenTaken;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return attributes.entrySet();
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return attributes.get(key);
    }

    /// Says that it is whom it was for. From any thread.
    void take() {
        if (!taken) {
            taken = true;
            whenTaken.accept(this);
        }
    }

    boolean isTaken() {
        return taken;
    }

    String id() {
        return id;
    }

    String receiptHandle() {
        return receiptHandle;
    }

    /// It was received again.
    void holdAgain(String newReceiptHandle) {
        receiptHandle = newReceiptHandle;
        heldSince = System.nanoTime();
        held = true;
    }

    void letGo() {
        held = false;
    }

    void delete() {
        deleted = true;
        held = false;
    }

    boolean isHeld() {
        return held;
    }

    boolean isDeleted() {
        return deleted;
    }

    long heldNanos() {
        return System.nanoTime() - heldSince;
    }

    long ageNanos() {
        return System.nanoTime() - receivedAt;
    }
}
