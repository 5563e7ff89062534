package io.turbulence.core.internal.definition.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathSyntaxTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '~', textBlock = """
            ~~                            -> 0  -> found the end of the path; expected "$". A path starts at the root, as in $.name.
            items[0]                      -> 0  -> found "items"; expected "$". Write $.items.
            @.a                           -> 0  -> found "@"; expected "$". Only a filter knows "@".
            ~ $.a~                        -> 0  -> found a blank; expected "$". A path starts at the root, as in $.name.
            ~$.a ~                        -> 3  -> found a blank; expected ".", "[" or the end of the path.
            $.                            -> 2  -> found the end of the path; expected a name or "*".
            $.. a                         -> 3  -> found a blank; expected a name, "*" or "[".
            $.first-name.x                -> 7  -> found "-"; expected ".", "[" or the end of the path. Write ['first-name'] for a name with "-".
            $.items.0.id                  -> 8  -> found "0"; expected a name or "*". Write [0] for an element, ['0'] for a member.
            $.['a']                       -> 2  -> found "["; expected a name or "*". A bracket follows without ".": $['name'].
            $.a[0                         -> 5  -> found the end of the path; expected "," or "]". The "[" at 3 is not closed.
            $.a[b]                        -> 4  -> found "b"; expected a name in quotes, an index, a slice, "*" or "?". Write ['b'].
            $.a[(@.length-1)]             -> 4  -> found "("; expected a name in quotes, an index, a slice, "*" or "?". There are no scripts: [-1] is the last element, [?…] a filter.
            $[01]                         -> 2  -> found "01"; expected an integer without leading zeros.
            $[9007199254740992]           -> 2  -> found "9007199254740992"; expected an integer between -9007199254740991 and 9007199254740991.
            $['a                          -> 4  -> found the end of the path; expected "'". The text that starts at 2 is not closed.
            $['a\\x']                      -> 4  -> found "\\x"; expected \\b, \\f, \\n, \\r, \\t, \\/, \\\\, \\' or \\u and four hexadecimal digits. Write \\\\ for a backslash.
            $['\\uD83D']                   -> 3  -> found "\\uD83D"; expected a high and a low surrogate, one after the other, as in \\uD83D\\uDE00.
            $.items.size()                -> 8  -> found "size("; expected a name. The only function after a "." is length().
            $.length().a                  -> 10 -> found "."; expected the end of the path. length() can only be the last segment.
            $.length(1)                   -> 9  -> found "1"; expected ")". length() as last segment takes no argument.
            $[?@.a.length() > 1]          -> 7  -> found "length("; expected a name. length() is the last segment of a whole path; in a filter write length(@.name).
            """)
    void pathsAreRefusedWithPlaceAndReason(String path, int offset, String message) {
        assertRefused(path, offset, message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '~', textBlock = """
            $[?@.a = 1]                   -> 7  -> found "="; expected a comparison, "&&", "||" or the end of the filter. Write == for equality.
            $[?@.a =~ /x/]                -> 7  -> found "=~"; expected a comparison, "&&", "||" or the end of the filter. Regular expressions are matched with match(…) and search(…).
            $[?@.a and @.b]               -> 7  -> found "and"; expected a comparison, "&&", "||" or the end of the filter. Write &&.
            $[?@.a == 'x' or @.b]         -> 14 -> found "or"; expected a comparison, "&&", "||" or the end of the filter. Write ||.
            $[?@.a in ['x']]              -> 7  -> found "in"; expected a comparison, "&&", "||" or the end of the filter. RFC 9535 has no operator "in".
            $[?@.a == x]                  -> 10 -> found "x"; expected a literal, a query such as @.a, or one of the functions length, count, value. Texts are put in quotes.
            $[?@.a == True]               -> 10 -> found "True"; expected a literal, a query such as @.a, or one of the functions length, count, value. Write true.
            $[?@.a == 1 == 2]             -> 12 -> found "=="; expected "," or "]".
            $[?@[*] == 1]                 -> 3  -> found "@[*]", which can give many nodes; expected a query of names and indexes only. count(…) and value(…) take such a query.
            $[?!@.a == 1]                 -> 8  -> found "=="; expected "&&", "||", ")" or "]". To negate a comparison write !(…).
            $[?(@.a) == 1]                -> 9  -> found "=="; expected "&&", "||", ")" or "]". A condition in parentheses has no value to compare.
            $[?(@.a]                      -> 7  -> found "]"; expected "&&", "||" or ")". The "(" at 3 is not closed.
            $[?'x']                       -> 6  -> found "]"; expected a comparison such as == after "'x'". A literal gives a value, which is neither true nor false by itself.
            $[?length(@.a)]               -> 14 -> found "]"; expected a comparison such as == after "length(@.a)". length() gives a value, which is neither true nor false by itself.
            $[?match(@.a, 'x') == true]   -> 3  -> found "match(@.a, 'x')"; expected a value. match() gives true or false and stands without a comparison.
            $[?lenght(@.a) > 1]           -> 3  -> found "lenght("; expected one of the functions length, count, match, search, value.
            $[?match(@.a)]                -> 12 -> found ")"; expected "," and a pattern. match() takes a text and a pattern.
            $[?length(@.a, @.b) > 1]      -> 13 -> found ","; expected ")". length() takes one argument.
            $[?length(@.*) > 1]           -> 10 -> found "@.*", which can give many nodes; expected a query of names and indexes only. count(…) and value(…) take such a query.
            $[?count(1) > 1]              -> 9  -> found "1"; expected a query such as @.items[*]. count() takes nodes.
            $[?@.a == 01]                 -> 10 -> found "01"; expected a number without leading zeros.
            $[?@.a == 1e99999999999]      -> 10 -> found "1e99999999999"; expected a number with a smaller exponent.
            $[?]                          -> 3  -> found "]"; expected a query such as @.a, a comparison, match(…), search(…), "!" or "(".
            """)
    void filtersAreRefusedWithPlaceAndReason(String path, int offset, String message) {
        assertRefused(path, offset, message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '~', textBlock = """
            \\\\d+            -> 0 -> found "\\d"; expected \\n, \\r, \\t, \\p{…}, \\P{…} or \\ before one of ()*+.?[]{}|\\-^. Write [0-9].
            a\\u0041\\\\w      -> 7 -> found "\\w"; expected \\n, \\r, \\t, \\p{…}, \\P{…} or \\ before one of ()*+.?[]{}|\\-^. Write [A-Za-z0-9_].
            (?i)x           -> 1 -> found "?"; expected what the group matches. I-Regexp (RFC 9485) has plain groups only.
            [z-a]           -> 1 -> found the range "z-a"; expected the character with the lower code first.
            a{3,1}          -> 1 -> found "{3,1}"; expected the smaller count first.
            a{20000}        -> 2 -> found a count of "20000" or more; expected at most 10000.
            (a{1000}){1000} -> 0 -> found "(a{1000}){1000}", which has 1000000 states; expected at most 20000. Lower the counts in {…}.
            (a              -> 2 -> found the end of the pattern; expected ")" for the "(" at 0.
            a)              -> 1 -> found ")"; expected "(" before it. Write [)] for the character.
            a**             -> 2 -> found "*"; expected a character, ".", "(" or "[". Write \\* for the character.
            \\\\p{Greek}      -> 4 -> found "Greek"; expected a Unicode category, as in \\p{L} or \\p{Lu}.
            """)
    void literalPatternsAreRefusedAtTheirPlaceInThePath(String pattern, int offset, String message) {
        assertRefused("$[?match(@.a, '" + pattern + "')]", 15 + offset, "pattern is not an I-Regexp: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[?@", "[*]", "[?(", "[?!(", "[?length("})
    void nestingIsBounded(String level) {
        String path = "$" + level.repeat(5_000);
        JsonPathSyntaxException refusal = refusal(path);
        assertThat(refusal).message().isNotEmpty();
        assertThat(refusal.offset()).isBetween(1, 201 * level.length());
    }

    private static void assertRefused(String path, int offset, String message) {
        JsonPathSyntaxException refusal = refusal(path);
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.offset()).isEqualTo(offset);
    }

    private static JsonPathSyntaxException refusal(String path) {
        JsonPathSyntaxException refusal =
                catchThrowableOfType(JsonPathSyntaxException.class, () -> JsonPath.compile(path));
        assertThat(refusal).as(path).isNotNull();
        return refusal;
    }
}
