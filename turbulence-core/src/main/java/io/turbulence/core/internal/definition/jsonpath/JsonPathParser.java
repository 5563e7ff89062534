package io.turbulence.core.internal.definition.jsonpath;

import io.turbulence.core.internal.definition.jsonpath.Condition.Operator;
import io.turbulence.core.internal.definition.jsonpath.Segment.Selector;
import io.turbulence.core.internal.definition.jsonpath.Segment.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a JSONPath by the grammar of RFC 9535 and checks that its functions are used with the right types.
final class JsonPathParser {
    private static final int DEEPEST = 200;
    private static final long GREATEST_INTEGER = (1L << 53) - 1;
    private static final int LONGEST_QUOTE = 40;
    private static final String FUNCTIONS = "length, count, match, search, value";
    private static final String A_VALUE =
            "a literal, a query such as @.a, or one of the functions length, count, value";
    private static final String A_CONDITION = "a query such as @.a, a comparison, match(…), search(…), \"!\" or \"(\"";
    private static final Set<String> OPERATORS_OF_OTHERS = Set.of(
            "in", "nin", "contains", "subsetof", "anyof", "noneof", "size", "empty", "is", "like", "not", "exists");

    private final String text;
    private int position;
    private int depth;
    private int endOfLastName = -1;

    JsonPathParser(String text) {
        this.text = text;
    }

    /// What stands on one side of a comparison or alone, before it is known which.
    private sealed interface Operand {
        record OfQuery(Query query) implements Operand {}

        record OfValue(Value value, String name) implements Operand {}

        record OfCondition(Condition condition, String name) implements Operand {}
    }

    Query path() {
        if (!take('$')) {
            throw unexpected("\"$\"", hintForStart());
        }
        Query query = new Query(true, segments(true));
        if (position < text.length()) {
            throw unexpected("\".\", \"[\" or the end of the path", hintAfterName());
        }
        return query;
    }

    private String hintForStart() {
        if (at('@')) {
            return "Only a filter knows \"@\".";
        }
        return atNameStart() ? "Write $." + shortened(word(0)) + "." : "A path starts at the root, as in $.name.";
    }

    private Query query() {
        boolean absolute = text.charAt(position++) == '$';
        return new Query(absolute, segments(false));
    }

    private List<Segment> segments(boolean outermost) {
        List<Segment> segments = new ArrayList<>();
        int depthBefore = depth;
        while (true) {
            int end = position;
            skipBlanks();
            Segment segment;
            if (take("..")) {
                segment = descendants();
            } else if (take('.')) {
                segment = afterDot(outermost);
            } else if (at('[')) {
                List<Selector> selectors = bracket();
                segment = selectors.size() == 1 && selectors.getFirst() instanceof Step step
                        ? step
                        : new Segment.Children(selectors);
            } else {
                position = end;
                depth = depthBefore;
                return segments;
            }
            if (!(segment instanceof Step)) {
                deepen(end);
            }
            segments.add(segment);
        }
    }

    private Segment descendants() {
        if (at('[')) {
            return new Segment.Descendants(bracket());
        }
        if (take('*')) {
            return new Segment.Descendants(List.of(new Segment.Wildcard()));
        }
        if (!atNameStart()) {
            throw unexpected("a name, \"*\" or \"[\"", hintForName());
        }
        String name = name();
        refuseCall(name, position - name.length());
        return new Segment.Descendants(List.of(new Segment.Name(name)));
    }

    private Segment afterDot(boolean outermost) {
        if (take('*')) {
            return new Segment.Children(List.of(new Segment.Wildcard()));
        }
        if (!atNameStart()) {
            throw unexpected("a name or \"*\"", hintForName());
        }
        int start = position;
        String name = name();
        if (outermost && name.equals("length") && take('(')) {
            return length();
        }
        refuseCall(name, start);
        return new Segment.Name(name);
    }

    private Segment length() {
        if (!take(')')) {
            throw unexpected("\")\"", "length() as last segment takes no argument.");
        }
        if (position < text.length()) {
            throw unexpected("the end of the path", "length() can only be the last segment.");
        }
        return new Segment.Length();
    }

    private void refuseCall(String name, int start) {
        if (at('(')) {
            throw error(
                    start,
                    quoted(name + "("),
                    "a name",
                    name.equals("length")
                            ? "length() is the last segment of a whole path; in a filter write length(@.name)."
                            : "The only function after a \".\" is length().");
        }
    }

