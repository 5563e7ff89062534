package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.expression.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlInfo;
import org.apache.commons.jexl3.parser.JexlNode;
import org.apache.commons.jexl3.parser.Parser;
import org.jspecify.annotations.Nullable;

/// Has JEXL's parser decide how the tokens bind. It sees operators, brackets, and one and the same name for every
/// operand: no keyword, no statement and no name of a class can reach it, and what it says is the shape alone.
final class Tree {

    private static final Set<String> ENDS_RANGE = Set.of(
            "&&", "||", "??", "?:", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in", "not in", "=^", "!^", "=$",
            "!$", "&", "|", "^", "not", "empty", "size");
    private static final Set<String> ENDS_NOT = Set.of("&&", "||", "??", "?:");
    private static final JexlInfo INFO = new JexlInfo("expression", 1, 1);
    private static final JexlFeatures FEATURES =
            JexlFeatures.createNone().structuredLiteral(true).methodCall(true).arrayReferenceExpr(true);

    private final List<Token> tokens;
    private final int[] matches;
    private final StringBuilder[] before;
    private final StringBuilder[] after;

    private Tree(List<Token> tokens, int[] matches) {
        this.tokens = tokens;
        this.matches = matches;
        this.before = new StringBuilder[tokens.size()];
        this.after = new StringBuilder[tokens.size()];
        for (int i = 0; i < tokens.size(); i++) {
            before[i] = new StringBuilder();
            after[i] = new StringBuilder();
        }
    }

    static JexlNode of(List<Token> tokens, int[] matches, AtomicReference<@Nullable Parser> spare) {
        Tree tree = new Tree(tokens, matches);
        tree.bracket();
        // To make a parser costs more than to parse; whoever finds none spare makes one
        Parser parser = spare.getAndSet(null);
        if (parser == null) {
            parser = new Parser(";");
        }
        try {
            JexlNode script = parser.parse(INFO, FEATURES, tree.text(), null);
            spare.set(parser);
            return script.jjtGetChild(0);
        } catch (JexlException | StackOverflowError e) {
            throw new ExpressionSyntaxException(
                    "the expression cannot be read", tokens.getFirst().start(), "Use parentheses, or make it shorter.");
        }
    }

    /// Brackets that JEXL's own grammar needs to read things as people mean them: `x in 1..5` is `x in (1..5)`,
    /// Python's
    /// `not a == b` is `not (a == b)`, and in `c ? a : f(b)` the `a :` is no namespace.
    private void bracket() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("..")) {
                wrap(rangeStart(i), end(i + 1, ENDS_RANGE));
            } else if (token.is("not")) {
                wrap(i + 1, end(i + 1, ENDS_NOT));
            } else if (token.kind() == Kind.COLON && isLoneOperand(i - 1)) {
                wrap(i - 1, i - 1);
            }
        }
    }

    private boolean isLoneOperand(int i) {
        Kind kind = tokens.get(i).kind();
        return kind != Kind.KEY && kind.compareTo(Kind.ENVIRONMENT) <= 0;
    }

    private void wrap(int first, int last) {
        before[first].append("( ");
        after[last].append(" )");
    }

    private int rangeStart(int range) {
        int i = range;
        while (i > 0 && tokens.get(i - 1).kind() != Kind.OPEN && !ends(tokens.get(i - 1), ENDS_RANGE)) {
            i = tokens.get(i - 1).kind() == Kind.CLOSE ? matches[i - 1] : i - 1;
        }
        return i;
    }

    private int end(int from, Set<String> operators) {
        int i = from;
        while (i < tokens.size() && !(ends(tokens.get(i), operators) && i > from)) {
            if (tokens.get(i).kind() == Kind.CLOSE) {
                break;
            }
            i = tokens.get(i).kind() == Kind.OPEN ? matches[i] + 1 : i + 1;
        }
        return i - 1;
    }

    private static boolean ends(Token token, Set<String> operators) {
        return switch (token.kind()) {
            case COMMA, QUESTION, COLON -> true;
            case OPERATOR -> operators.contains(token.symbol());
            case NAME, KEY, LITERAL, TEXT, REGEX, ENVIRONMENT, DOT, OPEN, CLOSE -> false;
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            text.append(before[i])
                    .append(spelling(tokens.get(i)))
                    .append(after[i])
                    .append(' ');
        }
        return text.toString();
    }

    private static String spelling(Token token) {
        return switch (token.kind()) {
            case NAME, KEY, LITERAL, TEXT, REGEX, ENVIRONMENT -> "x";
            case OPERATOR ->
                switch (token.symbol()) {
                    case "not" -> "!";
                    case "in" -> "=~";
                    case "not in" -> "!~";
                    default -> token.symbol();
                };
            case OPEN -> "{{".equals(token.symbol()) ? "(" : token.symbol();
            case CLOSE -> "}}".equals(token.symbol()) ? ")" : token.symbol();
            case DOT, COMMA, QUESTION, COLON -> token.symbol();
        };
    }
}
