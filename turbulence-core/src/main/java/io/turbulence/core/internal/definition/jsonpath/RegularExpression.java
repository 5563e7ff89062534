package io.turbulence.core.internal.definition.jsonpath;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A compiled I-Regexp (RFC 9485), matched in time linear in text and pattern.
///
/// All states the pattern can be in are followed at once (Thompson's construction), which I-Regexp allows, having
/// neither groups to report nor back references. java.util.regex would backtrack: minutes for `(a|aa)*c`, a stack
/// overflow for `(a|b)*` on a few thousand characters, and for patterns that loop without reading a character it
/// cannot even be interrupted through its CharSequence. What remains, a very long text times a very large pattern, is
/// stopped after 250 ms.
///
/// `^` and `$` stand for the two ends of the text, as the compliance suite of RFC 9535 has it.
final class RegularExpression {

    /// Says what is wrong with a pattern and where in it.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final int offset;

        Malformed(String message, int offset) {
            super(message);
            this.offset = offset;
        }

        int offset() {
            return offset;
        }
    }

    static final int MOST_INSTRUCTIONS = 20_000;

    private static final long LIMIT_MILLIS = 250;
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 1 << 16;

    private final String pattern;
    private final Instruction[] program;

    private RegularExpression(String pattern, List<Instruction> program) {
        this.pattern = pattern;
        this.program = program.toArray(Instruction[]::new);
    }

    static RegularExpression compile(String pattern) throws Malformed {
        RegularExpressionParser.Node node = new RegularExpressionParser(pattern).parse();
        if (node.size() > MOST_INSTRUCTIONS) {
            throw new Malformed(
                    "found a pattern of " + node.size() + " states; expected at most " + MOST_INSTRUCTIONS
                            + ". Lower the counts in {…}.",
                    0);
        }
        return new RegularExpression(pattern, RegularExpressionProgram.of(node));
    }

    /// @return null if the pattern is not an I-Regexp, or one beyond the limits on size
    static @Nullable RegularExpression compileIfValid(String pattern) {
        try {
            return compile(pattern);
        } catch (Malformed invalid) {
            return null;
        }
    }

    /// Whether the pattern matches the whole text.
    boolean matches(String text) {
        return run(text, true);
    }

    /// Whether the pattern matches some part of the text.
    boolean isFoundIn(String text) {
        return run(text, false);
    }

    private boolean run(String text, boolean whole) {
        States now = new States(program.length);
        States next = new States(program.length);
        Watch watch = new Watch();
        enter(now, 0, 0, text);
        for (int at = 0; at < text.length(); ) {
            if (now.accepts && !whole) {
                return true;
            }
            if (now.size == 0 && whole) {
                return false;
            }
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            next.clear();
            for (int i = 0; i < now.size; i++) {
                int state = now.states[i];
                if (program[state].characters().contains(character)) {
                    enter(next, state + 1, at, text);
                }
            }
            if (!whole) {
                enter(next, 0, at, text);
            }
            watch.count(next.size + now.size + 1, text);
            States last = now;
            now = next;
            next = last;
        }
        return now.accepts;
    }

    /// Adds the state and all that follow from it without reading a character.
    private void enter(States states, int first, int at, String text) {
        states.propose(first);
        while (states.proposals > 0) {
            int state = states.nextProposal();
            Instruction instruction = program[state];
            switch (instruction.kind()) {
                case READ -> states.add(state);
                case FORK -> {
                    states.propose(instruction.target());
                    states.propose(state + 1);
                }
                case JUMP -> states.propose(instruction.target());
                case START -> {
                    if (at == 0) {
                        states.propose(state + 1);
                    }
                }
                case END -> {
                    if (at == text.length()) {
                        states.propose(state + 1);
                    }
                }
                case ACCEPT -> states.accepts = true;
            }
        }
    }

    /// The states that read a character next, each once.
    private static final class States {
        private final int[] states;
        private final int[] proposed;
        private final int[] seenInRound;
        private int round = 1;
        private int size;
        private int proposals;
        private boolean accepts;

        States(int capacity) {
            states = new int[capacity];
            proposed = new int[capacity];
            seenInRound = new int[capacity];
        }

        void clear() {
            size = 0;
            accepts = false;
            if (++round == Integer.MAX_VALUE) {
                Arrays.fill(seenInRound, 0);
                round = 1;
            }
        }

        void add(int state) {
            states[size++] = state;
        }

        void propose(int state) {
            if (seenInRound[state] != round) {
                seenInRound[state] = round;
                proposed[proposals++] = state;
            }
        }

        int nextProposal() {
            return proposed[--proposals];
        }
    }

    /// Looks at the clock so rarely that short matches never do.
    private final class Watch {
        private long steps;
        private long nextLook = STEPS_BETWEEN_LOOKS_AT_THE_CLOCK;
        private long start;

        void count(int more, String text) {
            steps += more;
            if (steps < nextLook) {
                return;
            }
            if (nextLook == STEPS_BETWEEN_LOOKS_AT_THE_CLOCK) {
                start = System.nanoTime();
            } else if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS)) {
                throw new JsonPathEvaluationException("pattern \"" + pattern + "\" was stopped after " + LIMIT_MILLIS
                        + " ms on a text of " + text.length()
                        + " characters. Match a shorter text or lower the counts in {…}.");
            }
            nextLook = steps + STEPS_BETWEEN_LOOKS_AT_THE_CLOCK;
        }
    }
}