    private List<Selector> bracket() {
        int start = position++;
        List<Selector> selectors = new ArrayList<>();
        do {
            skipBlanks();
            selectors.add(selector());
            skipBlanks();
        } while (take(','));
        if (!take(']')) {
            throw unexpected(
                    "\",\" or \"]\"", position == text.length() ? "The \"[\" at " + start + " is not closed." : null);
        }
        return List.copyOf(selectors);
    }

    private Selector selector() {
        if (at('\'') || at('"')) {
            return new Segment.Name(string());
        }
        if (take('*')) {
            return new Segment.Wildcard();
        }
        if (at('?')) {
            int start = position++;
            deepen(start);
            skipBlanks();
            Segment.Filter filter = new Segment.Filter(anyOf());
            depth--;
            return filter;
        }
        if (at(':') || at('-') || atDigit()) {
            return indexOrSlice();
        }
        throw unexpected(
                "a name in quotes, an index, a slice, \"*\" or \"?\"",
                atNameStart()
                        ? "Write ['" + word(position) + "']."
                        : at('(') ? "There are no scripts: [-1] is the last element, [?…] a filter." : null);
    }

    private Selector indexOrSlice() {
        Long first = at(':') ? null : Long.valueOf(integer());
        int end = position;
        skipBlanks();
        if (!take(':')) {
            position = end;
            // Only a colon can stand first without a number
            return new Segment.Index(first == null ? 0 : first);
        }
        skipBlanks();
        Long stop = at('-') || atDigit() ? Long.valueOf(integer()) : null;
        end = position;
        skipBlanks();
        if (!take(':')) {
            position = end;
            return new Segment.Slice(first, stop, 1);
        }
        end = position;
        skipBlanks();
        if (at('-') || atDigit()) {
            return new Segment.Slice(first, stop, integer());
        }
        position = end;
        return new Segment.Slice(first, stop, 1);
    }

    private long integer() {
        int start = position;
        take('-');
        digits();
        String digits = text.substring(start, position);
        if (digits.equals("-0") || digits.matches("-?0[0-9]+")) {
            throw error(start, quoted(digits), "an integer without leading zeros", null);
        }
        if (digits.length() > 17 || Math.abs(Long.parseLong(digits)) > GREATEST_INTEGER) {
            throw error(
                    start,
                    quoted(digits),
                    "an integer between -" + GREATEST_INTEGER + " and " + GREATEST_INTEGER,
                    null);
        }
        return Long.parseLong(digits);
    }

    private void digits() {
        if (!atDigit()) {
            throw unexpected("a digit", null);
        }
        while (atDigit()) {
            position++;
        }
    }

    private Condition anyOf() {
        List<Condition> conditions = new ArrayList<>();
        do {
            skipBlanks();
            conditions.add(allOf());
            skipBlanks();
        } while (take("||"));
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.Any(List.copyOf(conditions));
    }

    private Condition allOf() {
        List<Condition> conditions = new ArrayList<>();
        do {
            skipBlanks();
            conditions.add(condition());
            skipBlanks();
        } while (take("&&"));
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.All(List.copyOf(conditions));
    }

    private Condition condition() {
        if (at('(')) {
            return parentheses();
        }
        if (at('!') && !at("!=")) {
            position++;
            skipBlanks();
            return new Condition.Not(at('(') ? parentheses() : negatedTest());
        }
        int start = position;
        Operand left = operand(A_CONDITION);
        int end = position;
        skipBlanks();
        Operator operator = operator();
        if (operator == null) {
            Condition condition = test(left, start, end);
            refuseForeignOperator();
            return condition;
        }
        skipBlanks();
        int startOfRight = position;
        Operand right = operand(A_VALUE);
        Condition comparison =
                new Condition.Comparison(value(left, start, end), operator, value(right, startOfRight, position));
        skipBlanks();
        refuseForeignOperator();
        return comparison;
    }

    private Condition parentheses() {
        int start = position++;
        deepen(start);
        Condition condition = anyOf();
        if (!take(')')) {
            throw unexpected("\"&&\", \"||\" or \")\"", "The \"(\" at " + start + " is not closed.");
        }
        depth--;
        refuseComparison("A condition in parentheses has no value to compare.");
        return condition;
    }

