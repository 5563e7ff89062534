package io.turbulence.core.internal.definition.expression;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One evaluation under way: what it sees and how long it may still take. Confined to its thread.
final class Evaluation {

    private static final int TICKS_PER_LOOK = 256;

    private final Scope scope;
    private final Limits limits;
    private final int place;
    private final boolean repeated;
    private @Nullable Object element;
    private int ticks;
    private long deadline;

    /// @param repeated whether values were drawn before, so that drawing again would mislead
    Evaluation(Scope scope, Limits limits, int place, boolean repeated) {
        this.scope = scope;
        this.limits = limits;
        this.place = place;
        this.repeated = repeated;
    }

    Scope scope() {
        return scope;
    }

    Limits limits() {
        return limits;
    }

    long random() {
        if (repeated) {
            throw new EvaluationException("A random value is not drawn again.");
        }
        return scope.random(place);
    }

    Instant now() {
        return scope.now();
    }

    @Nullable
    Object element() {
        return element;
    }

    /// Makes `element` what `it` means, and gives back what it meant.
    @Nullable
    Object enter(@Nullable Object element) {
        Object outer = this.element;
        this.element = element;
        return outer;
    }

    /// Counts a step of something that may be long; the clock is read only now and then.
    void tick() {
        if (++ticks % TICKS_PER_LOOK == 0) {
            look();
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (deadline == 0) {
            deadline = now + limits.time().toNanos();
        } else if (now - deadline > 0) {
            throw new EvaluationException(
                    "The evaluation was stopped after %d ms. Regular expressions, ranges and conditions on elements may take no longer."
                            .formatted(limits.time().toMillis()));
        }
    }

    String text(@Nullable Object value) {
        return Values.text(value, limits.textLength());
    }

    String within(String text) {
        if (text.length() > limits.textLength()) {
            throw tooLong();
        }
        return text;
    }

    EvaluationException tooLong() {
        return new EvaluationException("The text would have over %d characters.".formatted(limits.textLength()));
    }
}
