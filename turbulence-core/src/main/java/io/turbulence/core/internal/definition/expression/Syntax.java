package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.expression.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that operands, operators and brackets follow each other as they must, so that every fault is told at its
/// place and in the users' words; JEXL's parser then decides how they bind.
final class Syntax {

    private static final Set<String> PREFIX = Set.of("!", "-", "+", "~", "not", "empty", "size");
    private static final Set<String> PREFIX_ONLY = Set.of("!", "~", "not", "empty", "size");
    private static final Set<String> COMPARISONS =
            Set.of("==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in", "not in", "=^", "!^", "=$", "!$");
    private static final Set<String> CONNECTIVES = Set.of("&&", "||", "??", "?:", "&", "|", "^");
    private static final Set<String> STATEMENTS = Set.of(
            "if",
            "while",
            "for",
            "do",
            "switch",
            "return",
            "var",
            "let",
            "const",
            "function",
            "try",
            "throw",
            "import",
            "def",
            "class",
            "lambda",
            "yield",
            "await",
            "del",
            "assert",
            "raise",
            "break",
            "continue");
    private static final Map<String, String> CLOSERS = Map.of("(", ")", "[", "]", "?[", "]", "{", "}", "{{", "}}");
    /// JEXL's parser needs exponential time for nested indexes.
    private static final int DEEPEST_INDEX = 8;

    private final String text;
    private final List<Token> tokens;
    private final Limits limits;
    private final int[] matches;
    private final Deque<Bracket> open = new ArrayDeque<>();
    private Bracket bracket = new Bracket(-1, Use.WHOLE);
    private boolean value;
    private int prefixes;
    private int indexes;

    private enum Use {
        WHOLE,
        GROUP,
        CALL,
        LIST,
        INDEX,
        MAP
    }

    private static final class Bracket {
        private final int token;
        private final Use use;
        private int ternaries;
        private int comparison = -1;
        private int entryStart;
        private boolean keyed;

        Bracket(int token, Use use) {
            this.token = token;
            this.use = use;
            this.entryStart = token + 1;
        }
    }

    private Syntax(String text, List<Token> tokens, Limits limits) {
        this.text = text;
        this.tokens = tokens;
        this.limits = limits;
        this.matches = new int[tokens.size()];
    }

    /// For each token that is a bracket, the index of its counterpart.
    ///
    /// @throws ExpressionSyntaxException if the tokens make no expression
    static int[] check(String text, List<Token> tokens, Limits limits) {
        Syntax syntax = new Syntax(text, tokens, limits);
        for (int i = 0; i < tokens.size(); i++) {
            syntax.token(i, tokens.get(i));
        }
        syntax.end();
        return syntax.matches;
    }

    private void token(int i, Token token) {
        switch (token.kind()) {
            case NAME, LITERAL, TEXT, REGEX, ENVIRONMENT -> operand(i, token);
            case KEY -> value = true;
            case OPERATOR -> operator(i, token);
            case DOT -> {
                if (!value) {
                    throw missingValue(i, "before");
                }
            }
            case OPEN -> open(i, token);
            case CLOSE -> close(i, token);
            case COMMA -> comma(i, token);
            case QUESTION -> {
                needValue(i);
                bracket.ternaries++;
                bracket.comparison = -1;
                value = false;
            }
            case COLON -> colon(i, token);
        }
        prefixes = !value && token.kind() == Kind.OPERATOR ? prefixes + 1 : 0;
        if (prefixes > limits.depth()) {
            throw tooDeep(token);
        }
    }

    private void operand(int i, Token token) {
        if (value) {
            throw secondOperand(i, token);
        }
        if (token.isWord("default") && i > 1 && tokens.get(i - 1).is("|")) {
            throw error(
                    "\"default\" is for environment variables",
                    token,
                    "Write %s ?? 'something'."
                            .formatted(text.substring(
                                    tokens.getFirst().start(), tokens.get(i - 2).end())));
        }
        if (token.kind() == Kind.NAME && STATEMENTS.contains(token.symbol()) && followedByOperand(i)) {
            throw error(
                    "\"%s\" is not part of the language".formatted(token.symbol()),
                    token,
                    "An expression is one value; there are no statements.");
        }
        if (token.isWord("new") && followedByOperand(i)) {
            throw error("\"new\" is not part of the language", token, "Objects cannot be created.");
        }
        value = true;
    }

    private boolean followedByOperand(int i) {
        if (i + 1 == tokens.size()) {
            return false;
        }
        Token next = tokens.get(i + 1);
        return next.kind().compareTo(Kind.ENVIRONMENT) <= 0 || next.is("(") || next.is("{");
    }

    private ExpressionSyntaxException secondOperand(int i, Token token) {
        Token before = tokens.get(i - 1);
        if (token.kind() == Kind.TEXT && before.kind() == Kind.NAME && before.end() == token.start()) {
            return error(
                    "a text cannot have the prefix \"%s\"".formatted(before.symbol()),
                    before,
                    "Write \"{{total}} items\" or text(total) + ' items'.");
        }
        if (token.isWord("for")) {
            return error(
                    "Python comprehensions are not part of the language",
                    token,
                    new Rewrite(text, tokens).comprehension(i));
        }
        if (token.isWord("if")) {
            return error(
                    "Python's \"if … else\" is not part of the language",
                    token,
                    new Rewrite(text, tokens).conditional(i));
        }
        if (token.isWord("instanceof")) {
            return error("\"instanceof\" is not part of the language", token, null);
        }
        return error(
                "\"%s\" follows \"%s\" without an operator between them".formatted(source(token), source(before)),
                token,
                before.kind() == Kind.NAME && token.kind() == Kind.NAME && STATEMENTS.contains(before.symbol())
                        ? "An expression is one value; there are no statements."
                        : null);
    }