    private Condition negatedTest() {
        int start = position;
        Condition condition =
                test(operand("a query such as @.a, match(…), search(…) or \"(\" after \"!\""), start, position);
        refuseComparison("To negate a comparison write !(…).");
        refuseForeignOperator();
        return condition;
    }

    private Condition test(Operand operand, int start, int end) {
        return switch (operand) {
            case Operand.OfQuery query -> new Condition.Exists(query.query());
            case Operand.OfCondition condition -> condition.condition();
            case Operand.OfValue value -> {
                skipBlanks();
                throw unexpected(
                        "a comparison such as == after " + quoted(shortened(text.substring(start, end))),
                        hintForOperator(value.name() + " gives a value, which is neither true nor false by itself."));
            }
        };
    }

    private Value value(Operand operand, int start, int end) {
        return switch (operand) {
            case Operand.OfValue value -> value.value();
            case Operand.OfQuery query -> {
                if (query.query().isSingular()) {
                    yield new Value.Single(query.query());
                }
                throw error(
                        start,
                        quoted(shortened(text.substring(start, end))) + ", which can give many nodes",
                        "a query of names and indexes only",
                        "count(…) and value(…) take such a query.");
            }
            case Operand.OfCondition condition ->
                throw error(
                        start,
                        quoted(shortened(text.substring(start, end))),
                        "a value",
                        condition.name() + " gives true or false and stands without a comparison.");
        };
    }

    private @Nullable Operator operator() {
        for (Operator operator : Operator.values()) {
            if (take(operator.sign())) {
                return operator;
            }
        }
        return null;
    }

    private void refuseComparison(String hint) {
        skipBlanks();
        int start = position;
        if (operator() != null) {
            position = start;
            throw unexpected("\"&&\", \"||\", \")\" or \"]\"", hint);
        }
    }

    private void refuseForeignOperator() {
        String hint = hintForOperator(hintAfterName());
        if (hint != null) {
            throw unexpected("a comparison, \"&&\", \"||\" or the end of the filter", hint);
        }
    }

    private @Nullable String hintForOperator(@Nullable String otherwise) {
        if (at("=~")) {
            return "Regular expressions are matched with match(…) and search(…).";
        }
        if (at('=') && !at("==")) {
            return "Write == for equality.";
        }
        if (at('&') && !at("&&")) {
            return "Write &&.";
        }
        if (at('|') && !at("||")) {
            return "Write ||.";
        }
        if (!atNameStart()) {
            return otherwise;
        }
        String word = word(position);
        if (word.equalsIgnoreCase("and")) {
            return "Write &&.";
        }
        if (word.equalsIgnoreCase("or")) {
            return "Write ||.";
        }
        return OPERATORS_OF_OTHERS.contains(word) ? "RFC 9535 has no operator \"" + word + "\"." : otherwise;
    }

    private Operand operand(String expected) {
        if (at('$') || at('@')) {
            return new Operand.OfQuery(query());
        }
        if (at('\'') || at('"')) {
            return literal(string());
        }
        if (at('-') || atDigit()) {
            return literal(number());
        }
        if (!atNameStart()) {
            throw unexpected(expected, null);
        }
        int start = position;
        String word = word(position);
        position += word.length();
        if (at('(')) {
            return call(word, start);
        }
        return switch (word) {
            case "true" -> literal(true);
            case "false" -> literal(false);
            case "null" -> literal(null);
            case "True", "TRUE", "False", "FALSE", "Null", "NULL" ->
                throw error(start, quoted(word), expected, "Write " + word.toLowerCase(Locale.ROOT) + ".");
            default -> throw error(start, quoted(shortened(word)), expected, "Texts are put in quotes.");
        };
    }

    private static Operand literal(@Nullable Object value) {
        return new Operand.OfValue(new Value.Literal(value), "A literal");
    }

    private Operand call(String name, int start) {
        deepen(start);
        position++;
        skipBlanks();
        Operand result = switch (name) {
            case "length" -> new Operand.OfValue(new Value.LengthOf(valueArgument()), "length()");
            case "count" -> new Operand.OfValue(new Value.CountOf(queryArgument(name)), "count()");
            case "value" -> new Operand.OfValue(new Value.ValueOf(queryArgument(name)), "value()");
            case "match", "search" -> new Operand.OfCondition(matching(name), name + "()");
            default -> throw error(start, quoted(shortened(name + "(")), "one of the functions " + FUNCTIONS, null);
        };
        skipBlanks();
        if (!take(')')) {
            throw unexpected(
                    "\")\"",
                    at(',')
                            ? name + "() takes "
                                    + (result instanceof Operand.OfCondition ? "two arguments." : "one argument.")
                            : null);
        }
        depth--;
        return result;
    }

