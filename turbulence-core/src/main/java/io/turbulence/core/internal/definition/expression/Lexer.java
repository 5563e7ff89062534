package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.expression.Token.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes an expression apart into tokens: JEXL's, and the Python spellings `and or not in is True False None` that mean
/// the same. What is in no way part of the language is refused here.
final class Lexer {

    private static final Set<String> OPERATORS = Set.of(
            "&&", "||", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "=^", "!^", "=$", "!$", "+", "-", "*", "/", "%",
            "!", "~", "&", "|", "^", "<<", ">>", ">>>", "..", "?:", "??");
    private static final Map<String, String> WORD_OPERATORS = Map.ofEntries(
            Map.entry("and", "&&"),
            Map.entry("or", "||"),
            Map.entry("in", "in"),
            Map.entry("is", "=="),
            Map.entry("eq", "=="),
            Map.entry("ne", "!="),
            Map.entry("lt", "<"),
            Map.entry("le", "<="),
            Map.entry("gt", ">"),
            Map.entry("ge", ">="),
            Map.entry("div", "/"),
            Map.entry("mod", "%"));
    /// What looks like an operator and is none, with what to write instead; longest first.
    private static final List<Map.Entry<String, String>> FOREIGN = List.of(
            Map.entry("===", "Write \"==\"; it never converts, '200' == 200 is false."),
            Map.entry("!==", "Write \"!=\"; it never converts, '200' != 200 is true."),
            Map.entry("...", "Write a range as 1..5."),
            Map.entry("**", "Write a * a."),
            Map.entry("//", "Write int(a / b) for a whole number; comments belong into the YAML."),
            Map.entry("/*", "Comments belong into the YAML."),
            Map.entry("##", "Comments belong into the YAML."),
            Map.entry("<>", "Write \"!=\"."),
            Map.entry("->", "Functions cannot be defined; see any, all, filter, map, which take a condition as text."),
            Map.entry("=>", "Functions cannot be defined; see any, all, filter, map, which take a condition as text."),
            Map.entry(":=", "Values cannot be changed."),
            Map.entry("+=", "Values cannot be changed."),
            Map.entry("-=", "Values cannot be changed."),
            Map.entry("*=", "Values cannot be changed."),
            Map.entry("/=", "Values cannot be changed."),
            Map.entry("%=", "Values cannot be changed."),
            Map.entry("&=", "Values cannot be changed."),
            Map.entry("|=", "Values cannot be changed."),
            Map.entry("^=", "Values cannot be changed."));
    private static final Pattern NUMBER =
            Pattern.compile("(0[xX][0-9a-fA-F]+|[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)([lLhHdDfFbB]?)");
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{N}_$]+");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");
    private static final int LONGEST_NUMBER = 400;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        lexer.scan();
        return lexer.tokens;
    }

    private void scan() {
        while (skipSpace()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                quoted(Kind.TEXT);
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (Character.isLetter(c) || c == '_' || c == '$') {
                word();
            } else {
                symbol(c);
            }
        }
    }

    private boolean skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private void quoted(Kind kind) {
        char quote = text.charAt(at);
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw error("the text is not closed", at, "Write %s after it.".formatted(quote));
        }
        Quoted value = Quoted.read(text, at + 1, end);
        add(kind, kind == Kind.KEY ? value.value() : "", end + 1, value);
    }

    private void number() {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw error("\"%s\" is no number".formatted(text.charAt(at)), at, null);
        }
        add(Kind.LITERAL, "", matcher.end(), number(matcher.group(1), matcher.group(2)));
    }

    private Number number(String digits, String suffix) {
        if (digits.length() > LONGEST_NUMBER) {
            throw error(
                    "the number has %d digits; the most is %d".formatted(digits.length(), LONGEST_NUMBER), at, null);
        }
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return Numbers.narrow(new BigInteger(digits.substring(2), 16));
        }
        if (digits.length() > 1 && digits.charAt(0) == '0' && Character.isDigit(digits.charAt(1))) {
            throw error(
                    "the number %s begins with 0".formatted(digits),
                    at,
                    "Write '%s' for a text, or the number without the zero.".formatted(digits));
        }
        boolean whole = digits.chars().allMatch(Character::isDigit);
        if (suffix.equalsIgnoreCase("b")) {
            BigDecimal decimal = new BigDecimal(digits);
            return Numbers.isModerate(decimal) ? decimal : (Number) decimal.doubleValue();
        }
        if (whole && !suffix.equalsIgnoreCase("d") && !suffix.equalsIgnoreCase("f")) {
            return Numbers.narrow(new BigInteger(digits));
        }
        return Double.valueOf(digits);
    }

    private void word() {
        Matcher matcher = NAME.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw unexpectedCharacter();
        }
        String word = matcher.group();
        int end = matcher.end();
        switch (word) {
            case "true", "True" -> add(Kind.LITERAL, "", end, true);
            case "false", "False" -> add(Kind.LITERAL, "", end, false);
            case "null", "None" -> add(Kind.LITERAL, "", end, null);
            default -> nameOrOperator(word, end);
        }
    }

    private void nameOrOperator(String word, int end) {
        if (afterValue()) {
            String symbol = WORD_OPERATORS.get(word);
            int second = word.equals("not") ? wordAfter(end, "in") : word.equals("is") ? wordAfter(end, "not") : -1;
            if (second >= 0) {
                add(Kind.OPERATOR, word.equals("not") ? "not in" : "!=", second, null);
            } else if (symbol != null) {
                add(Kind.OPERATOR, symbol, end, null);
            } else {
                add(Kind.NAME, word, end, null);
            }
        } else if (word.equals("not") || ((word.equals("empty") || word.equals("size")) && beginsValue(end))) {
            add(Kind.OPERATOR, word, end, null);
        } else if (word.equals("and") || word.equals("or")) {
            add(Kind.OPERATOR, WORD_OPERATORS.getOrDefault(word, word), end, null);
        } else {
            add(Kind.NAME, word, end, null);
        }
    }

    private int wordAfter(int end, String word) {
        Matcher matcher =
                Pattern.compile("\\s+" + word + "(?![\\p{L}\\p{N}_$])").matcher(text);
        return matcher.region(end, text.length()).lookingAt() ? matcher.end() : -1;
    }

    /// Whether what follows can only be the operand of a word such as `empty`, not a sign that the word is a name.
    private boolean beginsValue(int end) {
        Matcher matcher =
                Pattern.compile("\\s+([\\p{L}_$][\\p{L}\\p{N}_$]*|['\"])").matcher(text);
        return matcher.region(end, text.length()).lookingAt()
                && !WORD_OPERATORS.containsKey(matcher.group(1))
                && !Set.of("not", "if", "for", "else").contains(matcher.group(1));
    }

    private void symbol(char c) {
        for (Map.Entry<String, String> foreign : FOREIGN) {
            if (text.startsWith(foreign.getKey(), at)) {
                throw error("\"%s\" is not part of the language".formatted(foreign.getKey()), at, foreign.getValue());
            }
        }
        switch (c) {
            case '(', '[' -> open(String.valueOf(c));
            case '{' -> brace();
            case ')', ']' -> close(String.valueOf(c));
            case '}' -> close("{{".equals(open.peek()) && text.startsWith("}}", at) ? "}}" : "}");
            case ',' -> add(Kind.COMMA, ",", at + 1, null);
            case ':' -> add(Kind.COLON, ":", at + 1, null);
            case '.' -> dot();
            case '?' -> question();
            case '~' -> tilde();
            default -> operator();
        }
    }

    private void open(String bracket) {
        open.push(bracket);
        add(Kind.OPEN, bracket, at + bracket.length(), null);
    }

    private void close(String bracket) {
        if (!open.isEmpty()) {
            open.pop();
        }
        add(Kind.CLOSE, bracket, at + bracket.length(), null);
    }

    private void brace() {
        if (!text.startsWith("{{", at)) {
            open("{");
            return;
        }
        Matcher variable = Segments.defaulted(text, at);
        if (variable == null) {
            open("{{");
        } else {
            add(Kind.ENVIRONMENT, "", variable.end(), Segments.variable(variable, at));
        }
    }

    private void dot() {
        if (text.startsWith("..", at)) {
            operator();
            return;
        }
        add(Kind.DOT, ".", at + 1, null);
        key();
    }

    private void question() {
        if (text.startsWith("?.", at) && !(at + 2 < text.length() && Character.isDigit(text.charAt(at + 2)))) {
            add(Kind.DOT, "?.", at + 2, null);
            key();
        } else if (text.startsWith("?[", at)) {
            open("?[");
        } else if (text.startsWith("?:", at) || text.startsWith("??", at)) {
            operator();
        } else {
            add(Kind.QUESTION, "?", at + 1, null);
        }
    }

    private void key() {
        int dot = at - 1;
        if (skipSpace()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                quoted(Kind.KEY);
                return;
            }
            Matcher matcher = KEY.matcher(text).region(at, text.length());
            if (matcher.lookingAt()) {
                add(Kind.KEY, matcher.group(), matcher.end(), null);
                return;
            }
        }
        throw error("a key is missing after \".\"", dot, "Write payload.name or payload['any name'].");
    }

    private void tilde() {
        if (!text.startsWith("~/", at) || afterValue()) {
            operator();
            return;
        }
        int end = at + 2;
        while (end < text.length() && text.charAt(end) != '/') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw error("the regular expression is not closed", at, "Write / after it.");
        }
        add(Kind.REGEX, "", end + 1, text.substring(at + 2, end).replace("\\/", "/"));
    }

    private void operator() {
        for (int length = 3; length > 0; length--) {
            if (at + length <= text.length() && OPERATORS.contains(text.substring(at, at + length))) {
                add(Kind.OPERATOR, text.substring(at, at + length), at + length, null);
                return;
            }
        }
        throw unexpectedCharacter();
    }

    private ExpressionSyntaxException unexpectedCharacter() {
        char c = text.charAt(at);
        return switch (c) {
            case '=' -> error("\"=\" would change a value", at, "Write \"==\" to compare.");
            case ';' ->
                error("\";\" is not part of the language", at, "An expression is one value; there are no statements.");
            case '#' -> error("\"#\" is not part of the language", at, "Comments belong into the YAML.");
            case '`' -> error("\"`\" is not part of the language", at, "Write '…' or \"…{{name}}…\".");
            case '@' -> error("\"@\" is not part of the language", at, null);
            default ->
                error(
                        "\"%s\" is not part of the language".formatted(Character.toString(text.codePointAt(at))),
                        at,
                        null);
        };
    }

    private boolean afterValue() {
        return !tokens.isEmpty() && tokens.getLast().endsValue();
    }

    private void add(Kind kind, String symbol, int end, @Nullable Object value) {
        tokens.add(new Token(kind, symbol, at, end, value));
        at = end;
    }

    private static ExpressionSyntaxException error(String message, int offset, @Nullable String hint) {
        return new ExpressionSyntaxException(message, offset, hint);
    }
}
