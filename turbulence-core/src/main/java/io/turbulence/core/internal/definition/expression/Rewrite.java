package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.expression.Token.Kind;
import java.util.List;
import java.util.Set;

/// Says how what people write in Python is written here.
final class Rewrite {

    private static final Set<String> FOLDS = Set.of("any", "all", "sum", "min", "max", "len", "size");

    private final String text;
    private final List<Token> tokens;

    Rewrite(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /// `x if c else y`, the `if` at a token.
    String conditional(int at) {
        int otherwise = find("else", at + 1);
        if (otherwise < 0) {
            return "Write condition ? this : that.";
        }
        return "Write %s ? %s : %s."
                .formatted(
                        source(at + 1, otherwise), source(first(at), at), source(otherwise + 1, last(otherwise + 1)));
    }

    /// `e for x in list if c`, the `for` at a token.
    String comprehension(int at) {
        String general = "Write any(list, 'it.price > 3'), or an extract with JSONPath: $.items[?@.price > 3].";
        int in = at + 2;
        int end = last(at);
        int second = find("for", at + 1);
        if (in >= end || tokens.get(at + 1).kind() != Kind.NAME || !isIn(tokens.get(in)) || second >= 0) {
            return general;
        }
        String name = tokens.get(at + 1).symbol();
        int filter = find("if", in + 1);
        int start = first(at);
        String list = source(in + 1, filter < 0 ? end : filter);
        if (filter >= 0) {
            list = "filter(%s, %s)".formatted(list, condition(filter + 1, end, name));
        }
        boolean plain = start == at - 1 && tokens.get(start).isWord(name);
        String function = start >= 2 && tokens.get(start - 1).is("(")
                ? tokens.get(start - 2).symbol()
                : "";
        if (FOLDS.contains(function) && end < tokens.size() && tokens.get(end).is(")")) {
            boolean counts = function.equals("len") || function.equals("size");
            return plain || counts
                    ? "Write %s(%s).".formatted(function, list)
                    : "Write %s(%s, %s).".formatted(function, list, condition(start, at, name));
        }
        return plain ? "Write %s.".formatted(list) : "Write map(%s, %s).".formatted(list, condition(start, at, name));
    }

    private static boolean isIn(Token token) {
        return token.symbol().equals("in");
    }

    /// `a < b < c`, the operators at two tokens.
    String chained(int first, int second) {
        int start = first;
        while (start > 0 && tokens.get(start - 1).kind() != Kind.OPEN && !endsComparison(tokens.get(start - 1))) {
            start = tokens.get(start - 1).kind() == Kind.CLOSE ? opening(start - 1) : start - 1;
        }
        int end = second + 1;
        int depth = 0;
        while (end < tokens.size() && (depth > 0 || !endsComparison(tokens.get(end)))) {
            depth += depth(tokens.get(end));
            if (depth < 0) {
                break;
            }
            end++;
        }
        return "Write %s and %s, or use parentheses.".formatted(source(start, second), source(first + 1, end));
    }

    private static boolean endsComparison(Token token) {
        return token.is("&&")
                || token.is("||")
                || token.is("??")
                || token.is("?:")
                || token.is("not")
                || token.kind() == Kind.COMMA
                || token.kind() == Kind.QUESTION
                || token.kind() == Kind.COLON
                || token.isWord("if")
                || token.isWord("for")
                || token.isWord("else");
    }

    /// The element condition in quotes, the loop's name replaced by `it`.
    private String condition(int from, int to, String name) {
        StringBuilder condition = new StringBuilder();
        int copied = tokens.get(from).start();
        for (int i = from; i < to; i++) {
            Token token = tokens.get(i);
            if (token.isWord(name)) {
                condition.append(text, copied, token.start()).append("it");
                copied = token.end();
            }
        }
        condition.append(text, copied, tokens.get(to - 1).end());
        String inner = condition.toString();
        return inner.contains("'") ? "\"" + inner + "\"" : "'" + inner + "'";
    }

    private int find(String word, int from) {
        int depth = 0;
        for (int i = from; i < tokens.size() && depth >= 0; i++) {
            Token token = tokens.get(i);
            if (depth == 0 && token.isWord(word)) {
                return i;
            }
            depth += depth(token);
        }
        return -1;
    }

    /// The first token of the bracket or argument that a token stands in.
    private int first(int at) {
        int i = at;
        while (i > 0
                && tokens.get(i - 1).kind() != Kind.OPEN
                && tokens.get(i - 1).kind() != Kind.COMMA) {
            i = tokens.get(i - 1).kind() == Kind.CLOSE ? opening(i - 1) : i - 1;
        }
        return i;
    }

    private int opening(int close) {
        int depth = 0;
        for (int i = close; i > 0; i--) {
            depth += depth(tokens.get(i));
            if (depth == 0) {
                return i;
            }
        }
        return 0;
    }

    /// One past the last token of the bracket or argument that a token stands in.
    private int last(int at) {
        int depth = 0;
        for (int i = at; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (depth == 0 && (token.kind() == Kind.CLOSE || token.kind() == Kind.COMMA)) {
                return i;
            }
            depth += depth(token);
        }
        return tokens.size();
    }

    private static int depth(Token token) {
        return token.kind() == Kind.OPEN ? 1 : token.kind() == Kind.CLOSE ? -1 : 0;
    }

    private String source(int from, int to) {
        return from >= to
                ? "…"
                : text.substring(tokens.get(from).start(), tokens.get(to - 1).end());
    }
}