    private Condition matching(String name) {
        Value subject = valueArgument();
        skipBlanks();
        if (!take(',')) {
            throw unexpected("\",\" and a pattern", name + "() takes a text and a pattern.");
        }
        skipBlanks();
        int start = position;
        Value pattern = valueArgument();
        boolean whole = name.equals("match");
        if (pattern instanceof Value.Literal literal && literal.value() instanceof String source) {
            return new Condition.Matches(subject, regularExpression(source, start), whole);
        }
        return new Condition.MatchesComputed(subject, pattern, whole);
    }

    private RegularExpression regularExpression(String source, int start) {
        try {
            return RegularExpression.compile(source);
        } catch (RegularExpression.Malformed e) {
            throw new JsonPathSyntaxException(
                    "pattern is not an I-Regexp: " + e.getMessage(), offsetInString(start, e.offset()));
        }
    }

    private Value valueArgument() {
        int start = position;
        return value(operand(A_VALUE), start, position);
    }

    private Query queryArgument(String name) {
        int start = position;
        String expected = "a query such as @.items[*]";
        if (operand(expected) instanceof Operand.OfQuery argument) {
            return argument.query();
        }
        throw error(start, quoted(shortened(text.substring(start, position))), expected, name + "() takes nodes.");
    }

    private Number number() {
        int start = position;
        take('-');
        int digits = position;
        digits();
        if (text.charAt(digits) == '0' && position > digits + 1) {
            throw error(start, quoted(text.substring(start, position)), "a number without leading zeros", null);
        }
        boolean integral = true;
        if (take('.')) {
            integral = false;
            digits();
        }
        if (at('e') || at('E')) {
            integral = false;
            position++;
            if (!take('-')) {
                take('+');
            }
            digits();
        }
        return number(start, integral);
    }

    /// In the class that documents are likely to have it in, which makes comparing cheap; value alone decides.
    private Number number(int start, boolean integral) {
        String literal = text.substring(start, position);
        if (integral) {
            return literal.length() <= 18 ? (Number) Long.valueOf(literal) : new BigInteger(literal);
        }
        try {
            BigDecimal exact = new BigDecimal(literal);
            double nearest = Double.parseDouble(literal);
            return Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(exact) == 0
                    ? (Number) nearest
                    : exact;
        } catch (NumberFormatException tooLarge) {
            throw error(start, quoted(shortened(literal)), "a number with a smaller exponent", null);
        }
    }

    private String string() {
        int start = position;
        char quote = text.charAt(position++);
        StringBuilder content = new StringBuilder();
        while (!take(quote)) {
            if (position == text.length()) {
                throw unexpected(
                        quote == '"' ? "'\"'" : "\"'\"", "The text that starts at " + start + " is not closed.");
            }
            content.appendCodePoint(character(quote));
        }
        return content.toString();
    }

    /// Where the character with this offset in the string's content was written.
    private int offsetInString(int start, int offset) {
        int end = position;
        char quote = text.charAt(start);
        position = start + 1;
        for (int passed = 0; passed < offset; ) {
            passed += Character.charCount(character(quote));
        }
        int found = position;
        position = end;
        return found;
    }

    private int character(char quote) {
        if (at('\\')) {
            return escape(quote);
        }
        int character = text.codePointAt(position);
        if (character < ' ' || isSurrogate(character)) {
            throw unexpected("a printable character", "Write \\u" + hex(character) + " for it.");
        }
        position += Character.charCount(character);
        return character;
    }

