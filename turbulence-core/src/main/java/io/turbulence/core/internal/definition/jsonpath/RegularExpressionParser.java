package io.turbulence.core.internal.definition.jsonpath;

import io.turbulence.core.internal.definition.jsonpath.RegularExpression.Malformed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads an I-Regexp by the grammar of RFC 9485, and nothing beyond it.
final class RegularExpressionParser {

    /// A part of a pattern.
    sealed interface Node {
        /// How many instructions it takes, at most.
        long size();

        record One(CharacterSet characters) implements Node {
            @Override
            public long size() {
                return 1;
            }
        }

        record Start() implements Node {
            @Override
            public long size() {
                return 1;
            }
        }

        record End() implements Node {
            @Override
            public long size() {
                return 1;
            }
        }

        record Sequence(List<Node> nodes, long size) implements Node {
            Sequence(List<Node> nodes) {
                this(nodes, nodes.stream().mapToLong(Node::size).sum());
            }
        }

        record Choice(List<Node> nodes, long size) implements Node {
            Choice(List<Node> nodes) {
                this(nodes, nodes.stream().mapToLong(node -> node.size() + 2).sum());
            }
        }

        record Repeat(Node node, int least, int most, long size) implements Node {
            static final int UNBOUNDED = -1;

            Repeat(Node node, int least, int most) {
                this(node, least, most, size(node.size(), least, most));
            }

            /// Cannot overflow, as the parser bounds both the counts and the repeated part.
            private static long size(long once, int least, int most) {
                return least * once + (most == UNBOUNDED ? once + 2 : (most - least) * (once + 1));
            }
        }
    }

    private static final int DEEPEST = 100;
    private static final int HIGHEST_COUNT = 10_000;
    private static final String SYNTAX = "()*+.?[]{}|\\";
    private static final Map<Character, String> FAMILIAR = Map.of(
            'd', "Write [0-9].",
            'D', "Write [^0-9].",
            'w', "Write [A-Za-z0-9_].",
            'W', "Write [^A-Za-z0-9_].",
            's', "Write [ \\t\\r\\n].",
            'S', "Write [^ \\t\\r\\n].",
            '$', "Write [$].");
    private static final Map<String, Integer> CATEGORIES = Map.ofEntries(
            category("Lu", Character.UPPERCASE_LETTER),
            category("Ll", Character.LOWERCASE_LETTER),
            category("Lt", Character.TITLECASE_LETTER),
            category("Lm", Character.MODIFIER_LETTER),
            category("Lo", Character.OTHER_LETTER),
            category("Mn", Character.NON_SPACING_MARK),
            category("Mc", Character.COMBINING_SPACING_MARK),
            category("Me", Character.ENCLOSING_MARK),
            category("Nd", Character.DECIMAL_DIGIT_NUMBER),
            category("Nl", Character.LETTER_NUMBER),
            category("No", Character.OTHER_NUMBER),
            category("Pc", Character.CONNECTOR_PUNCTUATION),
            category("Pd", Character.DASH_PUNCTUATION),
            category("Ps", Character.START_PUNCTUATION),
            category("Pe", Character.END_PUNCTUATION),
            category("Pi", Character.INITIAL_QUOTE_PUNCTUATION),
            category("Pf", Character.FINAL_QUOTE_PUNCTUATION),
            category("Po", Character.OTHER_PUNCTUATION),
            category("Zs", Character.SPACE_SEPARATOR),
            category("Zl", Character.LINE_SEPARATOR),
            category("Zp", Character.PARAGRAPH_SEPARATOR),
            category("Sm", Character.MATH_SYMBOL),
            category("Sc", Character.CURRENCY_SYMBOL),
            category("Sk", Character.MODIFIER_SYMBOL),
            category("So", Character.OTHER_SYMBOL),
            category("Cc", Character.CONTROL),
            category("Cf", Character.FORMAT),
            category("Cn", Character.UNASSIGNED),
            category("Co", Character.PRIVATE_USE));

    private final String pattern;
    private int position;
    private int depth;

    RegularExpressionParser(String pattern) {
        this.pattern = pattern;
    }

    private static Map.Entry<String, Integer> category(String name, byte type) {
        return Map.entry(name, 1 << type);
    }

    Node parse() throws Malformed {
        Node node = choice();
        if (position < pattern.length()) {
            throw unexpected("\"(\" before it", "Write [)] for the character.");
        }
        return node;
    }