    private void operator(int i, Token token) {
        String symbol = token.symbol();
        if (!value) {
            if (!PREFIX.contains(symbol)) {
                throw missingValue(i, "before");
            }
            return;
        }
        if (PREFIX_ONLY.contains(symbol)) {
            throw error(
                    "\"%s\" follows a value".formatted(source(token)), token, "Write \"!=\", \"and\" or \"or\" there.");
        }
        if (COMPARISONS.contains(symbol)) {
            if (bracket.comparison >= 0) {
                throw error(
                        "comparisons cannot be chained",
                        token,
                        new Rewrite(text, tokens).chained(bracket.comparison, i));
            }
            bracket.comparison = i;
        } else if (CONNECTIVES.contains(symbol)) {
            bracket.comparison = -1;
        }
        value = false;
    }

    private void open(int i, Token token) {
        Use use = use(i, token);
        if ((use == Use.INDEX && ++indexes > DEEPEST_INDEX) || open.size() >= limits.depth()) {
            throw tooDeep(token);
        }
        open.push(bracket);
        bracket = new Bracket(i, use);
        value = false;
    }

    private Use use(int i, Token token) {
        if (!value) {
            return switch (token.symbol()) {
                case "[" -> Use.LIST;
                case "{" -> Use.MAP;
                case "?[" -> throw missingValue(i, "before");
                default -> Use.GROUP;
            };
        }
        Token before = tokens.get(i - 1);
        return switch (token.symbol()) {
            case "[", "?[" -> Use.INDEX;
            case "(" -> {
                if (before.kind() != Kind.NAME && before.kind() != Kind.KEY) {
                    throw error("what stands before \"(\" is no function", token, null);
                }
                yield Use.CALL;
            }
            default ->
                throw error(
                        "\"%s\" follows \"%s\" without an operator between them"
                                .formatted(token.symbol(), source(before)),
                        token,
                        null);
        };
    }

    private void close(int i, Token token) {
        if (bracket.use == Use.WHOLE) {
            throw error("\"%s\" closes nothing".formatted(token.symbol()), token, null);
        }
        Token opening = tokens.get(bracket.token);
        if (!token.symbol().equals(CLOSERS.get(opening.symbol()))) {
            throw error(
                    "\"%s\" does not close \"%s\"".formatted(token.symbol(), opening.symbol()),
                    token,
                    "\"%s\" is missing before it.".formatted(CLOSERS.get(opening.symbol())));
        }
        boolean empty = bracket.token == i - 1;
        boolean mayBeEmpty = bracket.use == Use.CALL || bracket.use == Use.LIST || bracket.use == Use.MAP;
        if (!value && !(empty && mayBeEmpty)) {
            throw missingValue(i, "before");
        }
        endEntry(token, empty);
        matches[i] = bracket.token;
        matches[bracket.token] = i;
        indexes -= bracket.use == Use.INDEX ? 1 : 0;
        bracket = open.pop();
        value = true;
    }

    private void comma(int i, Token token) {
        needValue(i);
        if (bracket.use != Use.CALL && bracket.use != Use.LIST && bracket.use != Use.MAP) {
            throw error("\",\" separates nothing here", token, "Write a list as [a, b].");
        }
        endEntry(token, false);
        bracket.entryStart = i + 1;
        bracket.keyed = false;
        bracket.comparison = -1;
        value = false;
    }

    private void endEntry(Token token, boolean empty) {
        if (bracket.ternaries > 0) {
            throw error("\":\" is missing after \"?\"", token, "Write condition ? this : that.");
        }
        if (bracket.use == Use.MAP && !bracket.keyed && !empty) {
            throw error("a value is missing in the map", token, "Write {'key': value}, or a list as [a, b].");
        }
    }

    private void colon(int i, Token token) {
        needValue(i);
        bracket.comparison = -1;
        if (bracket.ternaries > 0) {
            bracket.ternaries--;
        } else if (bracket.use == Use.MAP && !bracket.keyed) {
            Token key = tokens.get(bracket.entryStart);
            if (bracket.entryStart != i - 1 || key.kind() != Kind.TEXT) {
                throw error("the key of a map is a text in quotes", key, "Write {'key': value}.");
            }
            bracket.keyed = true;
        } else if (bracket.use == Use.INDEX) {
            throw error("slices are not part of the language", token, "Write text.substring(1, 3).");
        } else {
            throw error("\":\" has no \"?\" before it", token, "Write condition ? this : that.");
        }
        value = false;
    }

    private void needValue(int i) {
        if (!value) {
            throw missingValue(i, "before");
        }
    }

    private ExpressionSyntaxException missingValue(int i, String where) {
        Token token = tokens.get(i);
        return error("a value is missing %s \"%s\"".formatted(where, source(token)), token, null);
    }

    private void end() {
        if (tokens.isEmpty()) {
            throw new ExpressionSyntaxException("the expression is empty", 0, null);
        }
        if (bracket.use != Use.WHOLE) {
            Token opening = tokens.get(bracket.token);
            throw error(
                    "\"%s\" is not closed".formatted(opening.symbol()),
                    opening,
                    "Write \"%s\" after what belongs into it.".formatted(CLOSERS.get(opening.symbol())));
        }
        if (!value) {
            throw missingValue(tokens.size() - 1, "after");
        }
        endEntry(tokens.getLast(), false);
    }

    private ExpressionSyntaxException tooDeep(Token token) {
        return error("the expression is nested too deep", token, "Take a part of it into an extracted value.");
    }

    private String source(Token token) {
        return text.substring(token.start(), token.end());
    }

    private static ExpressionSyntaxException error(String message, Token token, @Nullable String hint) {
        return new ExpressionSyntaxException(message, token.start(), hint);
    }
}
