package io.turbulence.core.internal.engine.event;

import io.turbulence.core.internal.engine.workload.Randomness;

/// The W3C trace of one instance. What its spans are called follows from where they are: the instance is the root, and
/// each execution of a step a span below the step that contains it. So nothing has to be kept for them.
///
/// Unlike what is random in a scenario, it is not from the seed: a second run must not add to the first one's traces.
public record Trace(long high, long low) {

    /// The span of the instance itself.
    public static final long ROOT = 0;

    /// The trace of an instance.
    ///
    /// @param unique the run's own number
    public static Trace of(long unique, long number, String instanceId) {
        long high = Randomness.key(unique, number);
        return new Trace(high, Randomness.key(high, instanceId));
    }

    /// The span of a step at a path such as `flow[3].do[0]#17`.
    public static long span(String path) {
        return Randomness.key(0, path);
    }

    /// 32 hexadecimal digits.
    public String id() {
        char[] text = new char[32];
        hex(high, text, 0);
        hex(low, text, 16);
        return new String(text);
    }

    /// 16 hexadecimal digits.
    public String spanId(long span) {
        char[] text = new char[16];
        hex(unique(span), text, 0);
        return new String(text);
    }

    /// The header `traceparent` for what is called below a span.
    public String parent(long span) {
        char[] text = new char[55];
        text[0] = '0';
        text[1] = '0';
        text[2] = '-';
        hex(high, text, 3);
        hex(low, text, 19);
        text[35] = '-';
        hex(unique(span), text, 36);
        text[52] = '-';
        text[53] = '0';
        text[54] = '1';
        return new String(text);
    }

    /// Whether a `traceparent` that somebody sent is this one, whatever its flags.
    boolean isNamed(long span, String traceparent) {
        int ids = 53;
        return traceparent.length() > ids && parent(span).regionMatches(2, traceparent, 2, ids - 2);
    }

    private long unique(long span) {
        return Randomness.key(low, span);
    }

    private static void hex(long value, char[] text, int at) {
        long rest = value;
        for (int i = 15; i >= 0; i--) {
            text[at + i] = Character.forDigit((int) (rest & 0xF), 16);
            rest >>>= 4;
        }
    }
}