    private int escape(char quote) {
        int start = position++;
        if (position == text.length()) {
            throw unexpected("a character after \"\\\"", null);
        }
        char kind = text.charAt(position++);
        if (kind == quote) {
            return quote;
        }
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '/', '\\' -> kind;
            case 'u' -> unicode(start);
            default ->
                throw error(
                        start,
                        quoted(text.substring(start, text.offsetByCodePoints(start, 2))),
                        "\\b, \\f, \\n, \\r, \\t, \\/, \\\\, \\" + quote + " or \\u and four hexadecimal digits",
                        "Write \\\\ for a backslash.");
        };
    }

    private int unicode(int start) {
        int unit = hexDigits();
        if (!isSurrogate(unit)) {
            return unit;
        }
        if (Character.isHighSurrogate((char) unit) && take("\\u")) {
            int low = hexDigits();
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) unit, (char) low);
            }
        }
        throw error(
                start,
                quoted(text.substring(start, start + 6)),
                "a high and a low surrogate, one after the other, as in \\uD83D\\uDE00",
                null);
    }

    private int hexDigits() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = position < text.length() && text.charAt(position) < 128
                    ? Character.digit(text.charAt(position), 16)
                    : -1;
            if (digit < 0) {
                throw unexpected("a hexadecimal digit", null);
            }
            unit = unit << 4 | digit;
            position++;
        }
        return unit;
    }

    private String name() {
        String name = word(position);
        position += name.length();
        endOfLastName = position;
        return name;
    }

    private String word(int start) {
        int end = start;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            if (!isNameStart(character) && !(character >= '0' && character <= '9')) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(start, end);
    }

    private @Nullable String hintForName() {
        if (atDigit()) {
            int start = position;
            digits();
            String digits = text.substring(start, position);
            position = start;
            return "Write [" + digits + "] for an element, ['" + digits + "'] for a member.";
        }
        if (at('[') || at('\'') || at('"')) {
            return "A bracket follows without \".\": $['name'].";
        }
        return null;
    }

    /// After `$.first-name`, where the path seems to go on with what cannot be in a bare name.
    private @Nullable String hintAfterName() {
        if (position != endOfLastName || position == text.length() || !at('-')) {
            return null;
        }
        int start = position;
        while (start > 0 && (isNameStart(text.charAt(start - 1)) || Character.isDigit(text.charAt(start - 1)))) {
            start--;
        }
        int end = position;
        while (end < text.length() && at(end, '-')) {
            end++;
            end += word(end).length();
        }
        return "Write ['" + text.substring(start, end) + "'] for a name with \"-\".";
    }

    private void deepen(int offset) {
        if (++depth > DEEPEST) {
            throw error(offset, found(offset) + " at depth " + depth, "at most " + DEEPEST + " levels", null);
        }
    }

    private boolean atNameStart() {
        return position < text.length() && isNameStart(text.codePointAt(position));
    }

    private static boolean isNameStart(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || character == '_'
                || (character >= 0x80 && !isSurrogate(character));
    }

    private static boolean isSurrogate(int character) {
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    }

    private boolean atDigit() {
        return position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
    }

    private boolean at(char character) {
        return at(position, character);
    }

    private boolean at(int offset, char character) {
        return offset < text.length() && text.charAt(offset) == character;
    }

    private boolean at(String sign) {
        return text.startsWith(sign, position);
    }

    private boolean take(char character) {
        if (!at(character)) {
            return false;
        }
        position++;
        return true;
    }

    private boolean take(String sign) {
        if (!at(sign)) {
            return false;
        }
        position += sign.length();
        return true;
    }

    private void skipBlanks() {
        position = skippedFrom(position);
    }

    private int skippedFrom(int offset) {
        int end = offset;
        while (end < text.length() && " \t\n\r".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private JsonPathSyntaxException unexpected(String expected, @Nullable String hint) {
        return error(position, found(position), expected, hint);
    }

    private static JsonPathSyntaxException error(int offset, String found, String expected, @Nullable String hint) {
        return new JsonPathSyntaxException(
                "found " + found + "; expected " + expected + "." + (hint == null ? "" : " " + hint), offset);
    }

    /// Names what stands at a place: a word, a sign or a single character.
    private String found(int offset) {
        if (offset == text.length()) {
            return "the end of the path";
        }
        String word = word(offset);
        if (!word.isEmpty()) {
            return quoted(shortened(word));
        }
        for (String sign : List.of("&&", "||", "==", "!=", "<=", ">=", "=~", "..")) {
            if (text.startsWith(sign, offset)) {
                return quoted(sign);
            }
        }
        int character = text.codePointAt(offset);
        if (character == ' ') {
            return "a blank";
        }
        if (character == '"') {
            return "'\"'";
        }
        return character < ' ' || isSurrogate(character)
                ? "U+" + hex(character)
                : quoted(Character.toString(character));
    }

    private static String hex(int character) {
        return "%04X".formatted(character);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_QUOTE
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
    }
}