    private Node choice() throws Malformed {
        List<Node> branches = new ArrayList<>();
        branches.add(branch());
        while (take('|')) {
            branches.add(branch());
        }
        return branches.size() == 1 ? branches.getFirst() : new Node.Choice(List.copyOf(branches));
    }

    private Node branch() throws Malformed {
        List<Node> pieces = new ArrayList<>();
        while (position < pattern.length() && !at('|') && !at(')')) {
            pieces.add(piece());
        }
        return pieces.size() == 1 ? pieces.getFirst() : new Node.Sequence(List.copyOf(pieces));
    }

    private Node piece() throws Malformed {
        int start = position;
        Node piece = quantified(atom());
        if (piece.size() > RegularExpression.MOST_INSTRUCTIONS) {
            throw new Malformed(
                    "found " + quoted(pattern.substring(start, position)) + ", which has " + piece.size()
                            + " states; expected at most " + RegularExpression.MOST_INSTRUCTIONS
                            + ". Lower the counts in {…}.",
                    start);
        }
        return piece;
    }

    private Node quantified(Node atom) throws Malformed {
        if (take('*')) {
            return new Node.Repeat(atom, 0, Node.Repeat.UNBOUNDED);
        }
        if (take('+')) {
            return new Node.Repeat(atom, 1, Node.Repeat.UNBOUNDED);
        }
        if (take('?')) {
            return new Node.Repeat(atom, 0, 1);
        }
        if (!take('{')) {
            return atom;
        }
        int start = position;
        int least = count();
        int most = least;
        if (take(',')) {
            most = at('}') ? Node.Repeat.UNBOUNDED : count();
        }
        if (!take('}')) {
            throw unexpected("\"}\"", null);
        }
        if (most != Node.Repeat.UNBOUNDED && most < least) {
            throw new Malformed(
                    "found " + quoted("{" + least + "," + most + "}") + "; expected the smaller count first.",
                    start - 1);
        }
        return new Node.Repeat(atom, least, most);
    }

    private int count() throws Malformed {
        int start = position;
        long count = 0;
        while (position < pattern.length() && at('0', '9') && count <= HIGHEST_COUNT) {
            count = count * 10 + pattern.charAt(position++) - '0';
        }
        if (position == start) {
            throw unexpected("a number, as in {2} or {1,3}", null);
        }
        if (count > HIGHEST_COUNT) {
            throw new Malformed(
                    "found a count of " + quoted(pattern.substring(start, position)) + " or more; expected at most "
                            + HIGHEST_COUNT + ".",
                    start);
        }
        return (int) count;
    }

    private Node atom() throws Malformed {
        if (take('(')) {
            return group();
        }
        if (take('[')) {
            return new Node.One(bracket());
        }
        if (take('.')) {
            return new Node.One(CharacterSet.ANY);
        }
        if (take('^')) {
            return new Node.Start();
        }
        if (take('$')) {
            return new Node.End();
        }
        if (at('\\')) {
            return new Node.One(escape());
        }
        if (SYNTAX.indexOf(pattern.charAt(position)) >= 0) {
            throw unexpected(
                    "a character, \".\", \"(\" or \"[\"",
                    "Write \\" + pattern.charAt(position) + " for the character.");
        }
        return new Node.One(CharacterSet.of(next()));
    }

    private Node group() throws Malformed {
        int start = position - 1;
        if (++depth > DEEPEST) {
            throw new Malformed("found \"(\" at depth " + depth + "; expected at most " + DEEPEST + ".", start);
        }
        if (at('?')) {
            throw unexpected("what the group matches", "I-Regexp (RFC 9485) has plain groups only.");
        }
        Node node = choice();
        if (!take(')')) {
            throw unexpected("\")\" for the \"(\" at " + start, null);
        }
        depth--;
        return node;
    }

    private CharacterSet bracket() throws Malformed {
        Ranges ranges = new Ranges();
        boolean negated = take('^');
        if (take('-')) {
            ranges.add('-', '-');
        } else {
            range(ranges);
        }
        while (!take(']')) {
            if (at('-') && position + 1 < pattern.length() && pattern.charAt(position + 1) == ']') {
                position++;
                ranges.add('-', '-');
            } else {
                range(ranges);
            }
        }
        return ranges.toSet(negated);
    }

