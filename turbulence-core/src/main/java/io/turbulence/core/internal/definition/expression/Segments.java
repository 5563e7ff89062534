package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text taken apart at its `{{ }}`. Immutable.
public final class Segments {

    /// A piece of the text.
    public sealed interface Segment {}

    /// Text as it stands, `{{{{` resolved.
    public record Literal(String text) implements Segment {}

    /// An expression.
    ///
    /// @param start where it begins in the text, after the braces
    public record Hole(String expression, int start) implements Segment {}

    /// `{{env.NAME}}` or `{{env.NAME | default:text}}`.
    ///
    /// @param start where the braces open in the text
    public record Variable(String name, @Nullable String otherwise, int start) implements Segment {}

    private static final Pattern VARIABLE = Pattern.compile("\\s*env\\.([A-Za-z_][A-Za-z0-9_]*)\\s*");
    private static final Pattern DEFAULTED = Pattern.compile(
            "\\{\\{\\s*env\\.([A-Za-z_][A-Za-z0-9_]*)\\s*\\|\\s*default\\s*:(.*?)\\}\\}", Pattern.DOTALL);

    private final String text;
    private final List<Segment> found = new ArrayList<>();

    private Segments(String text) {
        this.text = text;
    }

    /// The pieces of `text` in order.
    ///
    /// @throws ExpressionSyntaxException if braces are not closed or empty
    public static List<Segment> of(String text) {
        if (!text.contains("{{")) {
            return text.isEmpty() ? List.of() : List.of(new Literal(text));
        }
        Segments segments = new Segments(text);
        segments.scan();
        return List.copyOf(segments.found);
    }

    private void scan() {
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("{{{{", at)) {
                literal.append("{{");
                at += 4;
            } else if (text.startsWith("{{", at)) {
                flush(literal);
                at = hole(at);
            } else {
                literal.append(text.charAt(at++));
            }
        }
        flush(literal);
    }

    private void flush(StringBuilder literal) {
        if (!literal.isEmpty()) {
            found.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private int hole(int open) {
        Matcher defaulted = defaulted(text, open);
        if (defaulted != null) {
            found.add(variable(defaulted, open));
            return defaulted.end();
        }
        int close = close(open);
        String inner = text.substring(open + 2, close);
        Matcher variable = VARIABLE.matcher(inner);
        if (variable.matches()) {
            found.add(new Variable(variable.group(1), null, open));
        } else {
            found.add(new Hole(inner, open + 2));
        }
        return close + 2;
    }

    /// The match of a whole `{{env.NAME | default:text}}` at `open`.
    static @Nullable Matcher defaulted(String text, int open) {
        Matcher matcher = DEFAULTED.matcher(text).region(open, text.length());
        return matcher.lookingAt() ? matcher : null;
    }

    static Variable variable(Matcher defaulted, int open) {
        String otherwise = defaulted.group(2);
        if (otherwise.contains("{{")) {
            throw new ExpressionSyntaxException(
                    "the default of environment variable \"%s\" holds another \"{{\"".formatted(defaulted.group(1)),
                    defaulted.start(2) + otherwise.indexOf("{{"),
                    "A default is a plain text; it reaches up to the next \"}}\".");
        }
        return new Variable(defaulted.group(1), otherwise.strip(), open);
    }

    /// Finds the braces that close, past texts in quotes and nested braces.
    private int close(int open) {
        int depth = 0;
        int at = open + 2;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                at = closingQuote(at);
                if (at < 0) {
                    break;
                }
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
            } else if (text.startsWith("}}", at)) {
                return at;
            }
            at++;
        }
        int simple = text.indexOf("}}", open);
        if (simple >= 0) {
            // Quotes or braces inside do not pair up: the expression's own error says where
            return simple;
        }
        throw new ExpressionSyntaxException(
                "\"{{\" is not closed", open, "Write \"}}\" after the expression, or \"{{{{\" for a literal \"{{\".");
    }

    private int closingQuote(int open) {
        char quote = text.charAt(open);
        for (int at = open + 1; at < text.length(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            } else if (text.charAt(at) == quote) {
                return at;
            }
        }
        return -1;
    }
}
