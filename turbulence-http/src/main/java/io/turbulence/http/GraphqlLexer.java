package io.turbulence.http;

/// Takes a GraphQL document apart into tokens (GraphQL, October 2021, §2.1). One token ahead. Not thread-safe.
final class GraphqlLexer {

    /// What a token is.
    enum Kind {
        PUNCTUATION,
        NAME,
        NUMBER,
        TEXT,
        END
    }

    private final String source;
    private int at;
    private int start;
    private Kind kind = Kind.END;
    private String text = "";

    GraphqlLexer(String source) throws GraphqlSyntaxException {
        this.source = source;
        next();
    }

    Kind kind() {
        return kind;
    }

    /// The token as it is written.
    String text() {
        return text;
    }

    boolean is(String punctuation) {
        return kind == Kind.PUNCTUATION && text.equals(punctuation);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /// Where the token stands: `line 3, column 7`.
    String place() {
        return place(start);
    }

    GraphqlSyntaxException unexpected(String expected) {
        return new GraphqlSyntaxException(place(), kind == Kind.END ? "the end" : "'" + text + "'", expected);
    }

    /// Goes on to the next token.
    void next() throws GraphqlSyntaxException {
        skip();
        start = at;
        if (at == source.length()) {
            kind = Kind.END;
            text = "";
            return;
        }
        char c = source.charAt(at);
        if (isNameStart(c)) {
            kind = Kind.NAME;
            while (at < source.length() && (isNameStart(source.charAt(at)) || isDigit(source.charAt(at)))) {
                at++;
            }
        } else if (isDigit(c) || c == '-') {
            kind = Kind.NUMBER;
            number();
        } else if (c == '"') {
            kind = Kind.TEXT;
            string();
        } else if (source.startsWith("...", at)) {
            kind = Kind.PUNCTUATION;
            at += 3;
        } else if ("!$&():=@[]{|}".indexOf(c) >= 0) {
            kind = Kind.PUNCTUATION;
            at++;
        } else {
            throw new GraphqlSyntaxException(place(), "'" + c + "'", "GraphQL");
        }
        text = source.substring(start, at);
    }

    private void skip() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                while (at < source.length() && source.charAt(at) != '\n' && source.charAt(at) != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == '\uFEFF') {
                at++;
            } else {
                return;
            }
        }
    }

    private void number() throws GraphqlSyntaxException {
        at++;
        while (at < source.length() && (isDigit(source.charAt(at)) || "+-.eE".indexOf(source.charAt(at)) >= 0)) {
            at++;
        }
        String written = source.substring(start, at);
        boolean followed = at < source.length() && isNameStart(source.charAt(at));
        if (followed || !written.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            throw new GraphqlSyntaxException(place(), "'" + written + "'", "a number");
        }
    }

    private void string() throws GraphqlSyntaxException {
        boolean block = source.startsWith("\"\"\"", at);
        String quotes = block ? "\"\"\"" : "\"";
        at += quotes.length();
        while (!source.startsWith(quotes, at)) {
            boolean ended = at >= source.length() || (!block && "\r\n".indexOf(source.charAt(at)) >= 0);
            if (ended) {
                throw new GraphqlSyntaxException(place(), "a text without end", quotes);
            }
            boolean escaped = block ? source.startsWith("\\\"\"\"", at) : source.charAt(at) == '\\';
            at += !escaped ? 1 : block ? 4 : 2;
        }
        at += quotes.length();
    }

    private String place(int index) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < index; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return "line " + line + ", column " + (index - lineStart + 1);
    }

    private static boolean isNameStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