    private void range(Ranges ranges) throws Malformed {
        int start = position;
        if (atCategory()) {
            ranges.addCategories(category());
            return;
        }
        int first = bracketCharacter();
        if (!at('-') || position + 1 >= pattern.length() || pattern.charAt(position + 1) == ']') {
            ranges.add(first, first);
            return;
        }
        position++;
        int last = bracketCharacter();
        if (last < first) {
            throw new Malformed(
                    "found the range " + quoted(pattern.substring(start, position))
                            + "; expected the character with the lower code first.",
                    start);
        }
        ranges.add(first, last);
    }

    private int bracketCharacter() throws Malformed {
        if (position == pattern.length()) {
            throw unexpected("\"]\"", null);
        }
        if (at('\\')) {
            return escapedCharacter();
        }
        if (at('[') || at(']') || at('-')) {
            throw unexpected("a character or a range", "Write \\" + pattern.charAt(position) + " for the character.");
        }
        return next();
    }

    private CharacterSet escape() throws Malformed {
        return atCategory() ? new CharacterSet(new int[0], category(), false) : CharacterSet.of(escapedCharacter());
    }

    private int escapedCharacter() throws Malformed {
        if (position + 1 == pattern.length()) {
            throw unexpected("a character after it", null);
        }
        char character = pattern.charAt(position + 1);
        int meant = switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '-', '^' -> character;
            default -> SYNTAX.indexOf(character) >= 0 ? character : -1;
        };
        if (meant < 0) {
            String escape = pattern.substring(position, pattern.offsetByCodePoints(position, 2));
            String familiar = FAMILIAR.get(character);
            throw new Malformed(
                    "found " + quoted(escape) + "; expected \\n, \\r, \\t, \\p{…}, \\P{…} or \\ before one of " + SYNTAX
                            + "-^." + (familiar == null ? "" : " " + familiar),
                    position);
        }
        position += 2;
        return meant;
    }

    private boolean atCategory() {
        return at('\\')
                && position + 1 < pattern.length()
                && (pattern.charAt(position + 1) == 'p' || pattern.charAt(position + 1) == 'P');
    }

    private int category() throws Malformed {
        boolean others = pattern.charAt(position + 1) == 'P';
        int start = position;
        int close = pattern.indexOf('}', start);
        if (close < 0 || pattern.charAt(start + 2) != '{') {
            position += 2;
            throw unexpected("a Unicode category, as in \\p{L} or \\p{Lu}", null);
        }
        String name = pattern.substring(start + 3, close);
        int categories = CATEGORIES.entrySet().stream()
                .filter(category -> category.getKey().equals(name)
                        || (name.length() == 1 && category.getKey().startsWith(name)))
                .mapToInt(Map.Entry::getValue)
                .reduce(0, (one, other) -> one | other);
        if (categories == 0) {
            throw new Malformed(
                    "found " + quoted(name) + "; expected a Unicode category, as in \\p{L} or \\p{Lu}.", start + 3);
        }
        position = close + 1;
        return others ? ~categories : categories;
    }

    private int next() throws Malformed {
        int character = pattern.codePointAt(position);
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            throw unexpected("a character", null);
        }
        position += Character.charCount(character);
        return character;
    }

    private boolean take(char character) {
        if (!at(character)) {
            return false;
        }
        position++;
        return true;
    }

    private boolean at(char character) {
        return at(character, character);
    }

    private boolean at(char first, char last) {
        return position < pattern.length() && first <= pattern.charAt(position) && pattern.charAt(position) <= last;
    }

    private Malformed unexpected(String expected, @Nullable String hint) {
        String found = position == pattern.length()
                ? "the end of the pattern"
                : quoted(pattern.substring(position, pattern.offsetByCodePoints(position, 1)));
        return new Malformed(
                "found " + found + "; expected " + expected + "." + (hint == null ? "" : " " + hint), position);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static final class Ranges {
        private int[] bounds = new int[8];
        private int size;
        private int categories;

        void add(int first, int last) {
            if (size == bounds.length) {
                bounds = Arrays.copyOf(bounds, size * 2);
            }
            bounds[size++] = first;
            bounds[size++] = last;
        }

        void addCategories(int more) {
            categories |= more;
        }

        CharacterSet toSet(boolean negated) {
            return new CharacterSet(Arrays.copyOf(bounds, size), categories, negated);
        }
    }
}
