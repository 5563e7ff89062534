package io.turbulence.sql;

/// Walks over SQL text and knows what in it is quoted or a comment. For one thread.
final class SqlScanner {

    private final String text;
    private final Dialect dialect;

    SqlScanner(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    /// The place after the quoted text or comment that begins here; the same place when none does.
    int skip(int at) {
        char c = text.charAt(at);
        return switch (c) {
            case '\'' -> quoted(at, '\'', dialect.escapesWithBackslash() || isEscapeString(at));
            case '"' -> quoted(at, '"', dialect.escapesWithBackslash());
            case '`' -> dialect.quotesWithBackticks() ? quoted(at, '`', false) : at;
            case '[' -> dialect.quotesWithBrackets() ? quoted(at, ']', false) : at;
            case '-' -> isDashComment(at) ? lineEnd(at) : at;
            case '#' -> dialect.commentsWithHash() ? lineEnd(at) : at;
            case '/' -> isAt(at + 1, '*') ? blockEnd(at) : at;
            case '$' -> dialect.quotesWithDollars() ? dollarQuoted(at) : at;
            default -> at;
        };
    }

    /// Whether what begins here is a comment.
    boolean isComment(int at) {
        char c = text.charAt(at);
        return isDashComment(at) || (c == '/' && isAt(at + 1, '*')) || (c == '#' && dialect.commentsWithHash());
    }

    /// The end of the word that begins here.
    int wordEnd(int at) {
        int end = at;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    boolean isAt(int at, char c) {
        return at >= 0 && at < text.length() && text.charAt(at) == c;
    }

    static boolean isWordStart(char c) {
        return c == '_' || Character.isLetter(c);
    }

    static boolean isWordPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    boolean isWordPartAt(int at) {
        return at >= 0 && at < text.length() && isWordPart(text.charAt(at));
    }

    private int quoted(int at, char end, boolean backslash) {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && backslash) {
                i++;
            } else if (c == end) {
                // A doubled one ends here and begins anew at the next place
                return i + 1;
            }
        }
        return text.length();
    }

    private boolean isEscapeString(int at) {
        return dialect == Dialect.POSTGRESQL && (isAt(at - 1, 'E') || isAt(at - 1, 'e')) && !isWordPartAt(at - 2);
    }

    private boolean isDashComment(int at) {
        if (!isAt(at, '-') || !isAt(at + 1, '-')) {
            return false;
        }
        return dialect != Dialect.MARIADB || at + 2 >= text.length() || Character.isWhitespace(text.charAt(at + 2));
    }

    private int lineEnd(int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    private int blockEnd(int at) {
        int depth = 1;
        for (int i = at + 2; i < text.length(); i++) {
            if (isAt(i, '*') && isAt(i + 1, '/')) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            } else if (dialect.nestsComments() && isAt(i, '/') && isAt(i + 1, '*')) {
                depth++;
                i++;
            }
        }
        return text.length();
    }

    private int dollarQuoted(int at) {
        if (isWordPartAt(at - 1)) {
            return at;
        }
        int end = at + 1;
        if (end < text.length() && isWordStart(text.charAt(end))) {
            end = wordEnd(end);
        }
        if (!isAt(end, '$')) {
            return at;
        }
        String tag = text.substring(at, end + 1);
        int close = text.indexOf(tag, end + 1);
        return close < 0 ? text.length() : close + tag.length();
    }
}
