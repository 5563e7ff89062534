package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Regular expressions that cannot take for ever.
final class GuardedRegex {

    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private GuardedRegex() {}

    static Pattern compile(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new EvaluationException("\"%s\" is no regular expression: %s".formatted(text, e.getDescription()));
        }
    }

    static boolean find(Pattern pattern, String text) {
        return matcher(pattern, text).find();
    }

    /// Group 1 where the pattern has groups, else the whole match; null when nothing matches.
    static @Nullable String first(Pattern pattern, String text) {
        Matcher matcher = matcher(pattern, text);
        if (!matcher.find()) {
            return null;
        }
        return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    }

    private static Matcher matcher(Pattern pattern, String text) {
        return pattern.matcher(new Guarded(text, pattern, System.nanoTime() + LIMIT_NANOS));
    }

    /// A text that refuses to be read any more once the time is up: the only way to end a matcher.
    private static final class Guarded implements CharSequence {

        private static final int LOOK_EVERY = 4096;

        private final String text;
        private final Pattern pattern;
        private final long until;
        private int reads;

        Guarded(String text, Pattern pattern, long until) {
            this.text = text;
            this.pattern = pattern;
            this.until = until;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads % LOOK_EVERY == 0 && System.nanoTime() - until > 0) {
                throw new EvaluationException(
                        "the regular expression \"%s\" took longer than 250 ms on a text of %d characters"
                                .formatted(pattern, text.length()));
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
